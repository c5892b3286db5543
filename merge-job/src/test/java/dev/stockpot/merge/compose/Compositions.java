package dev.stockpot.merge.compose;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.methods.MergeMethods;
import dev.stockpot.merge.FailureKind;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.plan.ModelHeaders;
import dev.stockpot.merge.recipe.ComposeRule;
import dev.stockpot.merge.recipe.Composition;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.RecipeParser;
import dev.stockpot.merge.statistics.StatisticsCheckpoint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** A recipe that composes models which are headers alone. */
record Compositions(String recipe, TokenRows tokens, String template, List<ModelHeaders> models) {
  static final long SEED = 11;

  /** Nobody asks for tokens. */
  static final TokenRows NO_TOKENS =
      new SharedTokens() {
        @Override
        public int[] of(ModelReference one, ModelReference other) {
          throw new AssertionError("tokens of %s in %s".formatted(one, other));
        }
      };

  /** Which tokens are shared; none is spelled. */
  @FunctionalInterface
  interface SharedTokens extends TokenRows {
    @Override
    default int[][] pieces(ModelReference one, ModelReference other) {
      throw new AssertionError("tokens of %s are spelled in %s".formatted(one, other));
    }
  }

  static Compositions of(String recipe, ModelHeaders... models) {
    return new Compositions(recipe, NO_TOKENS, "", List.of(models));
  }

  /** A composition of some rules, each a line. */
  static Compositions rules(List<String> rules, ModelHeaders... models) {
    String lines = rules.stream().map("  - {%s}\n"::formatted).collect(Collectors.joining());
    return of("compose:\n" + lines, models);
  }

  Compositions with(TokenRows other) {
    return new Compositions(recipe, other, template, models);
  }

  Compositions withTemplate(String text) {
    return new Compositions(recipe, tokens, text, models);
  }

  Composed composed() {
    return Composer.of(
        parsed(recipe),
        opened(models),
        tokens,
        place -> StatisticsCheckpoint.of(opened(models).get(place)),
        Optional.of(template).filter(text -> !text.isEmpty()),
        SEED);
  }

  /** Every problem, and no other, in order. */
  void assertProblems(String... expected) {
    assertThatThrownBy(this::composed)
        .returns(FailureKind.RECIPE, thrown -> ((UserException) thrown).kind())
        .hasMessage(String.join("\n", expected));
  }

  static Map<ModelReference, Model> opened(List<ModelHeaders> all) {
    Map<ModelReference, Model> opened = new LinkedHashMap<>();
    for (ModelHeaders headers : all) {
      Model model = headers.open();
      opened.put(named(model.folder().path()), model);
    }
    return opened;
  }

  static ModelReference named(String name) {
    return new ModelReference(name, 0);
  }

  private static Recipe parsed(String text) {
    return new RecipeParser(MergeMethods.all()).parse("recipe.yml", text);
  }

  /** A rule as the recipe has it, without the braces. */
  private static ComposeRule rule(String text) {
    Recipe recipe = parsed("base_model: m\ncompose:\n  - {%s}\n".formatted(text));
    return recipe.composition().orElseThrow().rules().get(0);
  }

  static ComposeRule.Take take(String text) {
    return (ComposeRule.Take) rule(text);
  }

  static ComposeRule.Fit fit(String text) {
    return (ComposeRule.Fit) rule(text);
  }

  /** What is asked of a configuration, in the line 4 of the recipe. */
  static Composition.Config config(String keys) {
    return parsed("compose:\n  - {from: m}\n\nconfig: {%s}\n".formatted(keys))
        .composition()
        .orElseThrow()
        .config();
  }

  /** Where each element comes from: {@code w4} is the element 4 of w. */
  static String elements(TensorSource source) {
    return LongStream.range(0, source.shape().elements())
        .mapToObj(source::place)
        .map(place -> place.tensor() + place.element())
        .collect(Collectors.joining(" "));
  }

  /** Where each row of a matrix comes from: {@code w4} is the row 4 of w. */
  static String rows(TensorSource source) {
    long columns = source.shape().columns();
    return LongStream.range(0, source.shape().dimensions().get(0))
        .mapToObj(row -> source.place(row * columns))
        .map(place -> place.tensor() + place.element() / columns)
        .collect(Collectors.joining(" "));
  }
}
