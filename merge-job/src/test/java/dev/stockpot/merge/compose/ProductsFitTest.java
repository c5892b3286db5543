package dev.stockpot.merge.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.methods.widths.CrossSums;
import dev.stockpot.kernels.methods.widths.WidthPrograms;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.Solved;
import dev.stockpot.merge.plan.ModelHeaders;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.statistics.StatisticsCheckpoint;
import dev.stockpot.merge.statistics.StatisticsNotes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Maps of sums of products: of the same examples, and each scaled as the others are. */
class ProductsFitTest {
  private static final String CROSS = "as: map, fit: crossgram, from: c, gram: m.gram, crossgram: ";
  private static final String FIT = CROSS + "m.xy, ridge: 0.5";
  private static final String APART = FIT + ", grams: g";
  private static final String CENTRED = APART + ", bias: added";
  private static final String TOLD = APART + ", target: m.gram_diag, targets: t";

  private final Map<ModelReference, Model> models = new LinkedHashMap<>();
  private final Map<ModelReference, StatisticsCheckpoint> statistics = new LinkedHashMap<>();

  /** Statistics of which their writer says {@code sum}, {@code mean} or nothing. */
  private void put(ModelHeaders headers, String normalised, Map<String, Double> counts) {
    Map<String, String> said = normalised.isEmpty() ? Map.of() : Map.of("normalised", normalised);
    List<String> faults = new ArrayList<>();
    StatisticsNotes notes = StatisticsNotes.of(said, faults);
    Model model = headers.open();
    ModelReference place = Compositions.named(model.folder().path());
    models.put(place, model);
    statistics.put(place, new StatisticsCheckpoint(model, notes, counts, faults, List.of()));
  }

  /** Products of 2 by 3 with all that can lie beside them, in three places. */
  private void products(
      String ofGram, double grams, String ofCross, double crosses, String ofSquares) {
    put(ModelHeaders.named("g").tensor("m.gram", 2, 2), ofGram, counts(grams));
    put(
        ModelHeaders.named("c")
            .tensor("m.gram", 2, 2)
            .tensor("m.xy", 2, 3)
            .tensor("m.sum_a", 2)
            .tensor("m.sum_b", 3),
        ofCross,
        counts(crosses));
    put(
        ModelHeaders.named("t").tensor("m.gram_diag", 3).tensor("m.gram", 3, 3),
        ofSquares,
        Map.of("m", 8.0));
  }

  private static Map<String, Double> counts(double count) {
    return count == 0 ? Map.of() : Map.of("m", count);
  }

  private Carrying.Fitted fitted(String rule) {
    return new ProductsFit(models, statistics::get).fitted(Compositions.fit(rule));
  }

  private Solved map(String rule) {
    return (Solved) fitted(rule).map();
  }

  private void refuses(String rule, String message) {
    assertThatThrownBy(() -> fitted(rule))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  private static List<String> places(Solved solved) {
    return solved.inputs().stream()
        .map(input -> input.place(0))
        .map(place -> place.origin().replaceAll("/.*", "/") + place.tensor())
        .toList();
  }

  @Test
  void productsOfOnePlaceAreTakenAsTheyAre() {
    products("", 0, "", 0, "");
    Carrying.Fitted fitted = fitted(FIT);
    Solved map = (Solved) fitted.map();
    assertThat(map.shape()).as("to, from").isEqualTo(Shape.of(3, 2));
    assertThat(places(map)).containsExactly("c/m.gram", "c/m.xy");
    assertThat(map.program()).isEqualTo(WidthPrograms.ofProducts(2, 3, 0.5, 1));
    assertThat(map.terms()).isEqualTo("least squares by m.xy of c, ridge 0.5, scale 1.0");
    assertThat(fitted.words()).isEqualTo("least squares by m.xy of c");
    assertThat(fitted.bias()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "sum, 8, sum, 8, 1",
    "mean, 0, mean, 0, 1",
    "sum, 8, mean, 8, 8",
    "sum, 0, mean, 8, 8",
    "mean, 8, sum, 8, 0.125",
    "mean, 8, sum, 0, 0.125"
  })
  void productsAreScaledForGramsOfAnotherPlace(
      String grams, double samples, String cross, double count, double scale) {
    products(grams, samples, cross, count, "");
    Solved map = map(APART);
    assertThat(places(map)).containsExactly("g/m.gram", "c/m.xy");
    assertThat(map.program()).isEqualTo(WidthPrograms.ofProducts(2, 3, 0.5, scale));
  }

  @Test
  void sumsThatDoNotBelongTogetherAreRefused() {
    products("sum", 7, "sum", 8, "");
    refuses(APART, "m.gram is of 7.0 samples and m.xy of 8.0; take both from the same examples");
    products("sum", 0, "mean", 0, "");
    refuses(
        APART,
        "m.gram and m.xy are a sum and a mean, of nobody knows how many samples; write MODULE.count"
            + " beside them");
    String silent =
        "%s does not say whether it holds sums or means; its metadata needs `normalised`, sum or"
            + " mean";
    products("", 8, "sum", 8, "");
    refuses(APART, silent.formatted("g"));
    products("sum", 8, "", 8, "");
    refuses(APART, silent.formatted("c"));
  }

  @Test
  void countsOfOnePlaceMustAgreeToo() {
    ModelHeaders both = ModelHeaders.named("c").tensor("a.gram", 2, 2).tensor("b.xy", 2, 3);
    put(both, "", Map.of("a", 3.0, "b", 4.0));
    refuses(
        "as: map, fit: crossgram, from: c, gram: a.gram, crossgram: b.xy",
        "a.gram is of 3.0 samples and b.xy of 4.0; take both from the same examples");
  }

  @Test
  void whatIsWrongWithStatisticsIsSaid() {
    products("sum", 8, "sums", 8, "");
    refuses(APART, "c: its metadata say normalised is 'sums', must be mean or sum");
  }

  @Test
  void aMapThatAddsSomethingIsMadeOfSumsToo() {
    products("sum", 8, "sum", 8, "");
    Carrying.Fitted fitted = fitted(CENTRED);
    Solved map = (Solved) fitted.map();
    assertThat(places(map)).containsExactly("g/m.gram", "c/m.xy", "c/m.sum_a", "c/m.sum_b");
    CrossSums beside = new CrossSums(8, 8, true, 0);
    assertThat(map.program()).isEqualTo(WidthPrograms.ofProducts(2, 3, 0.5, 1, beside));
    Solved bias = (Solved) fitted.bias().orElseThrow();
    assertThat(bias.tensor()).isEqualTo("added");
    assertThat(bias.shape()).isEqualTo(Shape.of(3));
    assertThat(bias.program()).isEqualTo(WidthPrograms.shiftOfSums(2, 3, 8));
    assertThat(bias.inputs()).containsExactly(map.inputs().get(2), map.inputs().get(3), map);
    products("mean", 0, "sum", 8, "");
    assertThat(map(CENTRED).program())
        .as("means count as one sample")
        .isEqualTo(WidthPrograms.ofProducts(2, 3, 0.5, 0.125, new CrossSums(8, 1, true, 0)));
  }

  @ParameterizedTest
  @CsvSource({"sum, sum, 1", "sum, mean, 8", "mean, sum, 0.125", "mean, mean, 1"})
  void squaresAreScaledAsTheGramsAre(String grams, String squares, double times) {
    products(grams, 8, "sum", 8, squares);
    Solved map = map(TOLD);
    double weight = grams.equals("sum") ? 8 : 1;
    assertThat(places(map)).hasSize(5).last().isEqualTo("t/m.gram_diag");
    assertThat(map.program())
        .isEqualTo(
            WidthPrograms.ofProducts(
                2, 3, 0.5, weight / 8, new CrossSums(8, weight, false, times)));
    assertThat(fitted(TOLD).bias()).isEmpty();
    assertThat(places(map(TOLD.replace("m.gram_diag", "m.gram")))).contains("t/m.gram");
  }

  @Test
  void squaresOfOtherExamplesOrSizesAreRefused() {
    products("sum", 9, "sum", 9, "sum");
    refuses(
        TOLD, "m.gram_diag is of 8.0 samples and m.xy of 9.0; take both from the same examples");
    products("sum", 8, "sum", 8, "");
    refuses(
        TOLD,
        "t does not say whether it holds sums or means; its metadata needs `normalised`, sum or"
            + " mean");
    put(ModelHeaders.named("t").tensor("m.gram_diag", 2), "sum", Map.of());
    refuses(TOLD, "m.gram_diag is [2]; YᵀY must be [3, 3], or its diagonal");
  }

  @Test
  void sumsAreMeansOnlyWhereSamplesAreCounted() {
    products("sum", 8, "sum", 0, "");
    refuses(CENTRED, "c has no m.count, without which its sums are no means");
    products("mean", 8, "mean", 8, "");
    refuses(
        CENTRED,
        "c holds means of products, and says not whether m.sum_a is one; write sums (`normalised:"
            + " sum`)");
  }

  @Test
  void shapesThatAreNoProductsAreRefused() {
    String message = "m.gram is %s and m.xy is %s; XᵀX must be square, and as high as XᵀY";
    put(ModelHeaders.named("c").tensor("m.gram", 2, 2).tensor("m.xy", 3, 2), "", Map.of());
    refuses(FIT, message.formatted("[2, 2]", "[3, 2]"));
    put(ModelHeaders.named("c").tensor("m.gram", 2, 3).tensor("m.xy", 2, 3), "", Map.of());
    refuses(FIT, message.formatted("[2, 3]", "[2, 3]"));
    put(ModelHeaders.named("c").tensor("m.gram", 2, 2).tensor("m.xy", 2), "", Map.of());
    refuses(FIT, message.formatted("[2, 2]", "[2]"));
    products("sum", 8, "sum", 8, "");
    put(
        ModelHeaders.named("c").tensor("m.xy", 2, 3).tensor("m.sum_a", 3).tensor("m.sum_b", 3),
        "sum",
        Map.of("m", 8.0));
    refuses(CENTRED, "m.sum_a is [3], must be [2]");
  }

  @Test
  void whatIsNotThereIsSaidWithItsPlace() {
    products("sum", 8, "sum", 8, "sum");
    refuses(APART.replace("m.gram,", "n.gram,"), "g has no tensor n.gram");
    refuses(CROSS + "n.xy", "c has no tensor n.xy");
    refuses(TOLD.replace("m.gram_diag", "n.diag"), "t has no tensor n.diag");
  }

  @Test
  void aModuleIsAllBeforeTheLastPoint() {
    assertThat(ProductSums.module("model.layers.0.mlp.gram")).isEqualTo("model.layers.0.mlp");
    assertThat(ProductSums.module("gram")).isEqualTo("gram");
  }
}
