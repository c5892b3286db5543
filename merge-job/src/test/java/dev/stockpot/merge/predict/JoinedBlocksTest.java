package dev.stockpot.merge.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.merge.UserException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is wrong with tables is told once, with the first example that has it. */
class JoinedBlocksTest {
  private static final List<String> NAMES = List.of("a", "b", "labels");

  private static Tables tables(Scale scale, boolean masks) {
    return new Tables(List.of(scale, scale), 2, masks);
  }

  private static PredictionRow row(String id, int table, int label, double... scores) {
    return new PredictionRow(id, table, label, scores);
  }

  private static Findings found(Tables tables, PredictionRow... rows) {
    Findings all = new Findings(3);
    DigitTables.blocks(Arrays.asList(rows), tables).forEach(block -> all.add(block.findings()));
    return all;
  }

  private static void refuses(Scale scale, String message, PredictionRow... rows) {
    Findings found = found(tables(scale, false), rows);
    assertThatThrownBy(() -> found.throwIfAny(NAMES, List.of(scale, scale)))
        .isInstanceOf(UserException.class)
        .hasMessage(message);
  }

  @Test
  void refusesAnExampleThatIsThereTwice() {
    refuses(
        Scale.LOGITS,
        "b: example 7 is there more than once; so it is of 2 rows in all. Leave one row for each example; are several runs in one table?",
        row("7", 0, 0, 1, 2),
        row("7", 1, 0, 1, 2),
        row("7", 1, 0, 3, 4),
        row("7", 1, 0, 3, 4));
  }

  @Test
  void refusesAnExampleThatOneTableLacks() {
    refuses(
        Scale.LOGITS,
        "b: example 7 is missing. Add it there, or say --missing mask: the other models then answer without it",
        row("7", 0, 0, 1, 2));
  }

  @Test
  void refusesOtherClasses() {
    refuses(
        Scale.LOGITS,
        "b: example 7 has another number of scores than there are classes (3, not 2). All models must be asked for the same classes, in the same order",
        row("7", 0, 0, 1, 2),
        row("7", 1, 0, 1, 2, 3));
  }

  @Test
  void refusesNoScoresAtAll() {
    Findings found =
        found(tables(Scale.LOGITS, false), row("7", 0, 0, 1, 2), row("7", 1, 0, (double[]) null));
    assertThatThrownBy(() -> found.throwIfAny(NAMES, List.of(Scale.LOGITS, Scale.LOGITS)))
        .hasMessageContaining("(0, not 2)");
  }

  @Test
  void refusesNaN() {
    refuses(
        Scale.LOGITS,
        "a: example 7 has a score that is no number (class 1: NaN, of logits). Look at what wrote it: float16 overflows to NaN",
        row("7", 0, 0, 1, Double.NaN),
        row("7", 1, 0, 1, 2));
  }

  @Test
  void refusesProbabilitiesThatDoNotSumToOne() {
    refuses(
        Scale.PROBABILITIES,
        "b: example 7 has probabilities that do not sum to one (sum 0.75). Scores of all classes are wanted, not of the best few; if they are logits, say --scores logits",
        row("7", 0, 0, 0.5, 0.5),
        row("7", 1, 0, 0.5, 0.25));
  }

  @Test
  void refusesProbabilitiesOverOne() {
    refuses(
        Scale.PROBABILITIES,
        "a: example 7 has a score that its scale does not have (class 0: 1.5, of probabilities). Say what the scores are: --scores logits, log-probabilities or probabilities",
        row("7", 0, 0, 1.5, -0.5),
        row("7", 1, 0, 0.5, 0.5));
  }

  @Test
  void refusesLogarithmsOverZero() {
    Findings found =
        found(
            tables(Scale.LOG_PROBABILITIES, false),
            row("7", 0, 0, 0.5, -2),
            row("7", 1, 0, -0.693, -0.693));
    assertThatThrownBy(
            () ->
                found.throwIfAny(NAMES, List.of(Scale.LOG_PROBABILITIES, Scale.LOG_PROBABILITIES)))
        .hasMessageContaining("class 0: 0.5, of log-probabilities");
  }

  @Test
  void refusesLabelsThatAreNoClass() {
    refuses(
        Scale.LOGITS,
        "a: example 7 has a label that is no class (2, of 2 classes). Labels count from 0, or are names of the score columns",
        row("7", 0, 2, 1, 2),
        row("7", 1, Block.UNKNOWN, 1, 2));
  }

  @Test
  void refusesTablesThatDisagreeAboutALabel() {
    refuses(
        Scale.LOGITS,
        "b: example 7 has two labels (1 here, 0 in table 1 of them). The tables are of other data, or number their classes differently",
        row("7", 0, 0, 1, 2),
        row("7", 1, 1, 1, 2));
  }

  @Test
  void refusesRowsWithoutAName() {
    Findings found =
        found(
            tables(Scale.LOGITS, false),
            row(null, 0, 0, 1, 2),
            row("7", 0, 0, 1, 2),
            row("7", 1, 0, 1, 2));
    assertThatThrownBy(() -> found.throwIfAny(NAMES, List.of(Scale.LOGITS, Scale.LOGITS)))
        .hasMessageStartingWith("a: example without a name has no id. Give every row one");
  }

  @Test
  void refusesClassesThatAreAllImpossible() {
    double never = Double.NEGATIVE_INFINITY;
    Findings found =
        found(tables(Scale.LOGITS, false), row("7", 0, 0, never, never), row("7", 1, 0, 1, 2));
    assertThatThrownBy(() -> found.throwIfAny(NAMES, List.of(Scale.LOGITS, Scale.LOGITS)))
        .hasMessageContaining("a: example 7 holds all classes impossible (2 classes)");
  }

  @Test
  void refusesLogitsThatLookLikeProbabilities() {
    refuses(
        Scale.LOGITS,
        "a: all 2 rows of logits lie between 0 and 1 and sum to one, as probabilities do. Say --scores probabilities",
        row("7", 0, 0, 0.5, 0.5),
        row("7", 1, 0, 1, 2),
        row("8", 0, 0, 0.9, 0.1),
        row("8", 1, 0, 1, 2));
  }

  @Test
  void refusesTablesWithoutAnExample() {
    Findings found = found(tables(Scale.LOGITS, false), row("7", 2, 0));
    assertThatThrownBy(() -> found.throwIfAny(NAMES, List.of(Scale.LOGITS, Scale.LOGITS)))
        .hasMessage("a, b, labels have no example");
  }

  @Test
  void tellsAllKindsOfFaultsOnALineEach() {
    Findings found =
        found(
            tables(Scale.PROBABILITIES, false),
            row("1", 0, 0, 0.5, 0.5),
            row("2", 0, 5, 0.5, 0.5),
            row("2", 1, 5, 0.5, 0.4));
    assertThatThrownBy(
            () -> found.throwIfAny(NAMES, List.of(Scale.PROBABILITIES, Scale.PROBABILITIES)))
        .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(3));
  }

  static Stream<Arguments> scales() {
    return Stream.of(
        Arguments.of(Scale.LOGITS, 1.0, 3.0),
        Arguments.of(Scale.LOG_PROBABILITIES, -2.1269280110429727, -0.1269280110429726),
        Arguments.of(Scale.PROBABILITIES, 0.11920292202211755, 0.8807970779778823));
  }

  @ParameterizedTest
  @MethodSource("scales")
  void allScalesGiveTheSameProbabilities(Scale scale, double first, double second) {
    Tables tables = new Tables(List.of(scale), 2, false);
    Block block = DigitTables.blocks(List.of(row("7", 0, 0, first, second)), tables).get(0);
    double[] p = new double[2];
    assertThat(new Single(0).logits(block.logits(), block.at(0), 2, p)).isTrue();
    Softmax.of(p, 0, 2, p);
    assertThat(p[1]).isCloseTo(0.8807970779778823, within(1e-12));
  }

  @Test
  void masksWhatATableLacks() {
    Findings found =
        found(
            tables(Scale.LOGITS, true),
            row("7", 0, 0, 1, 2),
            row("8", 0, 0, 1, 2),
            row("8", 1, 1, 1, 2),
            row("9", 1, 0, 1, 2));
    assertThatThrownBy(() -> found.throwIfAny(NAMES, List.of(Scale.LOGITS, Scale.LOGITS)))
        .hasMessageContaining("example 8 has two labels");
    assertThat(found.masked()).isEqualTo(2);
    assertThat(found.examples()).isEqualTo(2);
  }

  @Test
  void labelsOfATableOfTheirOwnCountAndItsOtherExamplesDoNot() {
    Findings found =
        found(
            tables(Scale.LOGITS, false),
            row("6", 2, 1),
            row("7", 0, Block.UNKNOWN, 1, 2),
            row("7", 1, Block.UNKNOWN, 1, 2),
            row("7", 2, 1));
    found.throwIfAny(NAMES, List.of(Scale.LOGITS, Scale.LOGITS));
    assertThat(found.examples()).isEqualTo(1);
    assertThat(found.labelled()).isEqualTo(1);
  }

  @Test
  void manyExamplesBecomeSeveralBlocks() {
    List<PredictionRow> rows = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      rows.add(row("e%05d".formatted(i), 0, 0, i, 0));
    }
    List<Block> blocks = DigitTables.blocks(rows, new Tables(List.of(Scale.LOGITS), 2, false));
    assertThat(blocks).hasSize(3);
    assertThat(blocks.stream().mapToInt(Block::rows).sum()).isEqualTo(10_000);
    assertThat(blocks.get(1).id(0)).isEqualTo("e04096");
    assertThat(blocks.get(1).logits()[blocks.get(1).at(0)]).isEqualTo(4096);
  }

  @Test
  void wideBlocksHaveFewExamples() {
    assertThat(Block.rows(8, 10)).isEqualTo(3276);
    assertThat(Block.rows(8, 32_000)).isEqualTo(1);
  }
}
