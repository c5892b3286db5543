package dev.stockpot.merge.recipe;

import static dev.stockpot.merge.recipe.Recipes.assertProblems;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.recipe.MixtureChoice.Expert;
import dev.stockpot.merge.recipe.MixtureChoice.GateMode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Recipes of mergekit-moe are read as they are, and refused where a mixture would be useless. */
class RecipeMixtureTest {
  private static final String TWO =
      """
      base_model: base
      gate_mode: cheap_embed
      dtype: bfloat16
      experts:
      - source_model: math
        positive_prompts: [one, two]
        negative_prompts: [three]
        noise_scale: 0.1
      - source_model: code+lora
        positive_prompts:
        - four
        residual_scale: 0.5
      """;

  private static MixtureChoice mixture(String yaml) {
    return Recipes.parse(yaml).mixture().orElseThrow();
  }

  /** Two experts with prompts, and more lines. */
  private static String two(String... lines) {
    return TWO + String.join("\n", lines) + "\n";
  }

  @Test
  void aConfigurationOfMergekitMoeIsRead() {
    Recipe recipe = Recipes.parse(TWO);
    assertThat(recipe.donor()).hasToString("base");
    assertThat(recipe.dtype()).contains(DType.BF16);
    assertThat(recipe.method().name()).isEqualTo("passthrough");
    MixtureChoice mixture = recipe.mixture().orElseThrow();
    assertThat(mixture.expertsPerToken()).isEqualTo(2);
    assertThat(mixture.isFused()).isFalse();
    assertThat(mixture.gates().mode()).isEqualTo(GateMode.CHEAP_EMBED);
    assertThat(mixture.prompts()).containsExactly("one", "two", "three", "four");
    Expert math = mixture.experts().get(0);
    assertThat(math.positive()).containsExactly("one", "two");
    assertThat(math.negative()).containsExactly("three");
    assertThat(math.noiseScale()).isEqualTo(0.1);
    assertThat(math.residualScale()).isEqualTo(1);
    assertThat(mixture.experts().get(1).residualScale()).isEqualTo(0.5);
  }

  @Test
  void everyModelOfItIsOneThatTheRecipeNames() {
    Recipe recipe = Recipes.parse(two("shared_experts:", "- source_model: shared"));
    assertThat(recipe.references())
        .extracting(ModelReference::path)
        .containsExactly("base", "math", "code+lora", "shared");
  }

  @Test
  void theGateFileIsAmongTheStatistics() {
    Recipe recipe =
        Recipes.parse(
            "base_model: b\ngate_file: g\nexperts: [{source_model: a}, {source_model: c}]");
    assertThat(recipe.allStatistics()).extracting(ModelReference::path).containsExactly("g");
    assertThat(recipe.mixture().orElseThrow().gates().mode()).isEqualTo(GateMode.FILE);
  }

  @ParameterizedTest
  @CsvSource({
    "hidden, HIDDEN, true",
    "hidden_last, HIDDEN_LAST, true",
    "hidden_avg, HIDDEN_AVG, true",
    "cheap_embed, CHEAP_EMBED, false",
    "random, RANDOM, false",
    "uniform_random, UNIFORM_RANDOM, false",
    "zero, ZERO, false",
    "file, FILE, true"
  })
  void everyModeIsKnown(String word, GateMode mode, boolean readsFile) {
    String file = readsFile ? "gate_file: g" : "";
    assertThat(mixture(TWO.replace("cheap_embed", word) + file + "\n").gates().mode())
        .isEqualTo(mode);
  }

  @Test
  void anUnknownModeIsAProblemAtOnce() {
    assertThatThrownBy(() -> Recipes.parse(TWO.replace("cheap_embed", "cheap_embd")))
        .hasMessageContaining(
            "recipe.yml:2: `gate_mode` is cheap_embd; did you mean `cheap_embed`?");
  }

  @Test
  void statesOfTheModelMustComeFromAFile() {
    assertThatThrownBy(() -> Recipes.parse(TWO.replace("gate_mode: cheap_embed\n", "")))
        .hasMessageContaining("`gate_mode: hidden`, which counts without the key, needs")
        .hasMessageContaining("`stockpot-tools gates RECIPE --output FILE`");
  }

  @Test
  void aFileThatNobodyReadsIsAProblem() {
    assertProblems(
        two("gate_file: g"),
        "recipe.yml:13: `gate_mode: cheap_embed` reads no `gate_file`; remove one of them");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "1.5", "many"})
  void expertsPerTokenIsAWholeNumberAboveZero(String number) {
    assertProblems(
        two("experts_per_token: " + number),
        "recipe.yml:13: `experts_per_token` is %s, must be a whole number of at least 1"
            .formatted(number));
  }

  @Test
  void aTokenGoesToNoMoreExpertsThanThereAre() {
    assertProblems(
        two("experts_per_token: 3"),
        "recipe.yml:13: each token goes to 3 experts (`experts_per_token`), and there are only 2;"
            + " list more, or write `experts_per_token: 2`");
    assertProblems(
        "base_model: b\ngate_mode: zero\nexperts: [{source_model: a}]\n",
        "recipe.yml:1: each token goes to 2 experts (`experts_per_token`, without which it is 2),"
            + " and there is only 1; list more, or write `experts_per_token: 1`");
  }

  @Test
  void anExpertWithoutPromptsIsNotFound() {
    assertProblems(
        two("- source_model: lost").replace("residual_scale: 0.5\n", "residual_scale: 0.5\n"),
        "recipe.yml:13: lost has no `positive_prompts`, by which `gate_mode: cheap_embed` finds its"
            + " tokens; add some, or write `gate_mode: random`");
  }

  @ParameterizedTest
  @ValueSource(strings = {"random", "uniform_random", "zero"})
  void nobodyNeedsPromptsForDraws(String mode) {
    String yaml = "base_model: b\ngate_mode: %s\nexperts: [{source_model: a}, {source_model: c}]";
    assertThat(mixture(yaml.formatted(mode)).experts()).hasSize(2);
  }

  @Test
  void expertsWithTheSamePromptsCannotBeToldApart() {
    String same =
        "[{source_model: a, positive_prompts: [x]}, {source_model: c, positive_prompts: [x]}]";
    assertProblems(
        "base_model: b\ngate_mode: cheap_embed\nexperts: " + same,
        "recipe.yml:3: all experts have the same prompts, so that routers cannot tell them apart;"
            + " give each its own");
  }

  private static String sameModels(String mode) {
    return "base_model: b\ngate_mode: %s\nexperts: [{source_model: a, positive_prompts: [x]}, {source_model: a, positive_prompts: [y]}]\n"
        .formatted(mode);
  }

  @Test
  void expertsThatAreOneModelAreUseless() {
    assertThatThrownBy(() -> Recipes.parse(sameModels("cheap_embed")))
        .hasMessageStartingWith("recipe.yml:3: all experts are a, so that it does not matter");
    assertThat(Recipes.parse(sameModels("cheap_embed") + "allow_all_same: true\n").notices())
        .anyMatch(told -> told.contains("until the mixture is trained it is no better than that"));
    assertThat(Recipes.parse(sameModels("zero")).notices())
        .anyMatch(told -> told.contains("all experts are a"));
  }

  @Test
  void thereIsAtMostOneSharedExpert() {
    assertProblems(
        two("shared_experts: [{source_model: s}, {source_model: t}]"),
        "recipe.yml:13: `shared_experts` lists 2 models; no kind of mixture here has more than one"
            + " shared expert");
  }

  @Test
  void threeExpertsAreToldToBeNoPowerOfTwo() {
    String third = "- {source_model: third, positive_prompts: [five]}";
    assertThat(Recipes.parse(two(third)).notices())
        .anyMatch(told -> told.contains("there are 3 experts, which is no power of two"));
  }

  @Test
  void aBaseIsNeeded() {
    assertThatThrownBy(() -> Recipes.parse(TWO.replace("base_model: base\n", "")))
        .hasMessageContaining("`base_model` is missing");
  }

  @Test
  void wordsThatItDoesNotHaveAreProblems() {
    assertThatThrownBy(() -> Recipes.parse(two("experts_per_tokn: 2")))
        .hasMessageContaining("did you mean `experts_per_token`?");
    assertThatThrownBy(() -> Recipes.parse(TWO.replace("source_model: math", "model: math")))
        .hasMessageContaining("is called `source_model` in an expert")
        .hasMessageContaining("this expert has no `source_model`");
    assertThatThrownBy(() -> Recipes.parse(two("models: [{model: a}]")))
        .hasMessageContaining("`models` are merged, and there are `experts` as well");
  }

  @Test
  void aPatternIsNoExpert() {
    assertThatThrownBy(() -> Recipes.parse(TWO.replace("math", "math-*")))
        .hasMessageContaining("`source_model` is the pattern math-*; list the experts one by one");
  }

  @Test
  void oneTextIsNoListOfPrompts() {
    assertThatThrownBy(() -> Recipes.parse(TWO.replace("[three]", "three")))
        .hasMessageContaining("`negative_prompts` must be a list, even of one prompt");
  }

  @Test
  void numbersMustMakeSense() {
    assertThatThrownBy(() -> Recipes.parse(TWO.replace("0.1", "-0.1")))
        .hasMessageContaining("`noise_scale` is -0.1, must not be below 0");
    assertThatThrownBy(() -> Recipes.parse(TWO.replace("residual_scale: 0.5", "residual_scale: x")))
        .hasMessageContaining("`residual_scale` is x, must be a number");
    assertThatThrownBy(() -> Recipes.parse(two("gate_scale: 0")))
        .hasMessageContaining("`gate_scale` is 0, must be a number above 0");
    assertThatThrownBy(() -> Recipes.parse(two("gate_center: maybe")))
        .hasMessageContaining("`gate_center` is maybe, must be true or false");
    assertThatThrownBy(() -> Recipes.parse(two("expert_layout: both")))
        .hasMessageContaining("`expert_layout` is both, must be `split`");
  }

  @Test
  void tokensOfPromptsComeByTheirText() {
    assertThat(mixture(two("prompt_ids: {one: [1, 5]}")).gates().promptIds())
        .containsEntry("one", List.of(1, 5));
    assertThatThrownBy(() -> Recipes.parse(two("prompt_ids: {one: [1, -5]}")))
        .hasMessageContaining("tokens of the prompt `one` must be a list of whole numbers");
    assertThatThrownBy(() -> Recipes.parse(two("prompt_ids: {seven: [1]}")))
        .hasMessageContaining("`prompt_ids` has tokens of `seven`, which no expert has");
  }

  @Test
  void mixturesMayBeStages() {
    String yaml =
        """
        name: mix
        base_model: b
        gate_mode: zero
        experts: [{source_model: a}, {source_model: c}]
        ---
        merge_method: linear
        models:
        - {model: mix, parameters: {weight: 1}}
        - {model: other, parameters: {weight: 1}}
        """;
    Recipe recipe = Recipes.parse(yaml);
    assertThat(recipe.stages().names()).containsExactly("mix");
    assertThat(recipe.stages().before().get(0).recipe().mixture()).isPresent();
  }

  @Test
  void expertsMayBeStages() {
    String yaml =
        """
        name: soup
        merge_method: linear
        models:
        - {model: x, parameters: {weight: 1}}
        - {model: y, parameters: {weight: 1}}
        ---
        base_model: b
        gate_mode: zero
        experts: [{source_model: soup}, {source_model: c}]
        """;
    Recipe recipe = Recipes.parse(yaml);
    assertThat(recipe.mixture()).isPresent();
    assertThat(recipe.stages().names()).containsExactly("soup");
  }
}
