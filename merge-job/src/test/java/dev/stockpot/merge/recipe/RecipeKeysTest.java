package dev.stockpot.merge.recipe;

import static dev.stockpot.merge.recipe.Recipes.assertProblems;
import static dev.stockpot.merge.recipe.Recipes.parse;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The keys of a recipe as a whole. */
class RecipeKeysTest {
  private static final String LINEAR =
      """
      merge_method: linear
      models:
        - model: a
          parameters: {weight: 1}
      """;

  @Test
  void reportsAllProblemsAtOnceInTheOrderOfTheirLines() {
    assertProblems(
        """
        merge_metod: ties
        merge_method: dare_ties
        models:
          - model: a
            parameters:
              weight: 0.5
              density: 1.5
          - model: b
          - model: b
            parameters:
              weight: heavy
        dtype: bfloat
        """,
        "recipe.yml:1: `merge_metod` is not a key of a recipe; did you mean `merge_method`?",
        "recipe.yml:2: dare_ties needs a base model; add a line `base_model: PATH`",
        "recipe.yml:7: `density` is 1.5, must be a number from 0 to 1",
        "recipe.yml:11: `weight` is heavy, must be a number",
        "recipe.yml:12: `dtype` is bfloat, did you mean `bfloat16`?");
  }

  @Test
  void rejectsAnEmptyRecipe() {
    assertProblems(
        "# to do\n", "recipe.yml: the recipe is empty; start with `merge_method: linear`");
  }

  @ParameterizedTest
  @ValueSource(strings = {"linear", "- a", "---"})
  void rejectsARecipeThatIsNoMapping(String yaml) {
    assertProblems(
        yaml, "recipe.yml:1: a recipe must be a mapping; start with `merge_method: linear`");
  }

  @Test
  void reportsASyntaxError() {
    assertProblems(
        LINEAR + "dtype: [", // an end where an element is expected
        "recipe.yml:5: not YAML at column 9: expected the node content, but found '<stream end>'");
  }

  @Test
  void rejectsAKeyWithoutAValueThatItNeeds() {
    assertProblems(
        "merge_method: linear\nmodels:\n",
        "recipe.yml:2: `models` has no value; give it one or remove the line");
  }

  @Test
  void namesAllKeysWhereAnUnknownOneIsLikeNone() {
    assertProblems(
        LINEAR + "out_path: ./merged\n",
        "recipe.yml:5: `out_path` has no effect here: it is not a key of a recipe; its keys are `merge_method`,"
            + " `base_model`, `models`, `slices`, `parameters`, `statistics`, `dtype`, `out_dtype`,"
            + " `tokenizer_source`, `tokenizer`, `chat_template`, `vocab-tensors`, `heads`, `freeze`, `post`, `output`");
  }

  @Test
  void rejectsAParameterThatStandsOutsideParameters() {
    assertProblems(
        LINEAR + "normalize: true\n",
        "recipe.yml:5: `normalize` has no effect here: it is a parameter; remove the line, as"
            + " `normalize` is true anyway");
  }

  @Test
  void rejectsAMissingMethod() {
    assertProblems(
        "models:\n  - model: a\n",
        "recipe.yml:1: `merge_method` is missing; choose one of `linear`, `slerp`,"
            + " `task_arithmetic`, `ties`, `dare_linear`, `dare_ties`, `passthrough`,"
            + " `model_stock`");
  }

  @Test
  void suggestsAMethodForOneThatIsMisspelled() {
    assertProblems(
        LINEAR.replace("linear", "dare-ties"),
        "recipe.yml:1: `dare-ties` is not a merge method; did you mean `dare_ties`?");
  }

  @Test
  void namesAllMethodsWhereAnUnknownOneIsLikeNone() {
    assertProblems(
        LINEAR.replace("linear", "breadcrumbs"),
        "recipe.yml:1: `breadcrumbs` is not a merge method; the methods are `linear`, `slerp`,"
            + " `task_arithmetic`, `ties`, `dare_linear`, `dare_ties`, `passthrough`,"
            + " `model_stock`");
  }

  @Test
  void rejectsAMethodThatIsNoWord() {
    assertProblems(
        LINEAR.replace("linear", "[linear]"), "recipe.yml:1: `merge_method` must be one word");
  }

  @Test
  void rejectsModelsBesideSlices() {
    assertProblems(
        LINEAR
            + """
            slices:
              - sources:
                  - model: a
                    layer_range: [0, 2]
            """,
        "recipe.yml:5: `models` in line 2 and `slices` in line 5 exclude each other; keep one");
  }

  @Test
  void rejectsARecipeThatMergesNothing() {
    assertProblems(
        "merge_method: linear\n",
        "recipe.yml:1: there is nothing to merge; add `models` or `slices`");
  }

  @ParameterizedTest
  @CsvSource({
    "float32, F32",
    "float16, F16",
    "bfloat16, BF16",
    "float64, F64",
    "torch.bfloat16, BF16",
    "BF16, BF16",
    "f32, F32"
  })
  void readsTypesInTheWordsOfPyTorchAndOfSafetensors(String word, DType type) {
    Recipe recipe = parse(LINEAR + "dtype: %s\nout_dtype: %s\n".formatted(word, word));
    assertThat(recipe.dtype()).hasValue(type);
    assertThat(recipe.outDtype()).hasValue(type);
  }

  @ParameterizedTest
  @ValueSource(strings = {"int64", "I64", "F8_E5M2", "torch.BF16", "16"})
  void rejectsTypesThatAreNotMerged(String word) {
    assertProblems(
        LINEAR + "out_dtype: " + word,
        "recipe.yml:5: `out_dtype` is %s, must be one of float32, float16, bfloat16, float64"
            .formatted(word));
  }

  @Test
  void whatIsWrittenMayBeFp8ButNotWhatIsComputedWith() {
    assertThat(parse(LINEAR + "out_dtype: F8_E4M3").outDtype()).hasValue(DType.F8_E4M3);
    assertProblems(
        LINEAR + "dtype: F8_E4M3",
        "recipe.yml:5: `dtype` is F8_E4M3, must be one of float32, float16, bfloat16, float64");
  }

  @Test
  void parsesATreeFromAnyLanguage() {
    Node models =
        new ListNode(
            List.of(
                new MapNode(List.of(new MapNode.Entry("model", 8, ScalarNode.ofText("a", 8))), 8)),
            7);
    Node parameters =
        new MapNode(List.of(new MapNode.Entry("weight", 5, new ScalarNode(1.0, "1", 5))), 5);
    Node tree =
        new MapNode(
            List.of(
                new MapNode.Entry("merge_method", 4, ScalarNode.ofText("linear", 4)),
                new MapNode.Entry("parameters", 5, parameters),
                new MapNode.Entry("models", 7, models)),
            1);
    Recipe recipe = new RecipeParser(Recipes.METHODS).parse("recipe.conf", "its text", tree);
    assertThat(recipe.source()).isEqualTo("recipe.conf");
    assertThat(recipe.text()).isEqualTo("its text");
    assertThat(recipe.slices().get(0).sources())
        .containsExactly(
            new Source(new ModelReference("a", 8), Optional.empty(), ParameterBlock.NONE, 8));
  }
}
