package dev.stockpot.merge.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.predict.EnsembleRequest.Bootstrap;
import dev.stockpot.merge.predict.EnsembleRequest.Calibrating;
import dev.stockpot.merge.predict.EnsembleRequest.Fitting;
import dev.stockpot.merge.predict.EnsembleRequest.Inputs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked of tables of predictions is refused before one of them is read. */
class RequestsTest {
  private static final Inputs INPUTS = new Inputs(Optional.empty(), Columns.USUAL, false);
  private static final NamedTable A = new NamedTable("a", "a.parquet");
  private static final NamedTable B = new NamedTable("b", "b.parquet");

  private static EnsembleRequest ensemble(List<NamedTable> tables, List<NamedTable> beside) {
    return new EnsembleRequest(
        INPUTS,
        tables,
        beside,
        Method.MEAN,
        Map.of(),
        Optional.empty(),
        Calibrating.NOTHING,
        new Fitting(1, 50),
        new Bootstrap(0, 0));
  }

  private static TeachRequest teach(
      List<NamedTable> tables, Method method, double temperature, int most) {
    return new TeachRequest(INPUTS, tables, method, Map.of(), temperature, most);
  }

  @Test
  void tablesOfTheEnsembleComeBeforeThoseBesideIt() {
    EnsembleRequest request = ensemble(List.of(B), List.of(A));
    assertThat(request.all()).containsExactly(B, A);
    assertThat(request.names()).containsExactly("b");
  }

  @Test
  void anEnsembleOfNoTableIsRefused() {
    assertThatThrownBy(() -> ensemble(List.of(), List.of(A)))
        .isInstanceOf(UserException.class)
        .hasMessage("An ensemble needs a table; there are 0");
  }

  @Test
  void namesAreThoseOfOneTableOnly() {
    NamedTable alike = new NamedTable("a", "elsewhere/a.parquet");
    String message = "Two tables are called `a`. Name them: a=elsewhere/a.parquet";
    assertThatThrownBy(() -> ensemble(List.of(A, B, alike), List.of())).hasMessage(message);
    assertThatThrownBy(() -> ensemble(List.of(A, B), List.of(alike)))
        .as("beside it, too")
        .hasMessage(message);
    assertThatThrownBy(() -> teach(List.of(A, alike), Method.MEAN, 1, 0))
        .hasMessage(
            "Two of [a (a.parquet), a (elsewhere/a.parquet)] are called alike. Name them: a=TABLE");
  }

  @Test
  void whatIsGivenMayChangeAfterwards() {
    List<NamedTable> tables = new ArrayList<>(List.of(A));
    EnsembleRequest request = ensemble(tables, List.of());
    TeachRequest taught = teach(tables, Method.MEAN, 1, 0);
    tables.add(B);
    assertThat(request.tables()).containsExactly(A);
    assertThat(taught.names()).containsExactly("a");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.5, 1.0000001, Double.NaN, Double.POSITIVE_INFINITY})
  void aShareToFitToIsOneOfAll(double share) {
    assertThatThrownBy(() -> new Fitting(share, 1))
        .isInstanceOf(UserException.class)
        .hasMessage("The share to fit to is %s, must be over 0 to 1".formatted(share));
  }

  @Test
  void theWholeAndAlmostNothingAreShares() {
    assertThat(new Fitting(1, 1).share()).isEqualTo(1);
    assertThat(new Fitting(Double.MIN_VALUE, 1).share()).isPositive();
  }

  @Test
  void aSelectionHasARound() {
    assertThatThrownBy(() -> new Fitting(1, 0))
        .hasMessage("A selection has 0 rounds, must have 1 or more");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 10_001, Integer.MIN_VALUE})
  void aBootstrapHasReplicatesThatEnd(int replicates) {
    assertThatThrownBy(() -> new Bootstrap(replicates, 1))
        .isInstanceOf(UserException.class)
        .hasMessage("The bootstrap has %s replicates, must have 0 to 10000".formatted(replicates));
  }

  @Test
  void noneAndTenThousandReplicatesAreTaken() {
    assertThat(new Bootstrap(0, -7).seed()).isEqualTo(-7);
    assertThat(new Bootstrap(10_000, 0).replicates()).isEqualTo(10_000);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void aTemperatureIsOverZeroAndEnds(double temperature) {
    assertThatThrownBy(() -> teach(List.of(A), Method.MEAN, temperature, 0))
        .isInstanceOf(UserException.class)
        .hasMessage("The temperature is %s, must be over 0".formatted(temperature));
  }

  @Test
  void asManyClassesAreKeptAsThereCanBe() {
    assertThat(teach(List.of(A), Method.MEAN, 1, 0).most()).isZero();
    assertThatThrownBy(() -> teach(List.of(A), Method.MEAN, 1, -1))
        .hasMessage("--top-k is -1, must be 1 or more");
  }

  @ParameterizedTest
  @EnumSource(
      value = Method.class,
      names = {"STACKING", "GREEDY", "PER_CLASS"})
  void softLabelsAreFittedByNoMethod(Method method) {
    assertThatThrownBy(() -> teach(List.of(A), method, 1, 0))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "Soft labels are no ensemble by %s: fit its weights with `stockpot ensemble`, and give them here: --weight NAME=WEIGHT"
                .formatted(method.word()));
  }

  @ParameterizedTest
  @EnumSource(
      value = Method.class,
      names = {"MEAN", "LOGITS", "GEOMETRIC", "MAJORITY", "VOTE"})
  void softLabelsComeOfAllOthers(Method method) {
    assertThat(teach(List.of(A, B), method, 2, 3).method()).isEqualTo(method);
  }

  @Test
  void onlyNothingIsNotAskedFor() {
    assertThat(Calibrating.values())
        .filteredOn(Calibrating::isAsked)
        .containsExactly(Calibrating.TEMPERATURE, Calibrating.VECTOR);
  }
}
