package dev.stockpot.merge.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Soft labels of digits beside NumPy's, and of small tables by hand. */
class TeachWorkTest {
  private static final EnsembleRequest.Inputs INPUTS =
      new EnsembleRequest.Inputs(Optional.empty(), Columns.USUAL, false);

  private static final List<NamedTable> TABLES =
      DigitTables.NAMES.stream().map(name -> new NamedTable(name, name)).toList();

  private static TeachResult taught(Method method, double temperature, int most) {
    List<Block> blocks = DigitTables.blocks();
    Findings findings = new Findings(4);
    blocks.forEach(block -> findings.add(block.findings()));
    TeachRequest request = new TeachRequest(INPUTS, TABLES, method, Map.of(), temperature, most);
    return new TeachWork(request, DigitTables.tables(), findings).over(DigitTables.passes(blocks));
  }

  private static Object[] row(TeachResult result, String id) {
    for (Block block : DigitTables.blocks()) {
      for (int row = 0; row < block.rows(); row++) {
        if (block.id(row).equals(id)) {
          Object[] cells = new Object[result.rows().columns().size() + 1];
          result.rows().fill(block, row, cells);
          return cells;
        }
      }
    }
    throw new IllegalArgumentException(id);
  }

  @Test
  void labelsAndTheirEntropyAreThoseOfNumPy() {
    JsonObject wanted = DigitTables.expected().object("teacher").orElseThrow();
    TeachResult result = taught(Method.LOGITS, 2, 0);
    assertThat(result.entropy()).isCloseTo(DigitTables.number(wanted, "entropy"), within(1e-9));
    double[] first = (double[]) row(result, "0")[2];
    assertThat(first).containsExactly(DigitTables.numbers(wanted, "first"), within(1e-9));
    assertThat(result.kept()).isEqualTo(1);
    assertThat(result.histogram().stream().mapToLong(Long::longValue).sum())
        .isEqualTo(result.examples());
  }

  @Test
  void theLargestAreKeptAndTheRestIsOneNumber() {
    TeachResult whole = taught(Method.MEAN, 1, 0);
    TeachResult some = taught(Method.MEAN, 1, 3);
    double[] all = (double[]) row(whole, "5")[2];
    Object[] cells = row(some, "5");
    int[] classes = (int[]) cells[2];
    double[] theirs = (double[]) cells[3];
    double[] sorted = Arrays.stream(all).sorted().toArray();
    assertThat(classes).hasSize(3);
    for (int i = 0; i < 3; i++) {
      assertThat(theirs[i]).isEqualTo(all[classes[i]]).isEqualTo(sorted[9 - i]);
    }
    assertThat(Arrays.stream(theirs).sum() + (double) cells[4]).isCloseTo(1, within(1e-12));
    assertThat(some.kept()).isBetween(0.9, 1.0);
    assertThat(some.rows().columns())
        .extracting(OutputColumn::name)
        .containsExactly("label", "classes", "class_probabilities", "rest");
  }

  @Test
  void asManyAsThereAreLeaveNoRest() {
    Object[] cells = row(taught(Method.MEAN, 1, 99), "5");
    assertThat((int[]) cells[2]).hasSize(10);
    assertThat(cells[4]).isEqualTo(0.0);
  }

  @Test
  void equalProbabilitiesAreKeptInTheOrderOfTheClasses() {
    assertThat(TaughtRows.largest(new double[] {.2, .3, .2, .3}, 3)).containsExactly(1, 3, 0);
  }

  @Test
  void aHigherTemperatureMakesSofterLabelsOfTheSameDecisions() {
    TeachResult plain = taught(Method.LOGITS, 1, 0);
    TeachResult soft = taught(Method.LOGITS, 4, 0);
    assertThat(soft.entropy()).isGreaterThan(plain.entropy());
    assertThat(soft.alike()).isEqualTo(plain.alike());
    assertThat(soft.teachers().get(1).agreement()).isEqualTo(plain.teachers().get(1).agreement());
  }

  @Test
  void oneTeacherAgreesWithItself() {
    List<PredictionRow> rows = new ArrayList<>(DigitTables.rows());
    rows.removeIf(row -> row.getTable() > 0);
    Tables tables = new Tables(List.of(Scale.LOGITS), DigitTables.CLASSES, false);
    TeachRequest request =
        new TeachRequest(INPUTS, TABLES.subList(0, 1), Method.MEAN, Map.of(), 3, 0);
    TeachResult result =
        new TeachWork(request, tables, new Findings(2))
            .over(DigitTables.passes(DigitTables.blocks(rows, tables)));
    assertThat(result.alike()).isEqualTo(1);
    assertThat(result.teachers().get(0).agreement()).isEqualTo(1);
    assertThat(result.teachers().get(0).distance()).isCloseTo(0, within(1e-12));
    assertThat(result.teachers().get(0).entropy()).isCloseTo(result.entropy(), within(1e-12));
  }

  @Test
  void entropyIsThatOfAGuessAtMost() {
    assertThat(TeachSums.entropy(new double[] {.25, .25, .25, .25}))
        .isCloseTo(Math.log(4), within(1e-12));
    assertThat(TeachSums.entropy(new double[] {1, 0})).isZero();
  }

  @Test
  void refusesWhatMakesNoLabels() {
    assertThatThrownBy(() -> new TeachRequest(INPUTS, TABLES, Method.STACKING, Map.of(), 1, 0))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("no ensemble by stacking: fit its weights with `stockpot ensemble`");
    assertThatThrownBy(() -> new TeachRequest(INPUTS, TABLES, Method.MEAN, Map.of(), 0, 0))
        .hasMessage("The temperature is 0.0, must be over 0");
    NamedTable twice = TABLES.get(0);
    assertThatThrownBy(
            () -> new TeachRequest(INPUTS, List.of(twice, twice), Method.MEAN, Map.of(), 1, 0))
        .hasMessageContaining("are called alike");
  }
}
