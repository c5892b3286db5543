package dev.stockpot.merge.align;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.run.MergeListener;
import dev.stockpot.merge.run.MergeOptions;
import dev.stockpot.merge.run.MergeOutcome;
import dev.stockpot.merge.run.Merging;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Merges of models that were drawn apart, from matching to the files. */
class AlignedMergeTest {
  private static final MergeOptions SMALL_FILES =
      MergeOptions.DEFAULT.withSettings(Map.of("report", "false", "shard-size", "8192"));

  @TempDir private Path folder;

  private Path recipe(String kind, String how) throws IOException {
    TinyModel.of(kind, 1).write(folder.resolve("one"));
    TinyModel.of(kind, 2).write(folder.resolve("other"));
    return Files.writeString(
        folder.resolve("recipe.yml"),
        """
        merge_method: linear
        models:
          - {model: %s, parameters: {weight: 0.5}}
          - {model: %s, align: {to: %s, %s}, parameters: {weight: 0.5}}
        """
            .formatted(folder.resolve("one"), folder.resolve("other"), folder.resolve("one"), how));
  }

  private Map<String, ByteBuffer> merged(Path recipe, String name, Map<String, String> settings)
      throws IOException {
    Merging.here(recipe, folder.resolve(name), settings);
    return TinyModel.bytes(folder.resolve(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama", "mixtral", "timm_resnet18"})
  void distanceNeverGrowsAndLikenessNeverShrinks(String kind) throws IOException {
    Path recipe = recipe(kind, "residual: fixed");
    MergeOutcome outcome = Merging.here(recipe, folder.resolve("out"), Map.of("report", "false"));
    Map<String, Map<String, Double>> found = outcome.measured().byMeasure();
    found
        .get("distance before alignment")
        .forEach(
            (group, before) -> {
              assertThat(found.get("distance after alignment").get(group))
                  .as(group)
                  .isLessThan(before);
              assertThat(found.get("likeness after alignment").get(group))
                  .as(group)
                  .isGreaterThan(found.get("likeness before alignment").get(group));
            });
    assertThat(found.get("units that moved (share)").values())
        .allSatisfy(share -> assertThat(share).isBetween(0.0, 1.0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"qwen2", "mixtral", "gpt2", "vgg_bn"})
  void plainLoopsAndLanesGiveTheSameBytes(String kind) throws IOException {
    Path recipe = recipe(kind, "residual: fixed");
    Map<String, ByteBuffer> lanes = merged(recipe, "lanes", Map.of("report", "false"));
    Map<String, ByteBuffer> loops =
        merged(recipe, "loops", Map.of("report", "false", "provider", "scalar"));
    assertThat(loops).isEqualTo(lanes);
  }

  @Test
  void theResidualStreamFreeGivesTheSameBytesToo() throws IOException {
    Path recipe = recipe("qwen3", "residual: free");
    Map<String, ByteBuffer> lanes = merged(recipe, "lanes", Map.of("report", "false"));
    Map<String, ByteBuffer> loops =
        merged(recipe, "loops", Map.of("report", "false", "provider", "scalar"));
    assertThat(loops).isEqualTo(lanes);
  }

  @Test
  void theResidualStreamFreeComesNearer() throws IOException {
    double fixed = distance(recipe("llama", "residual: fixed"));
    double free = distance(recipe("llama", "residual: free"));
    assertThat(free).isLessThan(fixed);
  }

  /** Of all that is compared, or would be. */
  private double distance(Path recipe) throws IOException {
    Path alone =
        Files.writeString(
            folder.resolve("alone.yml"),
            Files.readString(recipe)
                .replaceAll("(?m)^ +- \\{model: \\S+one, parameters.*\\n", "")
                .replace(", parameters: {weight: 0.5}", "")
                .replace("linear", "passthrough"));
    Merging.here(alone, folder.resolve("alone"), Map.of("report", "false"));
    Map<String, ByteBuffer> one = TinyModel.bytes(folder.resolve("one"));
    Map<String, ByteBuffer> aligned = TinyModel.bytes(folder.resolve("alone"));
    double squares = 0;
    for (Map.Entry<String, ByteBuffer> tensor : one.entrySet()) {
      ByteBuffer ours = tensor.getValue().order(ByteOrder.LITTLE_ENDIAN);
      ByteBuffer theirs = aligned.get(tensor.getKey()).order(ByteOrder.LITTLE_ENDIAN);
      while (ours.hasRemaining()) {
        double difference = ours.getFloat() - theirs.getFloat();
        squares += difference * difference;
      }
    }
    return squares;
  }

  @ParameterizedTest
  @ValueSource(strings = {"to: %s", "to: %s, heads: turned", "to: mean"})
  void aMergeThatStoppedGoesOnAndGivesTheBytesOfOneThatDidNot(String how) throws IOException {
    Path recipe = recipe("llama", "residual: fixed");
    String one = folder.resolve("one").toString();
    Files.writeString(
        recipe,
        Files.readString(recipe)
            .replace("to: %s, residual: fixed".formatted(one), how.formatted(one)));
    assertThat(recipe).content().contains(how.formatted(one));
    Path stopped = folder.resolve("stopped");
    List<String> finished = new ArrayList<>();
    MergeListener stopping =
        new MergeListener() {
          @Override
          public void shardFinished(String file, long bytes) {
            finished.add(file);
            if (finished.size() == 2) {
              throw new UserException("stopped by the test");
            }
          }
        };
    assertThatThrownBy(() -> Merging.here(recipe, stopped, SMALL_FILES.resuming(), stopping))
        .hasMessageContaining("stopped by the test");
    assertThat(stopped.resolve("model.safetensors.index.json")).doesNotExist();

    List<Integer> kept = new ArrayList<>();
    MergeListener resuming =
        new MergeListener() {
          @Override
          public void resumed(int files, int of, long bytes) {
            kept.add(files);
          }
        };
    Merging.here(recipe, stopped, SMALL_FILES.resuming(), resuming);
    Merging.here(recipe, folder.resolve("whole"), SMALL_FILES, MergeListener.SILENT);
    assertThat(kept).containsExactly(2);
    assertThat(TinyModel.bytes(stopped)).isEqualTo(TinyModel.bytes(folder.resolve("whole")));
  }

  @Test
  void whatDoesNotFitATasksMemoryIsRefusedWithTheSettingsName() throws IOException {
    Model large = new Model(folder);
    Path recipe = large.recipe();
    assertThatThrownBy(
            () ->
                Merging.here(
                    recipe,
                    folder.resolve("out"),
                    Map.of("report", "false", "task-memory", "4 MiB", "chunk-elements", "4096")))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("recipe.yml:4: ")
        .hasMessageContaining("cannot be aligned: matching hidden.0 takes")
        .hasMessageContaining("more than a task's 4194304; raise task-memory");
  }

  /** A network of 800 hidden units, whose likeness alone has 5 MB. */
  private record Model(Path folder) {
    private static final String SHAPES =
        "{}\n0.weight F32 800 3\n0.bias F32 800\n2.weight F32 2 800\n";

    Path recipe() throws IOException {
      TinyModel tiny = TinyModel.of(SHAPES.lines().toList(), 1);
      tiny.write(folder.resolve("one"));
      tiny.write(folder.resolve("other"));
      return Files.writeString(
          folder.resolve("recipe.yml"),
          """
          merge_method: passthrough
          models:
            - model: %s
              align: {to: %s}
          """
              .formatted(folder.resolve("other"), folder.resolve("one")));
    }
  }

  @Test
  void expertsAndTheResidualStreamCannotBothMove() throws IOException {
    Path recipe = recipe("mixtral", "residual: free");
    assertThatThrownBy(() -> merged(recipe, "out", Map.of()))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("write `experts: fixed` beside it");
    Path both = recipe("mixtral", "residual: free, experts: fixed");
    assertThat(merged(both, "out", Map.of("report", "false"))).isNotEmpty();
  }
}
