package dev.stockpot.merge.recipe;

import static dev.stockpot.merge.recipe.Recipes.assertProblems;
import static dev.stockpot.merge.recipe.Recipes.parse;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.recipe.MixtureChoice.Gates;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How routers of a mixture are made, and prompts that tell experts apart. */
class RecipeGatesTest {
  /** Two experts in lines 3 and 4, a mode in line 1, and more lines from the fifth. */
  private static String mixture(String mode, String first, String second, String more) {
    return """
    {base_model: b, gate_mode: %s,
    experts: [
    {source_model: x%s},
    {source_model: y%s}]
    %s}
    """
        .formatted(mode, first, second, more.isEmpty() ? "" : ", " + more);
  }

  private static Gates gates(String mode, String more) {
    String prompts = mode.equals("cheap_embed") ? ", positive_prompts: [%s]" : "%.0s";
    return parse(mixture(mode, prompts.formatted("p"), prompts.formatted("q"), more))
        .mixture()
        .orElseThrow()
        .gates();
  }

  private static void assertProblem(String mode, String more, String problem) {
    assertProblems(mixture(mode, "", "", more), "recipe.yml:5: " + problem);
  }

  @Test
  void scaleAndCenterAreOneAndOffUnlessSaid() {
    assertThat(gates("random", "").scale()).isEqualTo(1);
    assertThat(gates("random", "").isCentred()).isFalse();
    assertThat(gates("random", "gate_scale: 0.25, gate_center: yes").scale()).isEqualTo(0.25);
    assertThat(gates("random", "gate_center: yes").isCentred()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", ".inf", ".nan", "much", "[1]"})
  void aScaleIsANumberAboveZero(String scale) {
    assertProblem(
        "random",
        "gate_scale: " + scale,
        "`gate_scale` is %s, must be a number above 0, and 1 is mergekit's".formatted(scale));
  }

  @Test
  void tokensOfPromptsMayBeGiven() {
    assertThat(gates("cheap_embed", "prompt_ids: {p: [0, 2147483647], q: [7]}").promptIds())
        .containsEntry("p", List.of(0, Integer.MAX_VALUE))
        .containsEntry("q", List.of(7));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "[-1]", "[1.5]", "[1, x]", "[2147483648]", "5", "[[1]]"})
  void tokensAreWholeNumbers(String ids) {
    assertProblems(
        mixture(
            "cheap_embed",
            ", positive_prompts: [p]",
            ", positive_prompts: [q]",
            "prompt_ids: {p: %s}".formatted(ids)),
        "recipe.yml:5: tokens of the prompt `p` must be a list of whole numbers, at least one, none"
            + " below 0");
  }

  @Test
  void tokensOfPromptsAreReadByEmbeddingsAlone() {
    assertProblem(
        "random",
        "prompt_ids: {p: [1]}",
        "`prompt_ids` are read by `gate_mode: cheap_embed` alone, and this is random; remove them");
  }

  @ParameterizedTest
  @ValueSource(strings = {"'g*'", "' g'"})
  void aFileOfGatesIsOnePath(String file) {
    assertProblem(
        "file",
        "gate_file: " + file,
        "`gate_file` is %s, must be the path of a file or folder of safetensors, and no pattern"
            .formatted(file.replace("'", "")));
  }

  @Test
  void aFileOfGatesIsThereWhereItIsRead() {
    assertProblems(
        mixture("file", "", "", ""),
        "recipe.yml:1: `gate_mode: file` needs `gate_file`, safetensors with the routers' rows");
    assertThat(gates("file", "gate_file: g").file().orElseThrow())
        .isEqualTo(new ModelReference("g", 5));
  }

  @Test
  void anUnknownModeIsToldWithAllThatThereAre() {
    assertProblems(
        mixture("guess", "", "", ""),
        "recipe.yml:1: `gate_mode` is guess; it may be `hidden`, `hidden_last`, `hidden_avg`,"
            + " `cheap_embed`, `random`, `uniform_random`, `zero`, `file`");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{source_model: x, noise_scale: -0.1} | `noise_scale` is -0.1, must not be below 0",
        "{source_model: x, positive_prompts: p} | `positive_prompts` must be a list, even of one"
            + " prompt",
        "{source_model: x, positive_prompts: [p, '']} | an element of `positive_prompts` must be a"
            + " text, and not empty",
        "{source_model: x, negative_prompts: [[p]]} | an element of `negative_prompts` must be a"
            + " text, and not empty",
        "{source_model: 'x*'} | `source_model` is the pattern x*; list the experts one by one",
        "x | an element of `experts` must be a mapping, `source_model: PATH` and what else there is"
            + " to say",
      })
  void anExpertIsAModelWithItsPrompts(String expert, String problem) {
    assertProblems(
        "{base_model: b, gate_mode: random, experts_per_token: 1, experts: [\n%s, {source_model: y}]}"
            .formatted(expert),
        "recipe.yml:2: " + problem);
  }

  @Test
  void oneExpertIsNoMoreThanItself() {
    Recipe recipe =
        parse(
            """
            base_model: b
            gate_mode: random
            experts_per_token: 1
            experts: [{source_model: x}]
            """);
    assertThat(recipe.mixture().orElseThrow().experts()).hasSize(1);
    assertThat(recipe.notices()).isEmpty();
  }

  @Test
  void promptsWithoutEffectAreTold() {
    assertThat(parse(mixture("random", ", negative_prompts: [n]", "", "")).notices())
        .containsExactly("recipe.yml:3: prompts have no effect with `gate_mode: random`");
    assertThat(parse(mixture("random", ", positive_prompts: [n]", "", "")).notices())
        .containsExactly("recipe.yml:3: prompts have no effect with `gate_mode: random`");
  }
}
