package dev.stockpot.merge.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.observe.Figures;
import dev.stockpot.kernels.observe.Figures.Magnitudes;
import dev.stockpot.kernels.observe.Observer.Viewpoint;
import dev.stockpot.kernels.statistic.LostUpdates;
import dev.stockpot.kernels.statistic.NonFinite;
import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.output.OutputTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What a report says of layers and models follows from the figures of its tensors. */
class ReportTablesTest {
  private static final Viewpoint ONE_MODEL = new Viewpoint(2, 0, true);

  /**
   * One model with a base and a result.
   *
   * @param change norm of the model's change
   * @param base norm of the base
   * @param result norm of the result's change
   * @param product of both changes
   */
  private static Figures figures(
      long elements, double change, double base, double result, double product, double distance) {
    double[] sums = {change * change, product, result * result, distance * distance, base * base};
    return new Figures(
        ONE_MODEL,
        elements,
        elements,
        sums,
        List.of(new Magnitudes(1, -3, new long[] {2, 0, 1}), new Magnitudes(0, -2, new long[] {4})),
        new long[] {0, 10},
        new long[] {0, 4});
  }

  private static ReportTensor tensor(String name, int layer, Optional<Figures> figures) {
    return new ReportTensor(
        new OutputTensor(name, DType.BF16, Shape.of(2, 5)),
        new TensorPlace("", layer < 0 ? OptionalInt.empty() : OptionalInt.of(layer), "mlp"),
        figures.isPresent() ? List.of("tuned") : List.of(),
        figures,
        Optional.empty(),
        Optional.empty());
  }

  private static Report report(ReportTensor... tensors) {
    return new Report(
        new Report.Heading("title", "linear", Optional.of("base"), "recipe", List.of(), List.of()),
        List.of("tuned"),
        List.of(tensors));
  }

  private static List<Map<String, Object>> rows(Report report, String name) {
    Table table = ReportTables.of(report).get(name);
    List<Map<String, Object>> rows = new ArrayList<>();
    for (List<Object> row : table.rows()) {
      Map<String, Object> cells = new LinkedHashMap<>();
      for (int i = 0; i < row.size(); i++) {
        cells.put(table.columns().get(i).name(), row.get(i));
      }
      rows.add(cells);
    }
    return rows;
  }

  @Test
  void aLayerIsOneVectorOfAllItsTensors() {
    Report report =
        report(
            tensor("a", 3, Optional.of(figures(10, 3, 6, 2, 5, 1))),
            tensor("b", 3, Optional.of(figures(10, 4, 8, 1, 1, 2))),
            tensor("c", -1, Optional.of(figures(10, 1, 2, 1, 1, 0))));
    List<Map<String, Object>> layers = rows(report, "layers");
    assertThat(layers).hasSize(2);
    assertThat(layers.get(0)).containsEntry("layer", null).containsEntry("elements", 10L);
    Map<String, Object> third = layers.get(1);
    assertThat(third).containsEntry("layer", 3).containsEntry("elements", 20L);
    assertThat((Double) third.get("norm")).isCloseTo(5, within(1e-12));
    assertThat((Double) third.get("relative_norm")).isCloseTo(0.5, within(1e-12));
    assertThat((Double) third.get("distance_to_result")).isCloseTo(Math.sqrt(5), within(1e-12));
    assertThat((Double) third.get("cosine_to_result"))
        .isCloseTo(6 / (5 * Math.sqrt(5)), within(1e-12));
    assertThat((Double) third.get("kept")).isCloseTo(0.4, within(1e-12));
  }

  @Test
  void theTensorThatChangesMostIsNamedOfEachLayer() {
    List<LayerChange> changes =
        LayerChange.of(
            report(
                tensor("large", 0, Optional.of(figures(10, 3, 60, 2, 5, 1))),
                tensor("small.but.much", 0, Optional.of(figures(10, 1, 2, 1, 1, 2))),
                tensor("copied", 1, Optional.empty())));
    assertThat(changes).hasSize(2);
    assertThat(changes.get(0).largest()).isEqualTo("small.but.much");
    assertThat(changes.get(0).largestChange()).hasValue(0.5);
    assertThat(changes.get(0).layer()).hasToString("0");
    assertThat(changes.get(1).change()).as("nothing is known of a copy").isEmpty();
  }

  @Test
  void aBaseOfZerosHasNoUnits() {
    Report report = report(tensor("a", 0, Optional.of(figures(10, 3, 0, 2, 5, 1))));
    assertThat(rows(report, "layers").get(0)).containsEntry("relative_norm", null);
    assertThat(LayerChange.of(report).get(0).change()).isEqualTo(OptionalDouble.empty());
  }

  @Test
  void histogramsOfALayerAddUp() {
    Report report =
        report(
            tensor("a", 0, Optional.of(figures(10, 3, 6, 2, 5, 1))),
            tensor("b", 0, Optional.of(figures(10, 3, 6, 2, 5, 1))));
    List<Map<String, Object>> rows = rows(report, "histogram");
    assertThat(rows)
        .extracting(
            row -> "%s %s %s".formatted(row.get("vector"), row.get("exponent"), row.get("sampled")))
        .containsExactly("model null 2", "model -3 4", "model -1 2", "result -2 8");
  }

  @Test
  void whatIsNotFiniteAndWhatRoundingLostIsCounted() {
    ReportTensor plain = tensor("a", 0, Optional.empty());
    ReportTensor damaged =
        new ReportTensor(
            plain.tensor(),
            plain.place(),
            List.of(),
            Optional.empty(),
            Optional.of(new LostUpdates(8, 2)),
            Optional.of(new NonFinite(1, 2, 3, 4)));
    List<Map<String, Object>> rows = rows(report(plain, damaged), "tensors");
    assertThat(rows.get(0)).containsEntry("carried", 0L).containsEntry("lost_share", null);
    assertThat(rows.get(1))
        .containsEntry("narrowed", 1L)
        .containsEntry("carried", 2L)
        .containsEntry("made", 3L)
        .containsEntry("overflowed", 4L)
        .containsEntry("lost_share", 0.25);
    assertThat(ReportTables.lostShare(List.of(damaged, damaged))).hasValue(0.25);
    assertThat(ReportTables.lostShare(List.of(plain))).isEmpty();
  }

  @Test
  void asManyModelsAsFiguresHaveAreNamed() {
    assertThatThrownBy(
            () ->
                new ReportTensor(
                    new OutputTensor("a", DType.BF16, Shape.of(2)),
                    new TensorPlace("", OptionalInt.empty(), "a"),
                    List.of("one", "two"),
                    Optional.of(figures(2, 1, 1, 1, 1, 1)),
                    Optional.empty(),
                    Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 models of");
  }

  @Test
  void cellsAreOfTheTypeOfTheirColumn() {
    Table table =
        new Table(
            new Table.Column("a", Table.Type.INTEGER), new Table.Column("b", Table.Type.REAL));
    table.add(OptionalInt.of(1), OptionalDouble.empty());
    table.add(null, 2.5);
    assertThat(table.rows().get(0)).containsExactly(1, null);
    assertThatThrownBy(() -> table.add(1L, 2.5)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> table.add(1)).isInstanceOf(IllegalArgumentException.class);
    assertThat(table.rows()).hasSize(2);
  }

  @Test
  void noNameCanLeaveTheScriptOfThePage() throws JsonException {
    String hostile = "</script><script>alert('&')</script>";
    Report report =
        new Report(
            new Report.Heading(
                hostile, "linear", Optional.of(hostile), hostile, List.of(hostile), List.of()),
            List.of("tuned"),
            List.of(tensor(hostile, 0, Optional.of(figures(10, 3, 6, 2, 5, 1)))));
    String json = ReportJson.of(report);
    assertThat(json).doesNotContain("<", ">", "&");
    JsonObject read = Json.parse(json.getBytes(UTF_8)).object().orElseThrow();
    assertThat(read.text("title")).isEqualTo(hostile);
    assertThat(read.objects("tensors").get(0).text("name")).isEqualTo(hostile);
    assertThat(ReportFiles.page(report)).doesNotContain(hostile).doesNotContain("\"DATA\"");
  }

  @Test
  void whatIsNoNumberIsLeftOutOfThePage() throws JsonException {
    Report report =
        report(
            tensor(
                "a", 0, Optional.of(figures(10, Double.POSITIVE_INFINITY, 6, 2, 5, Double.NaN))));
    String json = ReportJson.of(report);
    assertThat(json).doesNotContain("NaN", "Infinity");
    assertThat(Json.parse(json.getBytes(UTF_8)).object()).isPresent();
  }

  @Test
  void layersAreInOrderTheOutsideFirst() {
    Report report =
        report(
            tensor("c", 10, Optional.empty()),
            tensor("b", 2, Optional.empty()),
            tensor("a", -1, Optional.empty()));
    assertThat(ReportTables.byLayer(report).keySet())
        .extracting(LayerPlace::toString)
        .containsExactly("outside", "2", "10");
    assertThat(new LayerPlace("vision.blocks", OptionalInt.of(7))).hasToString("vision.blocks 7");
  }
}
