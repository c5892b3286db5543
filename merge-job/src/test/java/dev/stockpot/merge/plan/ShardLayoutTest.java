package dev.stockpot.merge.plan;

import static dev.stockpot.merge.plan.Planning.MIB;
import static dev.stockpot.merge.plan.Planning.linear;
import static dev.stockpot.merge.plan.Planning.tensor;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.recipe.MissingTensors;
import dev.stockpot.merge.safetensors.SafetensorsLayout;
import dev.stockpot.merge.storage.ByteRange;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How tensors are laid out in shards, and shards cut into parts. */
class ShardLayoutTest {
  private static final String SLERP =
      """
      merge_method: slerp
      base_model: a
      parameters: {t: 0.5}
      models:
        - model: a
        - model: b
      """;

  private static PlanSettings settings(long shard, long part, long task) {
    return new PlanSettings(shard, part, task, MissingTensors.FAIL, SafetensorsLayout.CHECKPOINT);
  }

  private static MergePlan plan(ModelHeaders model, PlanSettings settings) {
    return Planning.of(linear("a"), model).with(settings).plan();
  }

  private static List<PartTask> partsInOrder(MergePlan plan, int shard) {
    return plan.parts().stream()
        .filter(part -> part.shard() == shard)
        .sorted(Comparator.comparingInt(PartTask::number))
        .toList();
  }

  private static List<String> files(MergePlan plan) {
    return plan.shards().stream().map(OutputShard::file).toList();
  }

  private static int count(MergePlan plan, int shard) {
    return plan.shards().get(shard).tensors().size();
  }

  @Test
  void givesAnOnlyShardTheNameThatLoadersExpect() {
    assertThat(files(plan(ModelHeaders.llama("a", 2), settings(1 << 20, MIB, MIB))))
        .containsExactly("model.safetensors");
  }

  @ParameterizedTest
  @CsvSource({"48, 1", "47, 2", "32, 2", "31, 3", "16, 3", "1, 3"})
  void beginsAShardWhereTheNextTensorWouldNotFit(long shardBytes, int shards) {
    ModelHeaders model =
        ModelHeaders.named("a").tensor("x", 8).tensor("y", 8).tensor("z", 8); // 16 bytes each
    assertThat(plan(model, settings(shardBytes, MIB, MIB)).shards()).hasSize(shards);
  }

  @Test
  void laysTensorsOutAsTheyLieInTheFirstInputSoThatItIsReadFromFrontToBack() {
    ModelHeaders model =
        ModelHeaders.named("a").tensor("h.10.x", 8).tensor("h.2.x", 8).tensor("h.1.x", 8);
    MergePlan plan = plan(model, settings(32, MIB, MIB));
    assertThat(files(plan))
        .containsExactly("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors");
    assertThat(Planning.names(plan)).containsExactly("h.10.x", "h.2.x", "h.1.x");
    assertThat(count(plan, 0)).isEqualTo(2);
  }

  @Test
  void takesTheFilesOfTheInputsInNaturalOrder() {
    String stacked =
        """
        merge_method: passthrough
        slices:
          - sources: [{model: m-10, layer_range: [0, 1]}]
          - sources: [{model: m-2, layer_range: [1, 2]}]
          - sources: [{model: m-2, layer_range: [0, 1]}]
        """;
    MergePlan plan =
        Planning.of(stacked, ModelHeaders.llama("m-10", 2), ModelHeaders.llama("m-2", 2)).plan();
    assertThat(Planning.names(plan).stream().filter(name -> name.endsWith("up_proj.weight")))
        .containsExactly(
            "model.layers.2.mlp.up_proj.weight",
            "model.layers.1.mlp.up_proj.weight",
            "model.layers.0.mlp.up_proj.weight");
  }

  @Test
  void ordersEmptyTensorsAndThoseMadeOfTheSameInputByTheirNames() {
    ModelHeaders model =
        ModelHeaders.named("a").tensor("h.10.x", 0).tensor("h.2.x", 0).tensor("h.1.x", 0);
    assertThat(Planning.names(plan(model, settings(32, MIB, MIB))))
        .containsExactly("h.1.x", "h.2.x", "h.10.x");
  }

  @Test
  void givesATensorLargerThanAShardOneOfItsOwn() {
    ModelHeaders model =
        ModelHeaders.named("a").tensor("a", 8).tensor("b", 800).tensor("c", 8).tensor("d", 8);
    MergePlan plan = plan(model, settings(100, MIB, MIB));
    assertThat(plan.shards()).hasSize(3);
    assertThat(count(plan, 1)).isEqualTo(1);
    assertThat(count(plan, 2)).isEqualTo(2);
  }

  @Test
  void knowsTheSizeOfAShardAndThePlaceOfEachTensorBeforehand() {
    ModelHeaders model = ModelHeaders.named("a").tensor("x", 3).tensor("y", DType.F32, 5);
    MergePlan plan = plan(model, settings(100, MIB, MIB));
    List<OutputTensor> header = List.of(tensor(plan, "x").output(), tensor(plan, "y").output());
    long begin = SafetensorsLayout.CHECKPOINT.header(header).remaining();
    OutputShard shard = plan.shards().get(0);
    assertThat(shard.tensors().get(0).bytes()).isEqualTo(new ByteRange(begin, begin + 6));
    assertThat(shard.tensors().get(1).bytes()).isEqualTo(new ByteRange(begin + 6, begin + 26));
    assertThat(shard.size()).isEqualTo(begin + 26);
    assertThat(plan.bytesWritten()).isEqualTo(begin + 26);
    assertThat(plan.bytesRead()).isEqualTo(26);
  }

  /** Tensors of all sizes and types, some empty, some larger than any part. */
  private static ModelHeaders mixture(Random random) {
    ModelHeaders model = ModelHeaders.named("a");
    DType[] types = {DType.BF16, DType.F32, DType.F64, DType.I64, DType.U8};
    for (int i = 0; i < 60; i++) {
      long elements =
          switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> 1 + random.nextInt(100);
            case 2 -> random.nextInt(2_000_000);
            default -> random.nextInt(9_000_000);
          };
      model.tensor("t." + i, types[random.nextInt(types.length)], elements);
    }
    return model;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 1000, 3 * MIB, 64 * MIB, 1000 * MIB})
  void cutsEveryByteOfEveryShardIntoExactlyOnePart(long partBytes) {
    MergePlan plan = plan(mixture(new Random(partBytes)), settings(200 * MIB, partBytes, MIB));
    for (int i = 0; i < plan.shards().size(); i++) {
      OutputShard shard = plan.shards().get(i);
      long end = 0;
      int number = 0;
      List<PartTask> parts = partsInOrder(plan, i);
      for (PartTask part : parts) {
        assertThat(part.range().begin()).isEqualTo(end);
        assertThat(part.number()).isEqualTo(++number);
        assertThat(part.header().isEmpty()).isEqualTo(number > 1);
        long bytes = part.front().map(ByteBuffer::remaining).orElse(0);
        bytes += part.slices().stream().mapToLong(slice -> slice.bytes().length()).sum();
        assertThat(part.range().length()).isEqualTo(bytes);
        assertThat(number == parts.size() || bytes >= partBytes).as("%s is small", part).isTrue();
        end = part.range().end();
      }
      assertThat(end).isEqualTo(shard.size());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 3 * MIB, 64 * MIB})
  void cutsEachTensorInOrderBetweenBlocksOfReductions(long partBytes) {
    MergePlan plan = plan(mixture(new Random(partBytes)), settings(200 * MIB, partBytes, MIB));
    for (int i = 0; i < plan.shards().size(); i++) {
      List<SliceTask> slices =
          partsInOrder(plan, i).stream().flatMap(part -> part.slices().stream()).toList();
      int at = 0;
      for (OutputShard.Placed placed : plan.shards().get(i).tensors()) {
        long end = 0;
        do {
          SliceTask slice = slices.get(at++);
          assertThat(slice.work()).isSameAs(placed.tensor().work());
          assertThat(slice.bytes().begin()).isEqualTo(end);
          assertThat(slice.firstElement() % Block.REDUCTION_ELEMENTS).isZero();
          end = slice.bytes().end();
        } while (end < placed.bytes().length());
      }
      assertThat(at).isEqualTo(slices.size());
    }
  }

  @Test
  void givesAnEmptyTensorAPlace() {
    ModelHeaders model = ModelHeaders.named("a").tensor("a", 4).tensor("b", 0, 7).tensor("c", 4);
    MergePlan plan = plan(model, settings(100, 1, MIB));
    List<OutputShard.Placed> placed = plan.shards().get(0).tensors();
    assertThat(placed.get(1).bytes().length()).isZero();
    assertThat(placed.get(2).bytes().begin()).isEqualTo(placed.get(1).bytes().begin());
  }

  @Test
  void gathersSmallTensorsInOnePart() {
    assertThat(plan(ModelHeaders.llama("a", 40), settings(MIB, MIB, MIB)).parts()).hasSize(1);
  }

  private static MergePlan slerp(PlanSettings settings, long... shape) {
    ModelHeaders a = ModelHeaders.named("a").tensor("large", shape).tensor("small", 4);
    ModelHeaders b = ModelHeaders.named("b").tensor("large", shape).tensor("small", 4);
    return Planning.of(SLERP, a, b).with(settings).plan();
  }

  @Test
  void keepsATensorWholeWhoseStatisticIsWantedIfATaskCanHoldIt() {
    MergePlan plan = slerp(settings(1000 * MIB, MIB, 18 * MIB), 3, MIB); // 6 MiB, three times
    assertThat(plan.scans()).isEmpty();
    assertThat(plan.parts().stream().flatMap(part -> part.slices().stream()))
        .extracting(slice -> slice.bytes().length())
        .containsExactly(6 * MIB, 8L);
  }

  @Test
  void cutsATensorWhoseStatisticIsWantedAndScansItFirstIfNoTaskCanHoldIt() {
    MergePlan plan = slerp(settings(1000 * MIB, MIB, 18 * MIB - 1), 3, MIB);
    assertThat(plan.scans()).hasSize(1);
    assertThat(plan.scans().get(0).work().name()).isEqualTo("large");
    assertThat(plan.scans().get(0).slices())
        .extracting(SliceTask::bytes)
        .containsExactly(
            new ByteRange(0, 2 * MIB),
            new ByteRange(2 * MIB, 4 * MIB),
            new ByteRange(4 * MIB, 6 * MIB));
    assertThat(partsInOrder(plan, 0).get(1).slices())
        .containsExactly(plan.scans().get(0).slices().get(1));
  }

  @Test
  void scansATensorThatNoSingleBufferCanHold() {
    MergePlan plan = slerp(settings(1L << 40, 64 * MIB, 1L << 40), 1 << 15, 1 << 15); // 2 GiB
    assertThat(plan.scans()).hasSize(1);
  }

  @Test
  void scansNothingForAMethodThatNeedsNoStatistic() {
    ModelHeaders model = ModelHeaders.named("a").tensor("large", 30, MIB);
    assertThat(plan(model, settings(1000 * MIB, MIB, MIB)).scans()).isEmpty();
  }

  @Test
  void startsWithThePartThatReadsMost() {
    ModelHeaders model =
        ModelHeaders.named("a").tensor("a", MIB).tensor("b", 3, MIB).tensor("c", 2, MIB);
    MergePlan plan = plan(model, settings(2 * MIB, 64 * MIB, MIB));
    assertThat(plan.parts()).extracting(PartTask::shard).containsExactly(1, 2, 0);
  }

  @Test
  void tellsTheTasksOfALargeTensorWhatItsScanFound() {
    MergePlan plan = slerp(settings(1000 * MIB, MIB, 18 * MIB - 1), 3, MIB);
    TensorWork known =
        tensor(
                Planning.of(linear("a"), ModelHeaders.named("a").tensor("large", 3, MIB)).plan(),
                "large")
            .work();
    MergePlan refined = plan.knowing(List.of(known));
    assertThat(refined.scans().get(0).work()).isSameAs(known);
    assertThat(refined.parts().stream().flatMap(part -> part.slices().stream()))
        .filteredOn(slice -> slice.work().name().equals("large"))
        .hasSize(3)
        .allMatch(slice -> slice.work() == known);
    assertThat(refined.parts())
        .extracting(PartTask::range)
        .isEqualTo(plan.parts().stream().map(PartTask::range).toList());
  }
}
