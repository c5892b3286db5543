package dev.stockpot.merge.compose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.plan.ModelHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What comes out where rules find maps and carry tensors by them, and what is told of it. */
class CarriedTensorsTest {
  private static final String FIT = "as: map, fit: least_squares, from: narrow, to: wide";
  private static final String HIDDEN = FIT + ", hidden: true";
  private static final String UP = "from: wide, match: up.weight, as: up";
  private static final String REST = "from: wide, leave_out: true";

  /** Models of two and three dimensions with the same four tokens. */
  static Compositions of(String... rules) {
    ModelHeaders narrow =
        ModelHeaders.named("narrow").tensor("wte.weight", DType.F32, 4, 2).tensor("x", 2);
    ModelHeaders wide =
        ModelHeaders.named("wide")
            .tensor("embed_tokens.weight", 4, 3)
            .tensor("up.weight", 5, 3)
            .tensor("down.weight", 3, 5)
            .tensor("down.bias", 3)
            .tensor("mid.weight", 3, 3)
            .tensor("in.weight", 2, 3)
            .tensor("in.bias", 2)
            .tensor("lora", 2, 3)
            .tensor("gain", 3)
            .tensor("norm.bias", 3);
    List<String> all = new ArrayList<>(List.of("from: narrow"));
    all.addAll(List.of(rules));
    Compositions.SharedTokens same = (one, other) -> IntStream.range(0, 4).toArray();
    return Compositions.rules(all, narrow, wide).with(same);
  }

  private static String origin(Composed composed, String name) {
    return composed.table().stream()
        .filter(row -> row.name().equals(name))
        .map(row -> "%s %s: %s".formatted(row.dtype(), row.shape(), row.origin()))
        .findFirst()
        .orElse("not there");
  }

  @Test
  void aMapIsATensorThatNoLibraryExpects() {
    Composed composed = of(FIT, REST).composed();
    assertThat(origin(composed, "map"))
        .isEqualTo("F32 [3, 2]: new, least_squares of 4 shared tokens of narrow and wide");
    assertThat(composed.notices())
        .contains(
            "map maps states between layers of other widths: no class of transformers loads such a"
                + " model as it is, so write a module that applies it");
  }

  @Test
  void aHiddenMapIsNoneOfThem() {
    Composed composed = of(HIDDEN, UP + ", through: map", REST).composed();
    assertThat(composed.model().tensors()).containsOnlyKeys("up", "wte.weight", "x");
    assertThat(origin(composed, "up")).isEqualTo("BF16 [5, 2]: wide up.weight, times map");
    assertThat(composed.notices()).noneMatch(notice -> notice.startsWith("map "));
  }

  @Test
  void theShareThatIsExplainedIsThereEvenIfTheMapIsNot() {
    Composed composed = of(HIDDEN + ", explained: share", REST).composed();
    assertThat(origin(composed, "share"))
        .isEqualTo("F32 [1]: new, share of the variance that map explains");
    assertThat(composed.model().tensors()).doesNotContainKey("map");
  }

  @Test
  void bothSidesOfAMatrixMayBeCarried() {
    String back = "as: back, fit: least_squares, from: wide, to: narrow, ridge: 1";
    Composed composed =
        of(HIDDEN, back, "from: wide, match: mid, through: map, onto: back", REST).composed();
    assertThat(origin(composed, "mid.weight"))
        .isEqualTo("BF16 [2, 2]: back times wide mid.weight, times map");
    List<TensorSource> outer = composed.model().tensors().get("mid.weight").parts();
    assertThat(outer)
        .extracting(TensorSource::shape)
        .as("the map that is in the output, and what is carried through the hidden one")
        .containsExactly(Shape.of(2, 3), Shape.of(3, 2));
    assertThat(outer.get(0)).isEqualTo(composed.model().tensors().get("back"));
    assertThat(outer.get(1).parts().get(0).place(0).tensor()).isEqualTo("mid.weight");
  }

  @Test
  void anyMatrixAboveIsAMap() {
    Composed composed =
        of("from: wide, match: down.weight, as: d", UP + ", through: d", REST).composed();
    assertThat(origin(composed, "up")).isEqualTo("BF16 [5, 5]: wide up.weight, times d");
  }

  @Test
  void aMapBelowIsNone() {
    of(UP + ", through: map", REST, FIT)
        .assertProblems(
            "recipe.yml:3: up.weight of wide: no rule above makes map, which it is multiplied"
                + " with");
  }

  @Test
  void aMapIsFoundOnce() {
    of(HIDDEN, HIDDEN, REST)
        .assertProblems("recipe.yml:4: map cannot be found: map is found twice");
    of(FIT, FIT, REST)
        .assertProblems(
            "recipe.yml:4: new, least_squares of 4 shared tokens of narrow and wide would be map,"
                + " and so would new, least_squares of 4 shared tokens of narrow and wide of line"
                + " 3; give one another name, or leave it out with `except`");
  }

  @Test
  void whatTheMapDoesNotFitIsAProblemOfItsRule() {
    of(
            HIDDEN,
            "from: wide, match: norm.bias, through: map",
            "from: wide, match: down.bias, onto: map",
            REST)
        .assertProblems(
            "recipe.yml:4: norm.bias of wide: [3] and [3, 2] cannot be multiplied",
            "recipe.yml:5: down.bias of wide: [3, 2] and [3, 1] cannot be multiplied");
  }

  /** The configuration of a model of four tokens that gets the five of another. */
  private static String config(String narrow, String wide) {
    ModelHeaders ours = ModelHeaders.named("narrow").config(narrow).tensor("wte.weight", 4, 2);
    ModelHeaders theirs = ModelHeaders.named("wide").config(wide).tensor("embed_in.weight", 5, 3);
    List<String> rules = List.of("from: narrow, tokens: {of: wide, method: mean}");
    Composed composed =
        Compositions.rules(rules, ours, theirs)
            .with((Compositions.SharedTokens) (one, other) -> new int[] {3, -1, 0, 1, 2})
            .composed();
    assertThat(origin(composed, "wte.weight"))
        .isEqualTo("BF16 [5, 2]: narrow wte.weight, tokens of wide by mean");
    return composed.model().configText();
  }

  @Test
  void theConfigurationFollowsTheTokens() {
    assertThat(
            config(
                "{\"vocab_size\": 4, \"eos_token_id\": 3}",
                "{\"vocab_size\": 9, \"eos_token_id\": [1, 2], \"bos_token_id\": 0,"
                    + " \"hidden_size\": 3}"))
        .as("as many tokens as there are rows, and the ids of the other model")
        .isEqualTo("{\"vocab_size\": 5, \"eos_token_id\": [1,2], \"bos_token_id\": 0}");
  }

  @Test
  void idsAreTakenOutOfTheDonorsLanguageModel() {
    assertThat(
            config(
                "{\"n\": 1}",
                "{\"pad_token_id\": 8, \"text_config\": {\"n_layer\": 1, \"eos_token_id\": 2}}"))
        .isEqualTo("{\"n\": 1, \"vocab_size\": 5, \"eos_token_id\": 2}");
  }
}
