package dev.stockpot.merge.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.FailureKind;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.checkpoint.Checkpoint;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.local.LocalStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImatrixTest {
  private static final LocalStore STORE = new LocalStore();

  @TempDir private Path folder;

  private Location file(byte... bytes) throws IOException {
    return new Location(Files.write(folder.resolve("imatrix.gguf"), bytes).toString());
  }

  private Checkpoint open(GgufFile gguf) throws IOException {
    return Imatrix.open(STORE, file(gguf.bytes()));
  }

  private void refused(byte[] bytes, String message) throws IOException {
    Location file = file(bytes);
    assertThatThrownBy(() -> Imatrix.open(STORE, file))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(message)
        .returns(FailureKind.MODEL, thrown -> ((UserException) thrown).kind());
  }

  @Test
  void sumsOfSquaresAreDiagonalsByOurNames() throws IOException {
    Checkpoint opened =
        open(
            GgufFile.imatrix()
                .squares("blk.7.attn_q.weight", 512, 1, 2, 3)
                .squares("blk.11.ffn_down.weight", 256, 4, 5)
                .squares("output.weight", 8, 6));

    assertThat(opened.tensors().keySet())
        .containsExactlyInAnyOrder(
            "model.layers.7.self_attn.q_proj.gram_diag",
            "model.layers.7.self_attn.q_proj.count",
            "model.layers.11.mlp.down_proj.gram_diag",
            "model.layers.11.mlp.down_proj.count",
            "lm_head.gram_diag",
            "lm_head.count");
    TensorInfo diagonal = opened.tensors().get("model.layers.11.mlp.down_proj.gram_diag");
    assertThat(diagonal.shape()).isEqualTo(Shape.of(2));
    ByteBuffer stored =
        ByteBuffer.wrap(Files.readAllBytes(folder.resolve("imatrix.gguf")))
            .order(ByteOrder.LITTLE_ENDIAN);
    assertThat(stored.getFloat((int) diagonal.bytes().begin())).isEqualTo(4);
    assertThat(stored.getFloat((int) diagonal.bytes().begin() + 4)).isEqualTo(5);
    assertThat(opened.surroundings().remarks()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "attn_q, self_attn.q_proj",
    "attn_k, self_attn.k_proj",
    "attn_v, self_attn.v_proj",
    "attn_output, self_attn.o_proj",
    "ffn_gate, mlp.gate_proj",
    "ffn_up, mlp.up_proj",
    "ffn_down, mlp.down_proj",
  })
  void knowsTheModulesOfLlamas(String theirs, String ours) {
    assertThat(ImatrixNames.module("blk.3.%s.weight".formatted(theirs)))
        .hasValue("model.layers.3." + ours);
  }

  @Test
  void whatHasOtherNamesOrIsOfExpertsIsLeftAndTold() throws IOException {
    Checkpoint opened =
        open(
            GgufFile.imatrix()
                .squares("blk.0.attn_q.weight", 512, 1, 2)
                .squares("blk.0.ssm_in.weight", 512, 1, 2)
                .tensor("blk.0.ffn_up.weight.counts", new long[] {1, 2}, 3, 0)
                .tensor("blk.0.ffn_up.weight.in_sum2", new long[] {2, 2}, 1, 2, 3, 4));

    assertThat(opened.tensors()).hasSize(2);
    assertThat(opened.surroundings().remarks().get(0))
        .startsWith("of 2 tensors nothing is taken")
        .contains("blk.0.ssm_in.weight, blk.0.ffn_up.weight");
  }

  @Test
  void tensorsBeginWhereTheFileSaysThatTheyAreAligned() throws IOException {
    Checkpoint opened =
        open(GgufFile.imatrix().alignedTo(256).squares("blk.0.attn_q.weight", 512, 7, 8));
    TensorInfo diagonal = opened.tensors().get("model.layers.0.self_attn.q_proj.gram_diag");
    ByteBuffer stored =
        ByteBuffer.wrap(Files.readAllBytes(folder.resolve("imatrix.gguf")))
            .order(ByteOrder.LITTLE_ENDIAN);

    assertThat(diagonal.bytes().begin() % 256).isZero();
    assertThat(stored.getFloat((int) diagonal.bytes().begin())).isEqualTo(7);
    refused(GgufFile.imatrix().text("general.alignment", "x").bytes(), "no number above 0");
  }

  @Test
  void notesSayThatTheyAreSums() throws IOException {
    Location file = file(GgufFile.imatrix().squares("output.weight", 1, 1).bytes());
    assertThat(Imatrix.notes(STORE, STORE.find(file).orElseThrow()))
        .containsEntry("kind", "gram_diag")
        .containsEntry("normalised", "sum")
        .containsEntry("dataset_note", "wiki.txt");
  }

  @Test
  void aModelIsNoImportanceMatrix() throws IOException {
    refused(
        new GgufFile().text("general.architecture", "llama").bytes(),
        "it holds a model, not an importance matrix");
  }

  @Test
  void namesThatNobodyKnowsAreRefused() throws IOException {
    refused(
        GgufFile.imatrix().squares("encoder.0.weight", 1, 1).bytes(),
        "nothing of modules whose names are known");
  }

  @Test
  void anOlderFileSaysHowItIsConverted() throws IOException {
    refused(new byte[] {3, 0, 0, 0, 4, 0, 0, 0, 'b', 'l', 'k', '.'}, "llama-imatrix --in-file OLD");
  }

  @Test
  void versionsThatNobodyKnowsAreRefused() throws IOException {
    refused(GgufFile.imatrix().version(9).bytes(), "it is GGUF of version 9, must be 2 or 3");
  }

  @Test
  void everyFileThatEndsTooEarlyIsRefused() throws IOException {
    byte[] whole = GgufFile.imatrix().squares("blk.0.attn_q.weight", 512, 1, 2).bytes();
    for (int length = 0; length < whole.length - 31; length += 5) {
      Location file = file(Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> Imatrix.open(STORE, file))
          .as("%s bytes", length)
          .isInstanceOf(UserException.class);
    }
  }

  @Test
  void numbersOfThingsAreLimitedBeforeTheyAreRead() throws IOException {
    byte[] many = GgufFile.imatrix().bytes();
    ByteBuffer.wrap(many).order(ByteOrder.LITTLE_ENDIAN).putLong(8, -1L);
    refused(many, "there are 18446744073709551615 tensors, at most 1048576");

    byte[] far = GgufFile.imatrix().squares("output.weight", 1, 1).bytes();
    byte[] name = "output.weight.in_sum2".getBytes(StandardCharsets.US_ASCII);
    int at = indexOf(far, name) + name.length + 4 + 16 + 4;
    ByteBuffer.wrap(far).order(ByteOrder.LITTLE_ENDIAN).putLong(at, Long.MAX_VALUE - 7);
    refused(far, "does not lie in the file's");
  }

  private static int indexOf(byte[] all, byte... part) {
    for (int i = 0; i < all.length - part.length; i++) {
      if (Arrays.equals(all, i, i + part.length, part, 0, part.length)) {
        return i;
      }
    }
    throw new AssertionError("not there");
  }
}
