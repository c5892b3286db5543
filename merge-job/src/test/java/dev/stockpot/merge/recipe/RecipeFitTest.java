package dev.stockpot.merge.recipe;

import static dev.stockpot.merge.recipe.Recipes.assertProblems;
import static dev.stockpot.merge.recipe.Recipes.parse;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.recipe.ComposeRule.Fit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Maps between the widths of two models, and rules that carry tensors through them. */
class RecipeFitTest extends RecipeComposeCases {
  private static final String FIT = "compose:\n  - {from: a}\n  - {as: s, %s}\n";

  /** Rules of every kind in the order in which they come. */
  private static final class Fits implements ComposeRule.Visitor {
    private final List<Fit> fits = new ArrayList<>();

    @Override
    public void take(ComposeRule.Take rule) {
      assertThat(rule.from().path()).isEqualTo("a");
    }

    @Override
    public void fresh(ComposeRule.Fresh rule) {
      throw new AssertionError("no rule here makes a tensor: " + rule);
    }

    @Override
    public void fit(Fit rule) {
      fits.add(rule);
    }
  }

  private static Fit fit(String keys) {
    Fits fits = new Fits();
    parse(FIT.formatted(keys))
        .composition()
        .orElseThrow()
        .rules()
        .forEach(rule -> rule.accept(fits));
    assertThat(fits.fits).hasSize(1);
    return fits.fits.get(0);
  }

  @Test
  void aMapIsFoundByWhatTwoModelsHave() {
    Fit fit = fit("fit: procrustes, from: x, to: y");
    assertThat(fit)
        .isEqualTo(
            new Fit(
                "s",
                Fit.Kind.PROCRUSTES,
                new ModelReference("x", 3),
                Optional.of(new ModelReference("y", 3)),
                Optional.empty(),
                "",
                "",
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                3));
    assertThat(fit.models()).extracting(ModelReference::path).containsExactly("x", "y");
  }

  @Test
  void leastSquaresHaveARidgeABiasAndAShare() {
    Fit fit =
        fit("fit: least_squares, from: x, to: y, ridge: 0.5, bias: b, explained: e, hidden: true");
    assertThat(fit.ridge()).isEqualTo(0.5);
    assertThat(fit.bias()).contains("b");
    assertThat(fit.explained()).contains("e");
    assertThat(fit.isHidden()).isTrue();
  }

  @Test
  void productsLieInOneFileOrInSeveral() {
    Fit one = fit("fit: crossgram, from: x, gram: g, crossgram: c");
    assertThat(one.gram()).isEqualTo("g");
    assertThat(one.crossgram()).isEqualTo("c");
    assertThat(one.ridge()).as("of products, a thousandth of the mean").isEqualTo(1e-3);
    assertThat(one.models()).extracting(ModelReference::path).containsExactly("x");
    Fit several =
        fit("fit: crossgram, from: x, gram: g, crossgram: c, grams: gs, target: t, targets: ts");
    assertThat(several.models()).extracting(ModelReference::path).containsExactly("x", "gs", "ts");
    assertThat(several.target()).contains("t");
    Recipe recipe =
        parse(FIT.formatted("fit: crossgram, from: x, gram: g, crossgram: c, grams: gs, ridge: 0"));
    assertThat(recipe.composition().orElseThrow().rules().get(1).models()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "fit: proc, from: x, to: y | `fit` is proc; it can be `least_squares`, `procrustes`,"
            + " `crossgram`",
        "fit: crosgram, from: x, to: y | `fit` is crosgram; did you mean `crossgram`?",
        "fit: procrustes, from: x | a fit has `from` and `to`, the models whose embeddings are"
            + " compared",
        "fit: procrustes, to: y | a fit has `from` and `to`, the models whose embeddings are"
            + " compared",
        "fit: crossgram, from: x, to: y, gram: g, crossgram: c | `fit: crossgram` has `from`, a"
            + " checkpoint of statistics, and no `to`",
        "fit: crossgram, gram: g, crossgram: c | `fit: crossgram` has `from`, a checkpoint of"
            + " statistics, and no `to`",
        "fit: crossgram, from: x, gram: g | `crossgram` is the name of a tensor in `from`, a"
            + " checkpoint of statistics, which is missing beside `fit: crossgram`",
        "fit: crossgram, from: x, crossgram: c | `gram` is the name of a tensor in `from`, a"
            + " checkpoint of statistics, which is missing beside `fit: crossgram`",
        "fit: procrustes, from: x, to: y, gram: g | `gram` is the name of a tensor in `from`, a"
            + " checkpoint of statistics, and belongs to `fit: crossgram`",
        "fit: procrustes, from: x, to: y, grams: g | `grams` is g, where `gram` lies, and belongs"
            + " to `fit: crossgram`",
        "fit: procrustes, from: x, to: y, target: t | `target: t` is the name of YᵀY in statistics,"
            + " and belongs to `fit: crossgram`",
        "fit: crossgram, from: x, gram: g, crossgram: c, targets: t | `targets` is a checkpoint of"
            + " statistics; write `target: NAME`, the tensor in it, too",
        "fit: procrustes, from: x, to: y, bias: s | `bias` is the name of the vector that is added,"
            + " another than `as`, which is s",
        "fit: procrustes, from: x, to: y, bias: ' ' | `bias` is the name of the vector that is"
            + " added, another than `as`, which is s",
        "fit: least_squares, from: x, to: y, ridge: -0.5 | `ridge` is -0.5, must not be below 0,"
            + " and belongs to least squares",
        "fit: procrustes, from: x, to: y, ridge: 0 | `ridge` is 0.0, must not be below 0, and"
            + " belongs to least squares",
        "fit: crossgram, from: x, gram: g, crossgram: c, explained: e | `explained: e` needs the"
            + " rows themselves, and products are sums over them",
        "fit: procrustes, from: 'x*', to: y | `from` is the pattern x*; name one model",
        "fit: procrustes, from: x, to: y, match: h | `match` is out of place here: a map is found,"
            + " and neither taken nor drawn",
        "fit: procrustes, from: x, to: y, join: [k] | `join` is out of place here: a map is found,"
            + " and neither taken nor drawn",
        "fit: procrustes, from: x, to: y, through: k | `through` is out of place here: a map is"
            + " found, and neither taken nor drawn",
        "fit: procrustes, from: x, to: y, init: zeros | `init` is out of place here: a map is"
            + " found, and neither taken nor drawn",
        "fit: procrustes, from: x, to: y, dtype: float16 | `dtype` is out of place here: a map is"
            + " found, and neither taken nor drawn",
      })
  void whatMakesNoMapIsRefused(String keys, String problem) {
    assertProblems(FIT.formatted(keys), "recipe.yml:3: " + problem);
  }

  @Test
  void aMapHasAName() {
    assertProblems(
        ONE.formatted("{fit: procrustes, from: x, to: y}"),
        "recipe.yml:2: a map needs a name; write `as: NAME`");
    assertProblems(
        ONE.formatted("{fit: procrustes, from: x, to: y, as: ' '}"),
        "recipe.yml:2: a map needs a name; write `as: NAME`");
  }

  @ParameterizedTest
  @CsvSource({
    "to, y, `fit`",
    "gram, g, `fit`",
    "ridge, 1, `fit`",
    "hidden, true, `fit`",
    "seed, 1, `init`",
    "std, 1, `init`"
  })
  void keysOfOtherRulesAreOutOfPlaceWhereTensorsAreTaken(String key, String value, String owner) {
    assertProblems(
        ONE.formatted("{from: a, %s: %s}".formatted(key, value)),
        "recipe.yml:2: `%s` is out of place here: it belongs to %s".formatted(key, owner));
  }

  @ParameterizedTest
  @CsvSource({"shape, '[2]'", "dtype, float16"})
  void aTensorThatIsTakenHasItsOwnShapeAndType(String key, String value) {
    assertProblems(
        ONE.formatted("{from: a, %s: %s}".formatted(key, value)),
        "recipe.yml:2: `%s` is out of place here: a tensor that is taken has its own; a merge's `dtype` changes it"
            .formatted(key));
  }

  @ParameterizedTest
  @CsvSource({
    "match, h",
    "except, h",
    "under, h",
    "leave_out, true",
    "keep, '[0, 1]'",
    "transpose, true",
    "axis, 0",
    "onto, m",
    "through, m",
    "tokens, '{of: b}'"
  })
  void keysOfTakenTensorsAreOutOfPlaceWhereOneIsNew(String key, String value) {
    assertProblems(
        NEW.formatted("init: zeros, shape: [1], %s: %s".formatted(key, value)),
        "recipe.yml:3: `%s` is out of place here: it belongs to `from`".formatted(key));
  }

  @Test
  void aNewTensorHasAName() {
    for (String as : List.of("", ", as: ' '")) {
      assertProblems(
          ONE.formatted("{from: a}\n  - {init: zeros, shape: [1]%s}".formatted(as)),
          "recipe.yml:3: a new tensor needs a name; write `as: NAME`");
    }
  }

  @Test
  void aTensorThatIsLeftOutIsCalledNothing() {
    assertProblems(
        ONE.formatted("{from: a, leave_out: true, under: x}"),
        "recipe.yml:2: `under` names what goes into the output, and `leave_out: true` says that"
            + " nothing does");
  }

  @Test
  void namesAndKeysAreWords() {
    assertProblems(
        ONE.formatted("{from: a, as: [q, [k]]}"),
        "recipe.yml:2: `as` must be a name, or a list of names, not [k]");
    assertProblems(
        "compose:\n  - {from: a}\nconfig:\n  remove: [x.y, {z: 1}]\n",
        "recipe.yml:4: `remove` must be names, with dots where they lie in others, not {z: …}");
    assertThat(
            parse("compose:\n  - {from: a}\nconfig: {remove: x.y}\n")
                .composition()
                .orElseThrow()
                .config()
                .removed())
        .containsExactly("x.y");
  }
}
