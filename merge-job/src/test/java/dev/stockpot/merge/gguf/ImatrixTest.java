package dev.stockpot.merge.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.StoredRange;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.MemoryStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** Importance matrices are the diagonals of Gram matrices, under other names. */
class ImatrixTest {
  private static final Location FILE = new Location("/s/imatrix.gguf");

  private final MemoryStore store = new MemoryStore();
  private byte[] bytes = new byte[0];

  private Imatrix open(GgufBytes file) throws IOException {
    bytes = file.bytes();
    store.write(FILE, bytes);
    return Imatrix.open(store, FILE);
  }

  private static GgufBytes imatrix() {
    return new GgufBytes().text("general.type", "imatrix").uint32("imatrix.chunk_count", 2);
  }

  private float[] read(TensorSource source) {
    StoredRange range = source.footprint(ElementSpan.all(source.shape())).ranges().get(0);
    float[] numbers = new float[(int) source.shape().elements()];
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .position((int) range.bytes().begin())
        .slice()
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(numbers);
    return numbers;
  }

  @Test
  void namesSumsAndCountsAsStatisticsAreNamed() throws IOException {
    Imatrix opened =
        open(
            imatrix()
                .floats("blk.3.attn_q.weight.in_sum2", new float[] {1, 4, 9}, 1, 3)
                .floats("blk.3.attn_q.weight.counts", new float[] {7}, 1, 1)
                .floats("output.weight.in_sum2", new float[] {2, 2}, 2)
                .floats("output.weight.counts", new float[] {5}, 1));
    assertThat(opened.model().tensors())
        .containsOnlyKeys(
            "model.layers.3.self_attn.q_proj.gram_diag",
            "model.layers.3.self_attn.q_proj.count",
            "lm_head.gram_diag",
            "lm_head.count");
    TensorSource sums = opened.model().tensors().get("model.layers.3.self_attn.q_proj.gram_diag");
    assertThat(sums.shape()).isEqualTo(Shape.of(3));
    assertThat(sums.dtype()).isEqualTo(DType.F32);
    assertThat(read(sums)).containsExactly(1, 4, 9);
    TensorSource count = opened.model().tensors().get("model.layers.3.self_attn.q_proj.count");
    assertThat(count.shape().elements()).isOne();
    assertThat(read(count)).containsExactly(7);
    assertThat(opened.unnamed()).isEmpty();
    assertThat(opened.unseen()).isEmpty();
  }

  @Test
  void takesExpertsApartAndLeavesOutThoseThatNoTokenCameTo() throws IOException {
    Imatrix opened =
        open(
            imatrix()
                .floats("blk.0.ffn_up_exps.weight.in_sum2", new float[] {1, 2, 0, 0, 5, 6}, 3, 2)
                .floats("blk.0.ffn_up_exps.weight.counts", new float[] {4, 0, 8}, 3, 1));
    String experts = "model.layers.0.mlp.experts.";
    assertThat(read(opened.model().tensors().get(experts + "2.up_proj.gram_diag")))
        .containsExactly(5, 6);
    assertThat(read(opened.model().tensors().get(experts + "2.up_proj.count"))).containsExactly(8);
    assertThat(opened.model().tensors()).hasSize(4);
    assertThat(opened.unseen()).containsExactly(experts + "1.up_proj");
  }

  @Test
  void tellsModulesThatNobodyKnows() throws IOException {
    Imatrix opened =
        open(
            imatrix()
                .floats("blk.0.ffn_down.weight.in_sum2", new float[] {1}, 1)
                .floats("blk.0.ffn_down.weight.counts", new float[] {4}, 1)
                .floats("blk.0.ssm_in.weight.in_sum2", new float[] {1}, 1)
                .floats("blk.0.ssm_in.weight.counts", new float[] {4}, 1));
    assertThat(opened.unnamed()).containsExactly("blk.0.ssm_in.weight");
    assertThat(opened.model().tensors()).hasSize(2);
  }

  @Test
  void refusesSumsThatNothingCounts() {
    assertThatThrownBy(
            () -> open(imatrix().floats("blk.0.ffn_up.weight.in_sum2", new float[] {1}, 1)))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("nothing counts its tokens");
  }

  @Test
  void refusesOneCountForSeveralExperts() {
    assertThatThrownBy(
            () ->
                open(
                    imatrix()
                        .floats("blk.0.ffn_up_exps.weight.in_sum2", new float[4], 2, 2)
                        .floats("blk.0.ffn_up_exps.weight.counts", new float[] {1}, 1)))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("'blk.0.ffn_up_exps.weight.counts' beside it is F32 [1]");
  }

  @Test
  void refusesAModel() {
    assertThatThrownBy(() -> open(GgufBytes.llama(1, 1, 1)))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("it is no importance matrix: general.type is ''");
  }

  @Test
  void refusesAFileWithoutAnyKnownSum() {
    assertThatThrownBy(() -> open(imatrix().floats("x", new float[] {1}, 1)))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("none of its 1 tensors is a sum");
  }
}
