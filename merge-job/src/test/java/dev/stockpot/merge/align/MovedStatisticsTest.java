package dev.stockpot.merge.align;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.matrix.Permutation;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.Solved;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.plan.ModelHeaders;
import dev.stockpot.merge.statistics.StatisticsCheckpoint;
import dev.stockpot.merge.statistics.StatisticsNotes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Statistics go where the units of their model go, element by element. */
class MovedStatisticsTest {
  private static final String SPEC =
      """
      groups:
        stream: {residual: true}
        mlp.{l}: {}
        experts.{l}: {experts: 'expert.{l}.{e}'}
        expert.{l}.{e}: {}
      tensors:
        'l.{l}.up.weight': mlp.{l}, stream
        'l.{l}.first.weight': mlp.{l}, fixed
        'l.{l}.norm.weight': mlp.{l}
        'l.{l}.down.weight': stream, mlp.{l}
        'l.{l}.down.bias': stream
        'l.{l}.router.weight': experts.{l}, stream
        'l.{l}.e.{e}.in.weight': expert.{l}.{e}, stream
      """;
  private static final ModelUnits UNITS =
      FoundUnits.of(
          FoundUnits.model()
              .tensor("l.0.up.weight", 3, 2)
              .tensor("l.0.first.weight", 3, 2)
              .tensor("l.0.norm.weight", 3)
              .tensor("l.0.down.weight", 2, 3)
              .tensor("l.0.down.bias", 2)
              .tensor("l.0.router.weight", 2, 2)
              .tensor("l.0.e.0.in.weight", 2, 2)
              .tensor("l.0.e.1.in.weight", 2, 2),
          SPEC);
  private static final UnitOrders MLP =
      new UnitOrders(Map.of("mlp.0", List.of(Permutation.of(2, 0, 1))));

  private final ModelHeaders headers = ModelHeaders.named("stats");
  private final Map<String, Double> counts = new HashMap<>();

  private StatisticsCheckpoint moved(UnitOrders orders, boolean isTransposed) {
    StatisticsNotes notes =
        new StatisticsNotes(
            Optional.of("gram"),
            Optional.of(true),
            isTransposed,
            Map.of(),
            Optional.empty(),
            Optional.empty());
    Model model = headers.open();
    return new MovedStatistics(UNITS, orders)
        .of(new StatisticsCheckpoint(model, notes, counts, List.of("f"), List.of("r")));
  }

  /** Where each element of a statistic was before: in which one, and where in that. */
  private static List<String> places(StatisticsCheckpoint statistics, String name) {
    TensorSource source = statistics.model().tensors().get(name);
    return LongStream.range(0, source.shape().elements())
        .mapToObj(source::place)
        .map(
            place ->
                place.tensor().equals(name)
                    ? "" + place.element()
                    : place.tensor() + " " + place.element())
        .toList();
  }

  private List<String> ofMlp(String name, boolean isTransposed, long... shape) {
    headers.tensor(name, DType.F32, shape);
    return places(moved(MLP, isTransposed), name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"l.0.up.weight", "l.0.up.weight.exp_avg_sq", "l.0.first.weight"})
  void whatIsOfEachElementMovesAsTheTensorDoes(String name) {
    assertThat(ofMlp(name, false, 3, 2)).containsExactly("4", "5", "0", "1", "2", "3");
  }

  @Test
  void whatIsOfEachElementMovesAlongTheLastAxisToo() {
    assertThat(ofMlp("l.0.down.weight", false, 2, 3)).containsExactly("2", "0", "1", "5", "3", "4");
  }

  @Test
  void productsOfInputsMoveAlongBothAxes() {
    assertThat(ofMlp("l.0.down.gram", false, 3, 3))
        .containsExactly("8", "6", "7", "2", "0", "1", "5", "3", "4");
    assertThat(ofMlp("l.0.up.gram", false, 2, 2))
        .as("the stream stays")
        .containsExactly("0", "1", "2", "3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"l.0.down.gram_diag", "l.0.norm.gram_diag", "l.0.up.mean", "l.0.up.m2"})
  void whatIsOfEachPlaceAlongAnAxisMovesAsThatDoes(String name) {
    assertThat(ofMlp(name, false, 3)).containsExactly("2", "0", "1");
  }

  /** Where inputs lie first, as in GPT-2, the rows of {@code up} are inputs. */
  @Test
  void inputsAreTheFirstAxisWhereTheWriterSaysSo() {
    assertThat(ofMlp("l.0.up.gram_diag", true, 3)).containsExactly("2", "0", "1");
    assertThat(ofMlp("l.0.down.mean", true, 3)).containsExactly("2", "0", "1");
    assertThat(ofMlp("l.0.norm.gram_diag", true, 3)).containsExactly("2", "0", "1");
    assertThat(ofMlp("l.0.up.gram", true, 3, 3)).startsWith("8", "6", "7");
  }

  @Test
  void anUpperTriangleIsWorkedOutOfTheWholeOne() {
    headers.tensor("l.0.down.gram_upper", DType.F32, 6);
    Solved solved = (Solved) moved(MLP, false).model().tensors().get("l.0.down.gram_upper");
    assertThat(solved.tensor()).isEqualTo("l.0.down.gram_upper");
    assertThat(solved.shape().dimensions()).containsExactly(6L);
    assertThat(solved.terms()).startsWith("places in the order ");
    assertThat(solved.inputs())
        .containsExactly(headers.open().tensors().get("l.0.down.gram_upper"));
    UnitOrders nothing = new UnitOrders(Map.of("mlp.0", List.of(Permutation.identity(3))));
    assertThat(moved(nothing, false).model().tensors().get("l.0.down.gram_upper"))
        .isEqualTo(headers.open().tensors().get("l.0.down.gram_upper"));
  }

  /** Who looks for it says what shape it must have. */
  @Test
  void whatHasAnotherShapeStaysAsItIs() {
    headers
        .tensor("l.0.up.weight", DType.F32, 4, 2)
        .tensor("l.0.down.weight", DType.F32, 6)
        .tensor("l.0.down.gram", DType.F32, 3, 4)
        .tensor("l.0.up.gram", DType.F32, 4, 4)
        .tensor("l.0.down.gram_diag", DType.F32, 4)
        .tensor("l.0.norm.gram_diag", DType.F32, 3, 1)
        .tensor("l.0.down.gram_upper", DType.F32, 7)
        .tensor("elsewhere.gram", DType.F32, 3, 3);
    assertThat(moved(MLP, false).model().tensors()).isEqualTo(headers.open().tensors());
  }

  @Test
  void allElseThatIsSaidOfThemStays() {
    headers.tensor("l.0.down.gram_diag", DType.F32, 3);
    counts.put("l.0.down", 7.0);
    StatisticsCheckpoint moved = moved(MLP, true);
    assertThat(moved.counts()).isEqualTo(Map.of("l.0.down", 7.0));
    assertThat(moved.faults()).containsExactly("f");
    assertThat(moved.remarks()).containsExactly("r");
    assertThat(moved.notes().isTransposed()).isTrue();
  }

  /** Experts change places, and the units of the one that is now the first do. */
  private static UnitOrders experts() {
    Permutation swapped = Permutation.of(1, 0);
    return new UnitOrders(
        Map.of(
            "experts.0", List.of(swapped),
            "expert.0.0", List.of(swapped),
            "expert.0.1", List.of(Permutation.identity(2))));
  }

  @Test
  void statisticsOfAnExpertGoToItsPlaceWithTheirCounts() {
    for (int expert = 0; expert < 2; expert++) {
      headers.tensor("l.0.e.%s.in.mean".formatted(expert), DType.F32, 2);
    }
    headers.tensor("l.0.router.mean", DType.F32, 2);
    counts.putAll(Map.of("l.0.e.0.in", 10.0, "l.0.e.1.in", 20.0, "l.0.router", 30.0));
    StatisticsCheckpoint moved = moved(experts(), false);
    assertThat(places(moved, "l.0.e.0.in.mean"))
        .containsExactly("l.0.e.1.in.mean 1", "l.0.e.1.in.mean 0");
    assertThat(places(moved, "l.0.e.1.in.mean"))
        .containsExactly("l.0.e.0.in.mean 0", "l.0.e.0.in.mean 1");
    assertThat(places(moved, "l.0.router.mean")).containsExactly("1", "0");
    assertThat(moved.counts())
        .isEqualTo(Map.of("l.0.e.0.in", 20.0, "l.0.e.1.in", 10.0, "l.0.router", 30.0));
  }

  /** No token went to the other one: what was of the first is not of who stands there now. */
  @Test
  void anExpertWithoutStatisticsHasNoneInItsNewPlace() {
    headers
        .tensor("l.0.e.0.in.gram_diag", DType.F32, 2)
        .tensor("l.0.e.0.in.weight", DType.F32, 2, 2);
    counts.put("l.0.e.0.in", 10.0);
    StatisticsCheckpoint moved = moved(experts(), false);
    assertThat(moved.model().tensors())
        .containsOnlyKeys("l.0.e.1.in.gram_diag", "l.0.e.1.in.weight");
    assertThat(moved.counts()).isEqualTo(Map.of("l.0.e.1.in", 10.0));
  }
}
