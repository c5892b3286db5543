package dev.stockpot.merge.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.model.ElementPlace;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.recipe.ModelReference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Classes of several models as rows of one head. */
class LabelRowsTest {
  private static final ModelReference A = new ModelReference("a", 0);
  private static final ModelReference B = new ModelReference("b", 0);
  private static final ModelReference C = new ModelReference("c", 0);

  private final Map<ModelReference, List<String>> labels = new LinkedHashMap<>();
  private final Map<ModelReference, TensorSource> heads = new LinkedHashMap<>();

  /** Rows of two numbers. */
  private LabelRowsTest has(ModelReference model, DType type, String... names) {
    labels.put(model, List.of(names));
    heads.put(model, Works.stored(model.path(), type, names.length, 2));
    return this;
  }

  private LabelRowsTest has(ModelReference model, String... names) {
    return has(model, DType.F32, names);
  }

  private List<String> union() {
    return new LabelRows(labels, true).merged();
  }

  private List<String> apart() {
    return new LabelRows(labels, false).merged();
  }

  private TensorSource head(boolean areShared) {
    return new LabelRows(labels, areShared).of("x", heads);
  }

  /** Where each row is stored, as {@code model/row}. */
  private static List<String> places(TensorSource head) {
    List<String> places = new ArrayList<>();
    for (long row = 0; row < head.shape().dimensions().get(0); row++) {
      ElementPlace place = head.place(2 * row);
      places.add(place.origin().replaceAll("/.*", "/") + place.element() / 2);
    }
    return places;
  }

  @Test
  void standInTheOrderOfTheModelsAndEachOnce() {
    has(A, "x", "y").has(B, "z", "y", "w").has(C, "w", "x", "v");

    assertThat(union()).containsExactly("x", "y", "z", "w", "v");
  }

  @Test
  void areCalledAfterTheirModelsWhereNamesAreThereTwice() {
    has(A, "x", "y").has(B, "z", "y", "w").has(C, "w", "x", "v");

    assertThat(apart())
        .containsExactly("x (a)", "y (a)", "z", "y (b)", "w (b)", "w (c)", "x (c)", "v");
  }

  @Test
  void neverGetANameThatAnotherClassHas() {
    has(A, "x (b)", "x").has(B, "x", "x (a)");

    assertThat(apart()).hasSize(4).doesNotHaveDuplicates();
    assertThat(head(false).shape()).isEqualTo(Shape.of(4, 2));
    assertThat(places(head(false))).containsExactly("a/0", "a/1", "b/0", "b/1");
  }

  @Test
  void aResultOfSuchAMergeMayBeMergedAgain() {
    has(C, "x (a)", "x (b)").has(A, "x", "y").has(B, "x");

    assertThat(apart()).containsExactly("x (a)", "x (b)", "x (a) (a)", "y", "x (b) (b)");
  }

  @Test
  void theConfigurationNamesThemInBothDirections() {
    has(A, "x", "y").has(B, "y", "z");
    LabelRows rows = new LabelRows(labels, true);

    assertThat(rows.values().get("id2label"))
        .isEqualTo(JsonObject.EMPTY.with("0", "x").with("1", "y").with("2", "z"));
    assertThat(rows.values().get("label2id"))
        .isEqualTo(JsonObject.EMPTY.with("x", 0).with("y", 1).with("z", 2));
  }

  @Test
  void rowsOneBehindTheOtherKeepTheirType() {
    has(A, DType.BF16, "x", "y").has(B, DType.BF16, "z");
    TensorSource head = head(false);

    assertThat(head.dtype()).isEqualTo(DType.BF16);
    assertThat(head.shape()).isEqualTo(Shape.of(3, 2));
    assertThat(places(head)).containsExactly("a/0", "a/1", "b/0");
    assertThat(head.parts()).hasSize(2); // a run of each
  }

  @Test
  void rowsOfOneModelAloneAreItsHead() {
    has(A, DType.BF16, "x", "y", "z");

    assertThat(places(head(true))).containsExactly("a/0", "a/1", "a/2");
    assertThat(head(true).dtype()).isEqualTo(DType.BF16);
  }

  @Test
  void rowsOfTwoTypesAreWidened() {
    has(A, DType.BF16, "x").has(B, DType.F16, "y");

    assertThat(head(false).dtype()).isEqualTo(DType.F32);
    assertThat(head(false).shape()).isEqualTo(Shape.of(2, 2));
  }

  @Test
  void sharedRowsAreMeansOfAllThatHaveThemInFloat32() {
    has(A, DType.BF16, "x", "y", "z").has(B, DType.BF16, "q", "y", "z").has(C, DType.BF16, "z");
    TensorSource head = head(true);

    assertThat(union()).containsExactly("x", "y", "z", "q");
    assertThat(head.dtype()).isEqualTo(DType.F32);
    assertThat(head.shape()).isEqualTo(Shape.of(4, 2));
    assertThat(head.footprint(ElementSpan.all(head.shape())).bytesRead())
        .isEqualTo((3 + 3 + 1) * 2 * 2);
    assertThat(head.parts()).hasSize(4); // means of two and of three, and what one model has
  }

  @Test
  void meansOfNeighboursAreOneMean() {
    has(A, "x", "y", "z").has(B, "x", "y", "z");

    assertThat(head(true).parts()).hasSize(2); // the mean itself, of two heads
    assertThat(head(true).shape()).isEqualTo(Shape.of(3, 2));
  }

  @Test
  void neighboursInOneModelAloneAreNoRun() {
    has(A, "x", "y").has(B, "y", "x");

    assertThat(union()).containsExactly("x", "y");
    assertThat(head(true).shape()).isEqualTo(Shape.of(2, 2));
    assertThat(head(true).parts()).allMatch(part -> part.shape().equals(Shape.of(1, 2)));
  }

  private static Planning heads(String rule, ModelHeaders... models) {
    return Planning.of(Planning.linear("a", "b") + "heads: [" + rule + "]\n", models);
  }

  private static ModelHeaders classifier(String name, String labels, long width) {
    return ModelHeaders.named(name)
        .config("{\"id2label\": %s}".formatted(labels))
        .tensor("head.weight", labels.split(":", -1).length - 1L, width)
        .tensor("norm", 4);
  }

  @Test
  void refusesHeadsOfOtherWidths() {
    heads(
            "{match: '^head', labels: union}",
            classifier("a", "{\"0\": \"x\"}", 4),
            classifier("b", "{\"0\": \"y\"}", 5))
        .assertProblems(
            "recipe.yml:6: rows are of other lengths in some models: [1, 4] of a, [1, 5] of b, for"
                + " head.weight");
  }

  @Test
  void refusesAModelWithoutTheHead() {
    heads(
            "{match: '^head', labels: union}",
            classifier("a", "{\"0\": \"x\"}", 4),
            classifier("b", "{\"0\": \"y\"}", 4).without("head.weight"))
        .assertProblems(
            "recipe.yml:6: b has no such tensor, so not all classes have a row, for head.weight");
  }

  @Test
  void refusesRowsThatAreNoNumbers() {
    heads(
            "{match: '^head', labels: union}",
            classifier("a", "{\"0\": \"x\"}", 4),
            ModelHeaders.named("b")
                .config("{\"id2label\": {\"0\": \"y\"}}")
                .tensor("head.weight", DType.I32, 1, 4)
                .tensor("norm", 4))
        .assertProblems(
            "recipe.yml:6: b has I32 [1, 4], and its config.json names 1 classes in id2label, each"
                + " once, for head.weight");
  }
}
