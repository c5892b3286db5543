package dev.stockpot.merge.recipe;

import static dev.stockpot.merge.recipe.Recipes.assertProblems;
import static dev.stockpot.merge.recipe.Recipes.parse;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Weights of the blocks of a Stable Diffusion, in one line. */
class RecipeBlockWeightsTest extends RecipeParameterCases {
  private static String numbers(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "0." + (10 + i))
        .collect(Collectors.joining(","));
  }

  private static Object at(String tensor, int count) {
    Recipe recipe = parse(ties("lambda: {blocks: [%s], value: 7}".formatted(numbers(count))));
    return new ParameterLookup(recipe)
        .mergeValues(recipe.slices().get(0), tensor, 0)
        .values()
        .values()
        .get("lambda");
  }

  @ParameterizedTest
  @CsvSource({
    "model.diffusion_model.input_blocks.0.0.weight, 0.10",
    "model.diffusion_model.input_blocks.1.0.in_layers.0.weight, 0.11",
    "model.diffusion_model.input_blocks.11.0.in_layers.0.weight, 0.21",
    "model.diffusion_model.middle_block.1.norm.weight, 0.22",
    "model.diffusion_model.output_blocks.0.0.weight, 0.23",
    "model.diffusion_model.output_blocks.1.0.weight, 0.24",
    "model.diffusion_model.output_blocks.11.1.weight, 0.34",
    "model.diffusion_model.time_embed.0.weight, 7",
    "cond_stage_model.transformer.text_model.final_layer_norm.weight, 7",
    "first_stage_model.decoder.conv_in.weight, 7"
  })
  void twentyFiveNumbersAreOfStableDiffusion(String tensor, double value) {
    assertThat(at(tensor, 25)).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource({
    "model.diffusion_model.input_blocks.8.0.weight, 0.18",
    "model.diffusion_model.middle_block.0.weight, 0.19",
    "model.diffusion_model.output_blocks.0.0.weight, 0.20",
    "model.diffusion_model.output_blocks.8.0.weight, 0.28",
    "model.diffusion_model.out.0.weight, 7"
  })
  void nineteenAreOfSdxl(String tensor, double value) {
    assertThat(at(tensor, 19)).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource({"1", "18", "24", "26"})
  void otherCountsFitNoNetwork(int count) {
    assertProblems(
        ties("lambda: {blocks: [%s], value: 0}".formatted(numbers(count))),
        "recipe.yml:8: `blocks` has %s values, and must be a list of 25 numbers (IN00 to IN11, M00,"
                .formatted(count)
            + " OUT00 to OUT11), or for SDXL of 19 (IN00 to IN08, M00, OUT00 to OUT08)");
  }

  @Test
  void whatLiesInNoBlockNeedsAValue() {
    String problem =
        "recipe.yml:8: `blocks` of 25 numbers needs `value` beside it, and nothing else: what"
            + " counts for text encoder, decoder and time embedding, 0 for those of the base";
    assertProblems(ties("lambda: {blocks: [%s]}".formatted(numbers(25))), problem);
    assertProblems(
        ties("lambda: {blocks: [%s], value: 1, filter: a}".formatted(numbers(25))), problem);
  }

  @Test
  void everyNumberIsLookedAt() {
    assertProblems(
        ties("lambda: {blocks: [%s, heavy], value: 0}".formatted(numbers(24))),
        "recipe.yml:8: `lambda` of output_blocks.11. is heavy, must be a number");
  }
}
