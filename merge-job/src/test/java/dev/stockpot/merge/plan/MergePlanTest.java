package dev.stockpot.merge.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.methods.WeightedSum;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.output.OutputFolder;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.Location;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Plans of merges that make a file beside their shards. */
class MergePlanTest {
  private static final OutputFolder FOLDER =
      Planning.of(Planning.linear("a"), ModelHeaders.named("a").tensor("x", 4)).plan().output();

  private static PlanSettings settings(long shard, long part) {
    return Works.settings(shard, part, 1 << 30);
  }

  /** Tensors of BF16; of those that are named in capitals there is a total in F64 beside. */
  private static MergePlan plan(PlanSettings settings, long elements, String... names) {
    ModelHeaders headers = ModelHeaders.named("a");
    for (String name : names) {
      headers.tensor(name, elements);
    }
    List<PlannedTensor> tensors = new ArrayList<>();
    for (String name : names) {
      TensorSource source = headers.open().tensors().get(name);
      boolean hasSide = name.equals(name.toUpperCase(Locale.ROOT));
      Blockwise alone = Works.sum(DType.BF16, source);
      Blockwise named =
          new Blockwise(
              new OutputTensor(name, DType.BF16, Shape.of(elements)),
              alone.models(),
              alone.program(),
              alone.rounding(),
              alone.origin(),
              new Blockwise.Sides(
                  List.of(), hasSide ? List.of(Works.side("total", DType.F64)) : List.of()));
      tensors.add(PlannedTensor.of(named));
    }
    ShardLayout layout = new ShardLayout(tensors, settings);
    return PlannedTensor.plan(tensors, settings, FOLDER, List.of()).cut(layout);
  }

  private static List<String> files(MergePlan plan) {
    return plan.files().stream().map(OutputShard::file).toList();
  }

  @Test
  void aFileLiesBesideEachShardThatHasAnyOfIt() {
    MergePlan plan = plan(settings(16, 1), 8, "A", "b", "C");

    assertThat(files(plan))
        .containsExactly(
            "model-00001-of-00003.safetensors",
            "model-00002-of-00003.safetensors",
            "model-00003-of-00003.safetensors",
            "state/total/model-00001-of-00002.safetensors",
            "state/total/model-00002-of-00002.safetensors");
    assertThat(plan.files().get(4).tensors().get(0).tensor().output())
        .isEqualTo(new OutputTensor("C", DType.F64, Shape.of(8)));
    assertThat(plan.files().get(4).key("C")).isEqualTo("state/total/C");
    assertThat(plan.tensors()).isEqualTo(3);
    assertThat(plan.bytesWritten())
        .isEqualTo(plan.files().stream().mapToLong(OutputShard::size).sum())
        .isGreaterThan(plan.shards().stream().mapToLong(OutputShard::size).sum());
  }

  @Test
  void partsFillBothFilesWithoutAGap() {
    MergePlan plan = plan(settings(1L << 40, 3 << 20), 5 << 20, "A", "b", "C");

    for (int file = 0; file < plan.files().size(); file++) {
      long end = 0;
      int number = 0;
      for (PartFile part : filled(plan, file)) {
        assertThat(part.number()).isEqualTo(++number);
        assertThat(part.range().begin()).isEqualTo(end);
        assertThat(part.front().isPresent()).isEqualTo(number == 1);
        end = part.range().end();
      }
      assertThat(end).isEqualTo(plan.files().get(file).size());
      assertThat(number).isGreaterThan(1);
    }
    assertThat(plan.parts()) // also of what has nothing beside it
        .allMatch(part -> part.range().length() < (3 + 4) << 20);
  }

  private static List<PartFile> filled(MergePlan plan, int file) {
    return plan.parts().stream()
        .flatMap(part -> part.files().stream())
        .filter(part -> part.shard() == file)
        .sorted(Comparator.comparingInt(PartFile::number))
        .toList();
  }

  @Test
  void tensorsBesideLieBehindTheHeaderOfTheirFile() {
    MergePlan plan = plan(settings(1L << 40, 1 << 20), 8, "A", "b", "C");
    OutputShard beside = plan.files().get(1);
    long begin = filled(plan, 1).get(0).front().map(ByteBuffer::remaining).orElseThrow();

    assertThat(beside.tensors())
        .extracting(OutputShard.Placed::bytes)
        .containsExactly(new ByteRange(begin, begin + 64), new ByteRange(begin + 64, begin + 128));
    assertThat(beside.size()).isEqualTo(begin + 128);
  }

  @Test
  void aLaterStageFindsACheckpointBesideByItsName() {
    MergePlan plan = plan(settings(16, 1), 8, "A", "b", "C");
    StageModel stage = new StageModel("s", new WeightedSum(), plan, ModelHeaders.named("a").open());
    Model state = stage.state(new Location("/out"), "total").orElseThrow();

    assertThat(state.tensors().keySet()).containsExactly("A", "C");
    assertThat(state.tensors().get("C").dtype()).isEqualTo(DType.F64);
    assertThat(state.tensors().get("C").place(0).origin())
        .isEqualTo("/out/state/total/model-00002-of-00002.safetensors");
    assertThat(state.tensors().get("C").footprint(new ElementSpan(0, 8)).ranges().get(0).bytes())
        .isEqualTo(plan.files().get(4).tensors().get(0).bytes());
    assertThat(state.configText()).isEmpty();
    assertThat(stage.state(new Location("/out"), "count")).isEmpty();
  }

  @Test
  void whatIsKeptIsKeptWithAllThatItsPartsFill() {
    MergePlan plan = plan(settings(16, 1), 8, "A", "b", "C"); // with files 3 and 4

    assertThat(plan.whole(Set.of(0, 1, 3))).containsExactly(0, 1, 3);
    assertThat(plan.whole(Set.of(0, 1, 2, 3))).containsExactly(0, 1, 3);
    assertThat(plan.whole(Set.of(0, 4))).isEmpty();
    assertThat(plan.whole(Set.of())).isEmpty();
  }

  @Test
  void finishedFilesBesideTakeTheirShardsAlong() {
    MergePlan rest = plan(settings(16, 1), 8, "A", "b", "C").without(Set.of(0, 3));

    assertThat(rest.parts()).extracting(PartTask::shard).containsOnly(1, 2);
    assertThat(rest.files()).hasSize(5);
  }

  @Test
  void readsOtherStatisticsInFrontOfItsOwnAndEachOnce() {
    MergePlan plan = plan(settings(16, 1), 8, "A");
    Statistics fisher = new Statistics("fisher", ModelHeaders.named("f").open());
    Statistics gram = new Statistics("gram", ModelHeaders.named("g").open());

    MergePlan one = plan.reading(List.of(gram));
    assertThat(plan.reading(List.of())).isSameAs(plan);
    assertThat(one.reading(List.of(fisher)).statistics()).containsExactly(fisher, gram);
    assertThat(one.reading(List.of(gram, fisher)).statistics()).containsExactly(gram, fisher);
    assertThat(one.sideFolders()).isEqualTo(plan.sideFolders());
  }

  @Test
  void noticesFollowThoseThatAreThere() {
    MergePlan plan = plan(settings(16, 1), 8, "A").telling(List.of("first"));

    assertThat(plan.telling(List.of("second", "third")).notices())
        .containsExactly("first", "second", "third");
  }

  @Test
  void partsOfOneSizeAreInTheOrderOfShardsAndNumbers() {
    MergePlan plan = plan(settings(2 << 20, 1), 1 << 20, "a", "b", "c");
    List<PartTask> shuffled = List.of(part(plan, 2), part(plan, 0), part(plan, 1));

    assertThat(PartOrder.largestFirst(shuffled))
        .extracting(PartTask::shard)
        .containsExactly(0, 1, 2);
  }

  private static PartTask part(MergePlan plan, int shard) {
    return plan.parts().stream().filter(part -> part.shard() == shard).findFirst().orElseThrow();
  }

  @Test
  void keysTellTensorsOfTwoFoldersApart() {
    assertThat(OutputShard.key("model.safetensors", "x")).isEqualTo("x");
    assertThat(OutputShard.key("state/m/model.safetensors", "x")).isEqualTo("state/m/x");
    assertThat(OutputShard.key("unet/model.safetensors", "unet/x")).isEqualTo("unet/x");
  }

  @Test
  void refusesSizesOfNoBytes() {
    assertThatThrownBy(() -> settings(0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("shards of 0, parts of 1, tasks of 1073741824 bytes");
    assertThatThrownBy(() -> settings(5, 0)).hasMessageContaining("parts of 0");
    PlanSettings fine = settings(5, 6);
    assertThatThrownBy(() -> fine.withHeavyParts(0)).isInstanceOf(IllegalArgumentException.class);
    assertThat(fine.withHeavyParts(3).heavyPartBytes()).isEqualTo(3);
    assertThat(fine.heavyPartBytes()).isEqualTo(6);
    assertThat(fine.inOneFile(fine.layout()).shardBytes()).isEqualTo(Long.MAX_VALUE);
  }
}
