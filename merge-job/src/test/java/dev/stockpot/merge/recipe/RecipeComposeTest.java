package dev.stockpot.merge.recipe;

import static dev.stockpot.merge.recipe.Recipes.assertProblems;
import static dev.stockpot.merge.recipe.Recipes.parse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.random.Initialisation;
import dev.stockpot.kernels.random.Initialisation.Fan;
import dev.stockpot.merge.recipe.ComposeRule.Fresh;
import dev.stockpot.merge.recipe.Arrangement.Groups;
import dev.stockpot.merge.recipe.ComposeRule.Take;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Recipes that put models together by rules. */
class RecipeComposeTest {
  private static final String ONE = "compose:\n  - %s\n";
  private static final String NEW = "compose:\n  - {from: a}\n  - {as: w, %s}\n";

  /** Rules by their kinds. */
  private static final class Rules implements ComposeRule.Visitor {
    private final List<Take> takes = new ArrayList<>();
    private final List<Fresh> fresh = new ArrayList<>();

    static Rules of(Recipe recipe) {
      Rules rules = new Rules();
      recipe.composition().orElseThrow().rules().forEach(rule -> rule.accept(rules));
      return rules;
    }

    @Override
    public void take(Take rule) {
      takes.add(rule);
    }

    @Override
    public void fresh(Fresh rule) {
      fresh.add(rule);
    }

    @Override
    public void fit(ComposeRule.Fit rule) {
      throw new AssertionError("no rule here finds a map: " + rule);
    }
  }

  private static Take take(String rule) {
    return Rules.of(parse(ONE.formatted(rule))).takes.get(0);
  }

  private static Fresh fresh(String keys) {
    return Rules.of(parse(NEW.formatted(keys))).fresh.get(0);
  }

  @Test
  void aCompositionPassesItsModelThrough() {
    Recipe recipe = parse("compose:\n  - {from: a, under: x}\n  - {from: b}\ndtype: bfloat16\n");
    assertThat(recipe.method().name()).isEqualTo("passthrough");
    assertThat(recipe.donor()).hasToString("a");
    assertThat(recipe.references()).extracting(ModelReference::path).containsExactly("a", "b");
    assertThat(recipe.dtype()).contains(DType.BF16);
    assertThat(recipe.wholeModels()).isTrue();
  }

  @Test
  void theBaseModelGivesTheConfiguration() {
    Recipe recipe = parse("base_model: c\ncompose:\n  - {from: a}\nconfig: {template: d}\n");
    assertThat(recipe.donor()).hasToString("c");
    assertThat(recipe.references()).extracting(ModelReference::path).containsExactly("c", "a", "d");
  }

  @Test
  void mergesComposeNothing() {
    assertThat(parse("merge_method: passthrough\nmodels:\n  - model: a\n").composition()).isEmpty();
  }

  @Test
  void aRuleTakesTensorsByAPattern() {
    Take rule = take("{from: a, match: '^h\\.', except: [bias, '^x'], as: 'layers.', under: m}");
    assertThat(rule.match().replaced("h.0.w", "layers.")).contains("layers.0.w");
    assertThat(rule.match().replaced("g.0.w", "layers.")).isEmpty();
    assertThat(rule.except()).extracting(NamePattern::text).containsExactly("bias", "^x");
    assertThat(rule.under()).isEqualTo("m");
    assertThat(rule.line()).isEqualTo(2);
  }

  @Test
  void withoutAPatternItTakesAll() {
    Take rule = take("{from: a}");
    assertThat(rule.match().replaced("any.name", "x.$0")).contains("x.any.name");
    assertThat(rule.isLeftOut()).isFalse();
  }

  @Test
  void layersWriteARuleSeveralTimes() {
    Rules rules =
        Rules.of(
            parse(
                ONE.formatted(
                    "{from: a, layers: [0, 2], match: '^h\\.{layer}\\.', as: 'h.{layer*2+1}.'}")));
    assertThat(rules.takes).extracting(rule -> rule.match().text()).containsExactly("^h\\.0\\.", "^h\\.1\\.");
    assertThat(rules.takes).extracting(rule -> rule.as().get(0)).containsExactly("h.1.", "h.3.");
  }

  @Test
  void numbersOfLayersCanGoDown() {
    assertThat(
            Rules.of(parse(ONE.formatted("{from: a, layers: [3, 4], match: 'h{layer-1}$'}")))
                .takes
                .get(0)
                .match()
                .text())
        .isEqualTo("h2$");
  }

  @Test
  void layersMustSayWhichOnes() {
    assertProblems(
        ONE.formatted("{from: a, match: 'h{layer}'}"),
        "recipe.yml:2: `{layer}` stands for each of several layers; say which, for example"
            + " `layers: [0, 32]`");
    assertProblems(
        ONE.formatted("{from: a, match: h, layers: [0, 2]}"),
        "recipe.yml:2: `layers` repeats this rule, and nothing in it says `{layer}`: all would be"
            + " the same");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[2, 2]", "[3, 1]", "[0]", "5", "[0, x]", "[-1, 2]", "[0, 20000]"})
  void layersAreARange(String layers) {
    assertThatThrownBy(
            () -> parse(ONE.formatted("{from: a, match: '{layer}', layers: %s}".formatted(layers))))
        .hasMessageContaining("`layers` is ")
        .hasMessageContaining("must be the first layer and the one after the last");
  }

  @ParameterizedTest
  @CsvSource({
    "zeros, CONSTANT, 0, 0",
    "ones, CONSTANT, 1, 0",
    "normal, NORMAL, 0, 1",
    "uniform, UNIFORM, 0, 1",
    "xavier_uniform, SCALED_UNIFORM, 1, 0",
    "xavier_normal, SCALED_NORMAL, 1, 0",
    "kaiming_uniform, SCALED_UNIFORM, 1.4142135623730951, 0",
    "kaiming_normal, SCALED_NORMAL, 1.4142135623730951, 0",
    "orthogonal, ORTHOGONAL, 1, 0",
    "identity, IDENTITY, 1, 0"
  })
  void defaultsAreThoseOfPyTorch(
      String word, Initialisation.Kind kind, double first, double second) {
    Initialisation read = fresh("shape: [3, 4], init: " + word).initialisation();
    assertThat(read.kind()).isEqualTo(kind);
    assertThat(read.first()).isEqualTo(first);
    assertThat(read.second()).isEqualTo(second);
    assertThat(read.fan()).isEqualTo(word.startsWith("xavier") ? Fan.BOTH : Fan.IN);
  }

  @ParameterizedTest
  @CsvSource({
    "'kaiming_normal, mode: fan_out', 1.4142135623730951",
    "'kaiming_normal, nonlinearity: relu', 1.4142135623730951",
    "'kaiming_uniform, negative_slope: 2.23606797749979', 0.5773502691896257",
    "'xavier_normal, nonlinearity: tanh', 1.6666666666666667",
    "'xavier_uniform, nonlinearity: leaky_relu', 1.4141428569978354",
    "'kaiming_uniform, nonlinearity: linear', 1",
    "'kaiming_uniform, nonlinearity: selu', 0.75",
    "'orthogonal, gain: 3', 3"
  })
  void gainsAreThoseOfPyTorch(String init, double gain) {
    assertThat(fresh("shape: [3, 4], init: " + init).initialisation().first()).isEqualTo(gain);
  }

  @Test
  void seedsAndTypesMayBeGiven() {
    Fresh rule = fresh("shape: [2], init: normal, std: 0.02, mean: 1, seed: 7, dtype: float16");
    assertThat(rule.seed()).isEqualTo(OptionalLong.of(7));
    assertThat(rule.dtype()).contains(DType.F16);
    assertThat(rule.initialisation().second()).isEqualTo(0.02);
    assertThat(fresh("shape: [2], init: zeros").seed()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "init: zero, shape: [1] | `init` is zero; did you mean `zeros`?",
        "init: zeros | `shape` is missing, must be lengths above 0",
        "init: zeros, shape: [0] | `shape` is [0], must be lengths above 0",
        "init: zeros, shape: 5 | `shape` is 5, must be lengths above 0",
        "init: zeros, shape: [1.5] | `shape` is [1.5], must be lengths above 0",
        "init: zeros, shape: [1], std: 1 | `std` says nothing of `init: zeros`; remove it",
        "init: constant, shape: [1] | `value` is missing beside `init`",
        "init: normal, shape: [1], std: x | `std` is x, must be a number",
        "init: normal, shape: [1], std: -1 | the standard deviation is -1.0",
        "init: uniform, shape: [1], low: 2 | bounds are 2.0 and 1.0, must go up",
        "init: normal, shape: [1], seed: x | `seed` is x, must be a whole number",
        "init: xavier_normal, shape: [1] | `w` cannot be initialised so: [1] has no inputs",
        "init: kaiming_normal, shape: [1, 2], mode: in | `mode` is in, must be `fan_in` or",
        "init: kaiming_normal, shape: [1, 2], nonlinearity: gelu | `nonlinearity` is gelu, must be",
        "init: xavier_normal, shape: [1, 2], gain: 1, nonlinearity: tanh | say the same",
        "init: xavier_normal, shape: [1, 2], negative_slope: 1 | `negative_slope` is that of",
        "init: zeros, shape: [1], dtype: int3 | `dtype` is int3",
        "init: zeros, shape: [1], match: x | `match` is out of place here",
        "init: zeros, shape: [1], keep: [0, 1] | `keep` is out of place here"
      })
  void newTensorsThatAreNoneAreRefused(String keys, String message) {
    assertThatThrownBy(() -> parse(NEW.formatted(keys)))
        .hasMessageStartingWith("recipe.yml:3: ")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{match: x} | a rule has `from`, the model whose tensors are taken, or `init`",
        "{from: a, init: zeros} | a rule has `from`, where tensors are taken, or `init`",
        "x | an element of `compose` must be a mapping",
        "{from: a, match: '('} | `match` is `(`, no regular expression",
        "{from: a, except: [x, '[']} | `except` is `[`, no regular expression",
        "{from: a, match: 'x', as: '$1'} | `$1` puts in group 1, and `x` has no group",
        "{from: a, match: 'x', join: ['$2'], as: y} | `$2` puts in group 2",
        "{from: 'a*'} | `from` is the pattern a*; name one model",
        "{from: a, seed: 1} | `seed` is out of place here",
        "{from: a, shape: [1]} | `shape` is out of place here",
        "{from: a, leave_out: maybe} | `leave_out` is maybe, must be true or false",
        "{from: a, leave_out: true, as: x} | `as` names what goes into the output",
        "{from: a, keep: [3, 3]} | `keep` is [3, 3], must be the first place",
        "{from: a, as: [q, k], keep: [0, 3]} | `as` has 2 names, so a tensor is split",
        "{from: a, sizes: [1, 2]} | `sizes` are those of the parts",
        "{from: a, as: [q, k], sizes: [0, 2]} | `sizes` is [0, 2], must be lengths above 0",
        "{from: a, as: [q, k], sizes: some} | `sizes` is some, must be a list of lengths",
        "{from: a, as: [q, k], groups: all} | `groups` is all, must be how often",
        "{from: a, axis: -1} | `axis` is -1, must be a whole number from 0",
        "{from: a, stack: true} | `stack` puts what `join` lists along a new first axis",
        "{from: a, join: [{x: y}]} | an element of `join` is a name, or",
        "{from: a, form: b} | `form` is not a key of a rule of `compose`; did you mean `from`?"
      })
  void rulesThatAreNoneAreRefused(String rule, String message) {
    assertThatThrownBy(() -> parse(ONE.formatted(rule)))
        .hasMessageStartingWith("recipe.yml:2: ")
        .hasMessageContaining(message);
  }

  @Test
  void allProblemsComeTogether() {
    assertThatThrownBy(
            () -> parse("compose:\n  - {match: x}\n  - {from: a, axis: q}\ndtype: int3\n"))
        .hasMessageContaining("recipe.yml:2: ")
        .hasMessageContaining("recipe.yml:3: ")
        .hasMessageContaining("recipe.yml:4: ");
  }

  @Test
  void partsAreJoinedAndSplit() {
    Take joined =
        take("{from: a, match: q, join: [k, {from: b, name: v}], as: qkv, groups: heads, axis: 1}");
    assertThat(joined.arrangement().joined()).hasSize(2);
    assertThat(joined.models()).extracting(ModelReference::path).containsExactly("a", "b");
    assertThat(joined.arrangement().groups().kind()).isEqualTo(Groups.Kind.HEADS);
    assertThat(joined.arrangement().axis()).isEqualTo(1);
    Take split = take("{from: a, match: qkv, as: [q, k, v], sizes: heads, groups: 4}");
    assertThat(split.as()).containsExactly("q", "k", "v");
    assertThat(split.arrangement().sizes().areOfHeads()).isTrue();
    assertThat(split.arrangement().groups()).isEqualTo(new Groups(Groups.Kind.COUNT, 4));
  }

  @Test
  void aCompositionIsNoMerge() {
    assertThatThrownBy(() -> parse("compose:\n  - {from: a}\nmerge_method: linear\n"))
        .hasMessageContaining("recipe.yml:3: `merge_method` is for a merge; compose in a stage");
    assertThatThrownBy(() -> parse("compose:\n  - {from: a}\ntokenizer: {source: base}\n"))
        .hasMessageContaining("recipe.yml:3: `tokenizer` is for a merge");
  }

  @Test
  void someModelMustBeThere() {
    assertThatThrownBy(() -> parse("compose:\n  - {as: w, init: zeros, shape: [1]}\n"))
        .hasMessageContaining("name a `base_model`, which gives configuration and tokenizer");
    assertThat(
            parse("base_model: a\ncompose:\n  - {as: w, init: zeros, shape: [1]}\n").donor().path())
        .isEqualTo("a");
  }

  @Test
  void theConfigurationIsEdited() {
    Composition.Config config =
        parse(
                "compose:\n  - {from: a}\nconfig:\n  template: t.json\n  set: {x.y: 1}\n  remove: [z, w]\n")
            .composition()
            .orElseThrow()
            .config();
    assertThat(config.file()).isPresent();
    assertThat(config.model()).isEmpty();
    assertThat(config.set()).containsOnlyKeys("x.y");
    assertThat(config.removed()).containsExactly("z", "w");
    assertThat(config.isUnchanged()).isFalse();
    assertThat(Composition.Config.UNCHANGED.isUnchanged()).isTrue();
  }

  @Test
  void stagesMayBeCompositions() {
    Recipe recipe =
        parse(
            "name: c\ncompose:\n  - {from: a}\n---\nmerge_method: linear\nparameters: {weight: 1}\nmodels:\n  - model: c\n  - model: b\n");
    assertThat(recipe.stages().before()).hasSize(1);
    assertThat(recipe.stages().before().get(0).recipe().composition()).isPresent();
  }
}
