package dev.stockpot.merge.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.methods.MergeMethods;
import dev.stockpot.merge.FailureKind;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.RecipeParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Recipes in HOCON. */
class HoconTreeTest {
  private static final RecipeParser PARSER = new RecipeParser(MergeMethods.all());

  @TempDir private Path folder;

  private Recipe parse(String text) {
    Path file = folder.resolve("recipe.conf");
    return PARSER.parse("recipe.conf", text, HoconTree.parse("recipe.conf", text, file));
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  /** Every problem of the recipe, and no other, in order. */
  private void assertProblems(String text, String... expected) {
    assertThatThrownBy(() -> parse(text))
        .returns(FailureKind.RECIPE, thrown -> ((UserException) thrown).kind())
        .hasMessage(String.join("\n", expected));
  }

  private static void assertSame(Recipe actual, Recipe expected) {
    assertThat(actual)
        .usingRecursiveComparison()
        .ignoringFieldsMatchingRegexes("(.*\\.)?line", "source", "text")
        .isEqualTo(expected);
  }

  @Test
  void isTheSameRecipeAsItsYaml() {
    Recipe yaml =
        PARSER.parse(
            "recipe.yml",
            """
            merge_method: dare_ties
            base_model: models/base
            models:
              - model: models/a
                parameters:
                  weight: [0, 0.5, 1]
                  density:
                    - {filter: mlp, value: 0.3}
                    - {value: 0.5}
              - model: models/b
                parameters: {weight: 0.25}
            parameters: {normalize: false, lambda: 1.5}
            dtype: float32
            out_dtype: bfloat16
            """);
    Recipe hocon =
        parse(
            """
            # the same, as Typesafe Config reads it
            merge_method = dare_ties
            base_model = models/base
            models = [
              { model = models/a
                parameters {
                  weight = [0, 0.5, 1]
                  density = [{filter = mlp, value = 0.3}, {value = 0.5}]
                }
              }
              { model: "models/b", parameters.weight: 0.25 }
            ]
            parameters { normalize = false }
            parameters.lambda = 1.5
            dtype = float32
            out_dtype = bfloat16
            """);
    assertSame(hocon, yaml);
  }

  @Test
  void isTheSameRecipeAsItsYamlWithSlices() {
    Recipe yaml =
        PARSER.parse(
            "recipe.yml",
            """
            merge_method: passthrough
            slices:
              - sources: [{model: a, layer_range: [0, 24], parameters: {scale: 0.5}}]
              - sources: [{model: b, layer_range: [8, 32]}]
            """);
    Recipe hocon =
        parse(
            """
            merge_method = passthrough
            slices = [
              { sources = [{ model = a, layer_range = [0, 24], parameters.scale = 0.5 }] }
              { sources = [{ model = b, layer_range = [8, 32] }] }
            ]
            """);
    assertSame(hocon, yaml);
  }

  private static final String LINEAR =
      """
      merge_method = linear
      models = [{ model = a }]
      parameters.weight = 1
      """;

  @Test
  void includesFilesBesideTheRecipeAndBelow() throws IOException {
    write("linear.conf", "merge_method = linear, parameters.weight = 1\n");
    write("models/two.conf", "models = [{ model = a }, { model = b }]\n");
    Recipe recipe = parse("include \"linear.conf\"\ninclude file(\"models/two.conf\")\n");
    assertThat(recipe.slices().get(0).sources()).hasSize(2);
  }

  @Test
  void substitutesValuesOfTheRecipe() {
    Recipe recipe = parse(LINEAR.replace("model = a", "model = models/${parameters.weight}/x"));
    assertThat(recipe.slices().get(0).sources().get(0).model().path()).isEqualTo("models/1/x");
  }

  @Test
  void aVariableThatWasNotSetForRecipesIsRefusedAndNotShown() {
    assertThatThrownBy(() -> parse(LINEAR.replace("model = a", "model = ${PATH}")))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("recipe.conf: ${PATH} is a variable of the environment")
        .hasMessageContaining("Set STOCKPOT_PATH and write that")
        .hasMessageNotContaining(System.getenv("PATH"));
  }

  @Test
  void keepsTheLinesOfTheRecipeForProblems() {
    assertProblems(
        LINEAR.replace("weight = 1", "weigth = 1"),
        "recipe.conf:2: `a` has no `weight`, which linear needs; give it one under its"
            + " `parameters`",
        "recipe.conf:3: linear has no parameter `weigth`; did you mean `weight`? It has `weight`,"
            + " `normalize`");
  }

  @Test
  void givesNoLineToAProblemOfAnIncludedFile() throws IOException {
    write("other.conf", "\n\n\nmerge_method = linnear\n");
    assertProblems(
        "include \"other.conf\"\nmodels = [{ model = a }]\n",
        "recipe.conf: `linnear` is not a merge method; did you mean `linear`?");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "models = [            | 2 | List should have ] or a first element after the open [,"
            + " instead had token: end of file (if you want end of file to be part of a string"
            + " value, then double-quote it)",
        "a = ${nowhere}        | 1 | Could not resolve substitution to a value: ${nowhere}",
        "a = ${b}, b = ${a}    | 1 | Could not resolve substitution to a value: ${a} was part of a"
            + " cycle of substitutions involving ${b}, ${a}, ${b}",
      })
  void saysInWhichLineTheTextIsBroken(String text, int line, String problem) {
    assertProblems(text + "\n", "recipe.conf:%s: %s".formatted(line, problem));
  }

  @Test
  void saysInWhichFileAnIncludedTextIsBroken() throws IOException {
    write("broken.conf", "\na = ]\n");
    assertThatThrownBy(() -> parse("include \"broken.conf\""))
        .returns(FailureKind.RECIPE, thrown -> ((UserException) thrown).kind())
        .hasMessageStartingWith("%s:2: ".formatted(folder.resolve("broken.conf")));
  }

  @Test
  void rejectsAnIncludeThatIsNotThere() {
    assertProblems(
        "include \"none.conf\"",
        "recipe.conf: include \"none.conf\": there is no file " + folder.resolve("none.conf"));
  }

  @ParameterizedTest
  @CsvSource({"../secret.conf", "/etc/passwd", "a/../../secret.conf"})
  void rejectsAnIncludeThatLeadsOutOfTheFolder(String path) {
    assertProblems(
        "include \"%s\"".formatted(path),
        "recipe.conf: include \"%s\": leads out of the folder of who includes it; move the file into that"
            .formatted(path));
    assertProblems(
        "include required(file(\"%s\"))".formatted(path),
        "recipe.conf: include \"%s\": leads out of the folder of who includes it; move the file into that"
            .formatted(path));
  }

  @Test
  void fetchesNoInclude() throws IOException {
    write("linear.conf", LINEAR);
    String url = folder.resolve("linear.conf").toUri().toString();
    assertProblems(
        "include url(\"%s\")".formatted(url),
        "recipe.conf: include \"%s\": nothing is fetched; put the file into this folder"
            .formatted(folder.resolve("linear.conf").toUri().toURL()));
  }

  @Test
  void includesNothingOfTheClassPath() {
    assertProblems(
        "include classpath(\"reference.conf\")",
        "recipe.conf: include \"reference.conf\": nothing is read from the class path; put the file"
            + " beside this one");
  }
}
