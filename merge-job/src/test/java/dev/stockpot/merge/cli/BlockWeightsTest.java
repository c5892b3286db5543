package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Single files of Stable Diffusion merge with a weight for each block of the network. */
class BlockWeightsTest {
  private static final String UNET = "model.diffusion_model.";

  @TempDir private Path folder;

  private void write(String name, float value) throws IOException {
    ModelFolder model = ModelFolder.at(folder);
    for (String tensor :
        new String[] {
          UNET + "input_blocks.1.0.in_layers.0.weight",
          UNET + "input_blocks.11.0.in_layers.0.weight",
          UNET + "middle_block.1.norm.weight",
          UNET + "output_blocks.3.0.in_layers.0.weight",
          UNET + "time_embed.0.weight",
          "first_stage_model.decoder.conv_in.weight",
          "cond_stage_model.transformer.text_model.final_layer_norm.weight"
        }) {
      model.filled(tensor, value, 4);
    }
    model.write(name + ".safetensors");
  }

  @Test
  void twentyFiveNumbersAreAWeightForEachBlock() throws IOException {
    write("a", 0);
    write("b", 1);
    Path recipe = folder.resolve("recipe.yml");
    Files.writeString(
        recipe,
        """
        merge_method: task_arithmetic
        base_model: DIR/a.safetensors
        models:
          - model: DIR/b.safetensors
            parameters:
              weight:
                blocks: [0, 0.25, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.5, 0.75, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]
                value: 0.125
        """
            .replace("DIR", folder.toString()));
    CommandLineRun.of("merge", recipe, folder.resolve("out"), "--set", "report=false").succeeds();
    Tensors merged = new Tensors(folder.resolve("out"));
    assertThat(merged.values(UNET + "input_blocks.1.0.in_layers.0.weight")).containsOnly(0.25);
    assertThat(merged.values(UNET + "input_blocks.11.0.in_layers.0.weight")).containsOnly(0.5);
    assertThat(merged.values(UNET + "middle_block.1.norm.weight")).containsOnly(0.75);
    assertThat(merged.values(UNET + "output_blocks.3.0.in_layers.0.weight")).containsOnly(1);
    assertThat(merged.values(UNET + "time_embed.0.weight")).containsOnly(0.125);
  }

  @Test
  void eachBlockHasItsWeight() throws IOException {
    write("a", 0);
    write("b", 1);
    Path recipe = folder.resolve("recipe.yml");
    Files.writeString(
        recipe,
        """
        merge_method: task_arithmetic
        base_model: DIR/a.safetensors
        models:
          - model: DIR/b.safetensors
            parameters:
              weight:
                - {filter: input_blocks.1., value: 0.25}
                - {filter: input_blocks.11., value: 0.5}
                - {filter: middle_block., value: 0.75}
                - {filter: output_blocks.3., value: 1}
                - {value: 0}
        """
            .replace("DIR", folder.toString()));
    CommandLineRun.of("merge", recipe, folder.resolve("out"), "--set", "report=false").succeeds();
    Tensors merged = new Tensors(folder.resolve("out"));
    assertThat(merged.values(UNET + "input_blocks.1.0.in_layers.0.weight")).containsOnly(0.25);
    assertThat(merged.values(UNET + "input_blocks.11.0.in_layers.0.weight")).containsOnly(0.5);
    assertThat(merged.values(UNET + "middle_block.1.norm.weight")).containsOnly(0.75);
    assertThat(merged.values(UNET + "output_blocks.3.0.in_layers.0.weight")).containsOnly(1);
    assertThat(merged.values(UNET + "time_embed.0.weight")).containsOnly(0);
    assertThat(merged.values("first_stage_model.decoder.conv_in.weight")).containsOnly(0);
  }
}
