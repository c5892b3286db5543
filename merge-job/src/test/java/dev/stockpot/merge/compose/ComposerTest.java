package dev.stockpot.merge.compose;

import static dev.stockpot.merge.compose.Compositions.elements;
import static dev.stockpot.merge.compose.Compositions.rules;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.model.Initialised;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.plan.ModelHeaders;
import dev.stockpot.merge.storage.StoredObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What rules make: which tensors, under which names, of what, and what is told of the rest. */
class ComposerTest {
  private static ModelHeaders a() {
    return ModelHeaders.named("a")
        .config("{\"model_type\": \"x\"}")
        .tensor("h.0.w", 2, 2)
        .tensor("h.10.w", 2, 2)
        .tensor("h.2.w", 2, 2)
        .tensor("head", 4);
  }

  private static ModelHeaders b() {
    return ModelHeaders.named("b").tensor("q", DType.F32, 2, 2).tensor("k", DType.F32, 1, 2);
  }

  private static List<String> table(Composed composed) {
    return composed.table().stream()
        .map(row -> "%s %s %s: %s".formatted(row.name(), row.dtype(), row.shape(), row.origin()))
        .toList();
  }

  @Test
  void tensorsComeInTheOrderOfTheirLayersWithTheirOriginsAndLines() {
    Composed composed =
        rules(List.of("from: b, match: q, join: [k], as: qk", "from: a, except: head"), a(), b())
            .composed();
    assertThat(table(composed))
        .containsExactly(
            "h.0.w BF16 [2, 2]: a h.0.w",
            "h.2.w BF16 [2, 2]: a h.2.w",
            "h.10.w BF16 [2, 2]: a h.10.w",
            "qk F32 [3, 2]: b q + k");
    assertThat(composed.table()).extracting(ComposedTensor::line).containsExactly(3, 3, 3, 2);
    assertThat(composed.model().tensors()).containsOnlyKeys("h.0.w", "h.2.w", "h.10.w", "qk");
    assertThat(composed.leftOut()).containsExactly("a head");
  }

  @Test
  void whatIsSplitSaysWhichPartItIs() {
    Composed composed =
        rules(List.of("from: b, match: '^q$', as: [r, s]", "from: b, match: k"), b()).composed();
    assertThat(table(composed))
        .containsExactly("k F32 [1, 2]: b k", "r F32 [1, 2]: b q, part 1 of 2", part("s", 2));
    Map<String, TensorSource> tensors = composed.model().tensors();
    assertThat(elements(tensors.get("r"))).isEqualTo("q0 q1");
    assertThat(elements(tensors.get("s"))).isEqualTo("q2 q3");
  }

  private static String part(String name, int part) {
    return "%s F32 [1, 2]: b q, part %s of 2".formatted(name, part);
  }

  @Test
  void namesAreReplacedWhereTheyMatchAndStandUnderAnother() {
    Composed composed =
        rules(
                List.of(
                    "from: a, match: 'h\\.(\\d+)', as: 'layers.$1', under: enc",
                    "from: a, match: head, under: 'dec.'"),
                a())
            .composed();
    assertThat(composed.model().tensors().keySet())
        .containsExactly("dec.head", "enc.layers.0.w", "enc.layers.2.w", "enc.layers.10.w");
  }

  @Test
  void partsOfOtherModelsAreTakenFromThese() {
    List<String> rules =
        List.of(
            "from: b, match: q, join: [{from: c, name: k}], as: x", "from: b, match: k, as: own");
    ModelHeaders c = ModelHeaders.named("c").tensor("k", DType.F32, 3, 2);
    Composed composed = rules(rules, b(), c).composed();
    assertThat(table(composed)).containsExactly("own F32 [1, 2]: b k", "x F32 [5, 2]: b q + c k");
    assertThat(composed.model().shards())
        .extracting(StoredObject::location)
        .extracting(Object::toString)
        .containsExactly("b/model.safetensors", "c/model.safetensors");
  }

  @Test
  void whatOneRuleLeavesOutAnotherMayTake() {
    Composed composed =
        rules(
                List.of(
                    "from: a, match: h\\., except: ['h.2', 'h.10']",
                    "from: a, match: 'h.2', as: 'h.1'",
                    "from: a, match: head, leave_out: true"),
                a())
            .composed();
    assertThat(composed.model().tensors().keySet()).containsExactly("h.0.w", "h.1.w");
    assertThat(composed.leftOut()).containsExactly("a h.10.w", "a head");
    assertThat(composed.notices()).isEmpty();
  }

  @Test
  void tensorsThatNoRuleNamesAreAProblemOfTheirModel() {
    rules(List.of("from: a, match: 'h.0'", "from: b, match: k"), a(), b())
        .assertProblems(
            "recipe.yml:2: no rule takes 3 tensors of a: h.2.w, h.10.w, head. Take them, or say"
                + " that they are left out: {from: a, match: '…', leave_out: true}",
            "recipe.yml:3: no rule takes a tensor of b: q. Take them, or say that they are left"
                + " out: {from: b, match: '…', leave_out: true}");
  }

  @Test
  void onlyTheFirstNamesAreExamples() {
    rules(List.of("from: a, match: nothing", "from: a"), a())
        .assertProblems(
            "recipe.yml:2: no tensor of a matches `nothing`; they are called h.0.w, h.2.w, h.10.w,"
                + " …");
    rules(List.of("from: b, match: q, except: .", "from: b"), b())
        .assertProblems(
            "recipe.yml:2: no tensor of b matches `q` without what `except` says; they are called"
                + " k, q");
  }

  @Test
  void aLeftOutRuleThatMatchesNothingIsAProblemToo() {
    rules(List.of("from: b", "from: b, match: zzz, leave_out: true"), b())
        .assertProblems("recipe.yml:3: no tensor of b matches `zzz`; they are called k, q");
  }

  @Test
  void exceptionsThatMatchNothingOfWhatIsMatchedAreTold() {
    Composed composed =
        rules(List.of("from: a, match: h, except: [head, q, 'h.2']", "from: a, match: 'h.2'"), a())
            .composed();
    assertThat(composed.notices())
        .containsExactly("recipe.yml:2: `except` leaves out `q`, which matches nothing");
  }

  @Test
  void oneNameIsOfOneTensor() {
    rules(List.of("from: b", "from: b, match: k, as: q"), b())
        .assertProblems(
            "recipe.yml:3: b k would be q, and so would b q of line 2; give one another name, or"
                + " leave it out with `except`");
  }

  @Test
  void rulesThatTakeNothingMakeNoModel() {
    String recipe = "base_model: b\ncompose:\n  - {from: b, leave_out: true}\n";
    Compositions.of(recipe, b()).assertProblems("recipe.yml: 1 rules of `compose` make no tensor");
  }

  private static final String NEW = "as: n, shape: [2], init: ones";

  private static DType ofNew(ModelHeaders model) {
    Composed composed = rules(List.of("from: m", NEW), model).composed();
    return composed.model().tensors().get("n").storedType();
  }

  @Test
  void newTensorsAreOfTheTypeThatMostElementsHave() {
    ModelHeaders model = ModelHeaders.named("m");
    model.tensor("a", DType.F16, 2, 2).tensor("b", DType.BF16, 3).tensor("c", DType.BF16, 2);
    assertThat(ofNew(model)).isEqualTo(DType.BF16);
    assertThat(ofNew(model.tensor("ids", DType.I64, 100).tensor("f8", DType.F8_E4M3, 100)))
        .as("those of which there can be new ones")
        .isEqualTo(DType.BF16);
    assertThat(ofNew(ModelHeaders.named("m").tensor("ids", DType.I64, 3))).isEqualTo(DType.F32);
  }

  @Test
  void ofEqualTypesTheFirstIsUsual() {
    ModelHeaders model = ModelHeaders.named("m").tensor("a", DType.F16, 2).tensor("b", 2);
    assertThat(ofNew(model)).isEqualTo(DType.F16);
  }

  @Test
  void drawsHaveTheSeedOfTheirRuleOrOfTheMerge() {
    List<String> rules = List.of("from: b", NEW, "as: o, shape: [2], init: normal, seed: 5");
    Composed composed = rules(rules, b()).composed();
    Map<String, TensorSource> tensors = composed.model().tensors();
    assertThat(((Initialised) tensors.get("n")).seed()).isEqualTo(Compositions.SEED);
    assertThat(((Initialised) tensors.get("o")).seed()).isEqualTo(5);
    assertThat(tensors.get("n").shape()).isEqualTo(Shape.of(2));
    assertThat(table(composed)).contains("n F32 [2]: new, all 1.0");
  }

  @Test
  void aNewTensorTakesNobodysName() {
    rules(List.of("as: q, shape: [2], init: ones", "from: b"), b())
        .assertProblems(
            "recipe.yml:2: new, all 1.0 would be q, and so would b q of line 3; give one another"
                + " name, or leave it out with `except`");
  }
}
