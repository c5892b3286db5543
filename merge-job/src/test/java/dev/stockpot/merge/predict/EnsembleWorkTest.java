package dev.stockpot.merge.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.predict.EnsembleRequest.Bootstrap;
import dev.stockpot.merge.predict.EnsembleRequest.Calibrating;
import dev.stockpot.merge.predict.EnsembleRequest.Fitting;
import dev.stockpot.merge.predict.EnsembleRequest.Inputs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** From joined predictions to an ensemble: what is fitted, measured, refused and told. */
class EnsembleWorkTest {
  private static final List<Block> DIGITS = DigitTables.blocks();
  private static final List<String> NO_NAMES = List.of();

  private static List<NamedTable> named(String... names) {
    return Stream.of(names).map(name -> new NamedTable(name, name)).toList();
  }

  private record Asked(
      List<NamedTable> tables,
      List<NamedTable> beside,
      Method method,
      Map<String, Double> weights,
      Optional<Ensemble> applied,
      Calibrating calibrating,
      double share) {
    private static Asked by(Method method) {
      return new Asked(
          named("a", "b", "c"),
          List.of(),
          method,
          Map.of(),
          Optional.empty(),
          Calibrating.NOTHING,
          1);
    }

    private Asked calibrating(Calibrating other) {
      return new Asked(tables, beside, method, weights, applied, other, share);
    }

    private Asked of(List<NamedTable> some, List<NamedTable> others) {
      return new Asked(some, others, method, weights, applied, calibrating, share);
    }

    private Asked applying(Ensemble ensemble) {
      return new Asked(tables, beside, method, weights, Optional.of(ensemble), calibrating, share);
    }

    private Asked fitting(double part) {
      return new Asked(tables, beside, method, weights, applied, calibrating, part);
    }

    private EnsembleResult over(List<Block> blocks, Tables joined, List<String> classes) {
      Findings findings = new Findings(joined.all());
      blocks.forEach(block -> findings.add(block.findings()));
      EnsembleRequest request =
          new EnsembleRequest(
              new Inputs(Optional.empty(), Columns.USUAL, joined.masks()),
              tables,
              beside,
              method,
              weights,
              applied,
              calibrating,
              new Fitting(share, 20),
              new Bootstrap(0, 1));
      return new EnsembleWork(request, joined, classes, findings).over(DigitTables.passes(blocks));
    }

    private EnsembleResult result() {
      return over(DIGITS, DigitTables.tables(), NO_NAMES);
    }
  }

  private static List<String> names(EnsembleResult result) {
    return result.measures().stream().map(Measures::name).toList();
  }

  private static void refuses(Asked asked, String message) {
    assertThatThrownBy(asked::result).isInstanceOf(UserException.class).hasMessage(message);
  }

  @Test
  void modelsAreMeasuredBeforeTheirEnsemble() {
    EnsembleResult result = Asked.by(Method.MEAN).result();
    assertThat(names(result)).containsExactly("a", "b", "c", "ensemble");
    assertThat(result.measures().get(3).nll())
        .isCloseTo(
            DigitTables.number(DigitTables.expected().object("mean").orElseThrow(), "nll"),
            within(1e-9));
    assertThat(result.pairs())
        .extracting(pair -> pair.first() + pair.second())
        .containsExactly("ab", "ac", "bc");
    assertThat(result.ensemble().calibration()).isEmpty();
    assertThat(result.alternatives()).isEmpty();
    assertThat(result.notices()).isEmpty();
  }

  @Test
  void whatIsCalibratedIsMeasuredTwice() {
    EnsembleResult result = Asked.by(Method.MEAN).calibrating(Calibrating.TEMPERATURE).result();
    assertThat(names(result)).containsExactly("a", "b", "c", "ensemble", "ensemble, calibrated");
    assertThat(result.ensemble().calibration().orElseThrow().isTemperature()).isTrue();
    assertThat(result.measures().get(4).accuracy()).isEqualTo(result.measures().get(3).accuracy());
    assertThat(result.measures().get(4).nll()).isLessThan(result.measures().get(3).nll());
    assertThat(result.notices())
        .containsExactly(
            "What is measured are the %s examples that weights or temperature were fitted to. Apply ensemble.json to others (--apply), or keep some apart: --fit-share 0.5"
                .formatted(result.examples()));
    assertThat(names(Asked.by(Method.MEAN).calibrating(Calibrating.VECTOR).result())).hasSize(5);
  }

  @Test
  void oneModelIsNoEnsemble() {
    Tables one = new Tables(List.of(Scale.LOGITS), DigitTables.CLASSES, false);
    List<PredictionRow> rows =
        DigitTables.rows().stream().filter(row -> row.getTable() == 0).toList();
    EnsembleResult result =
        Asked.by(Method.MEAN)
            .of(named("a"), List.of())
            .calibrating(Calibrating.TEMPERATURE)
            .over(DigitTables.blocks(rows, one), one, NO_NAMES);
    assertThat(names(result)).containsExactly("a", "a, calibrated");
    assertThat(result.pairs()).isEmpty();
  }

  @Test
  void whatStandsBesideIsMeasuredAndNoPart() {
    EnsembleResult result =
        Asked.by(Method.MEAN)
            .of(named("a", "b"), named("soup"))
            .calibrating(Calibrating.TEMPERATURE)
            .result();
    assertThat(names(result)).containsExactly("a", "b", "soup", "ensemble", "ensemble, calibrated");
    assertThat(result.pairs()).hasSize(1);
    assertThat(result.ensemble().models()).containsExactly("a", "b");
    Measures best =
        result.measures().get(0).nll() <= result.measures().get(1).nll()
            ? result.measures().get(0)
            : result.measures().get(1);
    assertThat(result.alternatives())
        .extracting(one -> "%s %s %s".formatted(one.models(), one.what(), one.measures().name()))
        .containsExactly(
            "1 best single model " + best.name(),
            "1 soup soup",
            "2 ensemble ensemble",
            "2 ensemble, calibrated ensemble, calibrated");
  }

  @Test
  void whatIsFittedToAShareIsMeasuredOnTheOthers() {
    EnsembleResult result = Asked.by(Method.STACKING).fitting(0.5).result();
    List<String> ids = new ArrayList<>();
    for (Block block : DIGITS) {
      for (int row = 0; row < block.rows(); row++) {
        ids.add(block.id(row));
      }
    }
    Share share = new Share(0.5, 1, true);
    List<Block> known = DIGITS.stream().map(block -> block.of(share::has)).toList();
    assertThat(result.measures().get(0).examples())
        .isEqualTo(ids.stream().filter(id -> !share.has(id)).count());
    assertThat(result.ensemble().weights().ofClasses())
        .isDeepEqualTo(new StackingFit(3).over(DigitTables.passes(known)).ofClasses());
    assertThat(result.notices()).isEmpty();
    assertThat(Asked.by(Method.MEAN).fitting(0.5).result().measures().get(0).examples())
        .as("where nothing is fitted, all are measured")
        .isEqualTo(ids.size());
  }

  @ParameterizedTest
  @EnumSource(
      value = Method.class,
      names = {"STACKING", "GREEDY", "PER_CLASS"})
  void weightsThatAreFittedMakeItAtLeastAsLikely(Method method) {
    double equal = Asked.by(Method.MEAN).result().measures().get(3).nll();
    EnsembleResult result = Asked.by(method).result();
    assertThat(result.measures().get(3).nll()).isLessThanOrEqualTo(equal + 1e-12);
    assertThat(result.notices()).hasSize(1);
  }

  private static Ensemble made(List<String> names, Calibration calibration) {
    return new Ensemble(
        Method.STACKING,
        List.of("a", "b", "c"),
        Weights.of(0.5, 0.5, 0),
        DigitTables.CLASSES,
        names,
        Optional.ofNullable(calibration));
  }

  @Test
  void oneThatIsAppliedIsFittedToNothing() {
    Ensemble before = made(NO_NAMES, Calibration.at(2));
    EnsembleResult result =
        Asked.by(Method.MEAN).applying(before).calibrating(Calibrating.TEMPERATURE).result();
    assertThat(result.ensemble()).isSameAs(before);
    assertThat(names(result)).contains("ensemble", "ensemble, calibrated");
    assertThat(result.notices()).isEmpty();
    EnsembleResult calibrated =
        Asked.by(Method.MEAN)
            .applying(made(NO_NAMES, null))
            .calibrating(Calibrating.TEMPERATURE)
            .result();
    assertThat(calibrated.ensemble().weights().ofClasses())
        .isDeepEqualTo(new double[][] {{0.5}, {0.5}, {0}});
    assertThat(calibrated.ensemble().calibration()).isPresent();
    assertThat(calibrated.notices()).hasSize(1);
  }

  @Test
  void oneThatIsOfOtherTablesIsNotApplied() {
    Asked asked = Asked.by(Method.MEAN).applying(made(NO_NAMES, null));
    refuses(
        asked.of(named("a", "c", "b"), List.of()),
        "The ensemble that is applied is of a, b, c, and the tables are a, c, b. Name them so, in"
            + " that order: a=TABLE");
    List<String> digits = Stream.iterate(0, n -> n + 1).limit(10).map(String::valueOf).toList();
    List<String> others = Stream.iterate(1, n -> n + 1).limit(10).map(String::valueOf).toList();
    Asked withNames = Asked.by(Method.MEAN).applying(made(digits, null));
    assertThatThrownBy(() -> withNames.over(DIGITS, DigitTables.tables(), others))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "The ensemble that is applied has 10 classes %s, and the tables have 10 %s"
                .formatted(digits, others));
    assertThat(withNames.over(DIGITS, DigitTables.tables(), digits).measures()).hasSize(4);
    assertThat(withNames.result().measures()).as("of which nobody knows names").hasSize(4);
  }

  /** Two models of two classes, of which the second says nothing of one example. */
  private static EnsembleResult small(Asked asked, int... labels) {
    Tables tables = new Tables(List.of(Scale.LOGITS, Scale.PROBABILITIES), 2, true);
    List<PredictionRow> rows = new ArrayList<>();
    for (int i = 0; i < labels.length; i++) {
      rows.add(new PredictionRow("e" + i, 0, labels[i], 1, 0.5 * i));
      if (i > 0) {
        rows.add(new PredictionRow("e" + i, 1, Block.UNKNOWN, 0.25, 0.75));
      }
    }
    return asked
        .of(named("a", "b"), List.of())
        .over(DigitTables.blocks(rows, tables), tables, NO_NAMES);
  }

  @Test
  void whatIsNotKnownOfExamplesIsTold() {
    EnsembleResult result = small(Asked.by(Method.MEAN), 0, 1, Block.UNKNOWN);
    assertThat(result.examples()).isEqualTo(3);
    assertThat(result.labelled()).isEqualTo(2);
    assertThat(result.masked()).isEqualTo(1);
    assertThat(result.notices())
        .containsExactly(
            "1 of 3 examples have no label, and are not measured",
            "1 of 3 examples lack predictions of some model; the others answer for it");
  }

  @Test
  void withoutLabelsNothingIsMeasuredAndNothingFitted() {
    EnsembleResult result = small(Asked.by(Method.MEAN), Block.UNKNOWN, Block.UNKNOWN);
    assertThat(result.measures()).isEmpty();
    assertThat(result.pairs()).isEmpty();
    assertThat(result.notices()).hasSize(1).first().asString().contains("lack predictions");
    String message =
        "%s needs labels, and none of 1 examples has one. Give a table of them: --labels FILE";
    assertThatThrownBy(() -> small(Asked.by(Method.GREEDY), Block.UNKNOWN))
        .isInstanceOf(UserException.class)
        .hasMessage(message.formatted("greedy"));
    Asked calibrated = Asked.by(Method.MEAN).calibrating(Calibrating.VECTOR);
    assertThatThrownBy(() -> small(calibrated, Block.UNKNOWN))
        .hasMessage(message.formatted("Calibration"));
  }

  @Test
  void probabilitiesHaveNoLogitsToAverage() {
    assertThatThrownBy(() -> small(Asked.by(Method.LOGITS), 0, 1))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "b has probabilities, of which there are no logits to average. Say --by geometric,"
                + " which is the same of probabilities");
    assertThat(small(Asked.by(Method.GEOMETRIC), 0, 1).measures()).hasSize(3);
  }
}
