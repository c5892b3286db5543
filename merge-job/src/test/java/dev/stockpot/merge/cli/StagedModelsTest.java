package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Slices of vision models that are made of stages, each of a width of its own. */
class StagedModelsTest {
  @TempDir private Path folder;
  private Situation here;

  @BeforeEach
  void makeModels() throws IOException {
    here = new Situation(folder);
    model("a", 0);
    model("b", 100);
  }

  /** A Swin of stages with 1, 2 and 3 blocks; a block's numbers are its stage and place. */
  private void model(String name, int more) throws IOException {
    ModelFolder model =
        here.model(name)
            .file(
                "config.json",
                "{\"model_type\": \"swin\", \"depths\": [1, 2, 3], \"num_layers\": 3,"
                    + " \"num_heads\": [1, 2, 4]}")
            .filled("swin.embeddings.patch_embeddings.weight", more, 2);
    for (int stage = 0; stage < 3; stage++) {
      int width = 2 << stage;
      String prefix = "swin.encoder.layers.%s.".formatted(stage);
      model.filled(prefix + "downsample.weight", more, width, 2L * width);
      for (int block = 0; block <= stage; block++) {
        model.filled(
            prefix + "blocks.%s.w".formatted(block), more + 10 * stage + block, width, width);
      }
    }
    model.write();
  }

  private static String slices(String... sources) {
    StringBuilder text = new StringBuilder("merge_method: passthrough\nslices:\n");
    for (String source : sources) {
      text.append("- sources: [{").append(source).append("}]\n");
    }
    return text.toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ", stack: encoder", ", stack: swin.encoder.layers"})
  void stagesAreNoLayersToStack(String stack) throws IOException {
    String recipe =
        slices("model: a, layer_range: [0, 2]" + stack, "model: b, layer_range: [1, 3]" + stack);

    CommandLineRun run = here.plan(recipe);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains(
            "(swin.encoder.layers.*, 3 layers) are stages of other widths, and no layers; slices"
                + " can be of the blocks of one, `stack: swin.encoder.layers.0.blocks`");
  }

  @Test
  void blocksOfOneStageAreStackedAndCounted() throws IOException {
    String stage = ", stack: swin.encoder.layers.2.blocks";
    here.merge(
            slices(
                "model: a, layer_range: [0, 2]" + stage, "model: b, layer_range: [0, 3]" + stage))
        .succeeds();

    assertThat(here.text("config.json"))
        .isEqualTo(
            "{\"model_type\": \"swin\", \"depths\": [1, 2, 5], \"num_layers\": 3, \"num_heads\":"
                + " [1, 2, 4]}");
    double[] made = new double[5];
    for (int block = 0; block < made.length; block++) {
      made[block] = here.first("swin.encoder.layers.2.blocks.%s.w".formatted(block));
    }
    assertThat(made).containsExactly(20, 21, 120, 121, 122);
    assertThat(here.first("swin.encoder.layers.1.blocks.1.w")).isEqualTo(111);
    assertThat(here.first("swin.embeddings.patch_embeddings.weight")).isEqualTo(0);
  }

  @Test
  void twoStagesAreStackedAtOnce() throws IOException {
    here.merge(
            slices(
                "model: a, layer_range: [0, 2], stack: swin.encoder.layers.1.blocks",
                "model: a, layer_range: [1, 2], stack: swin.encoder.layers.1.blocks",
                "model: a, layer_range: [2, 3], stack: swin.encoder.layers.2.blocks"))
        .succeeds();

    assertThat(here.text("config.json")).contains("\"depths\": [1, 3, 1]");
    assertThat(here.first("swin.encoder.layers.1.blocks.2.w")).isEqualTo(11);
    assertThat(here.first("swin.encoder.layers.2.blocks.0.w")).isEqualTo(22);
    assertThat(here.first("swin.encoder.layers.0.blocks.0.w")).isEqualTo(0);
  }

  @Test
  void stagesOfTwoModelsWhereTheyWereAreAModel() throws IOException {
    here.merge(slices("model: a, layer_range: [0, 2]", "model: b, layer_range: [2, 3]")).succeeds();

    assertThat(here.first("swin.encoder.layers.1.blocks.1.w")).isEqualTo(11);
    assertThat(here.first("swin.encoder.layers.2.blocks.1.w")).isEqualTo(121);
  }

  @Test
  void aStageThatIsNotThereIsNamedBesideThoseThatAre() throws IOException {
    CommandLineRun run =
        here.plan(slices("model: a, layer_range: [0, 1], stack: swin.encoder.layers.7.blocks"));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains(
            "a has no stack `swin.encoder.layers.7.blocks`",
            "stage (swin.encoder.layers.2.blocks.*, 3 layers)");
    CommandLineRun vague = here.plan(slices("model: a, layer_range: [0, 1], stack: stage"));
    assertThat(vague.err())
        .contains("several stacks of that word", "`stack: swin.encoder.layers.0.blocks`");
  }
}
