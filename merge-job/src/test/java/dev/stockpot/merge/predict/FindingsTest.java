package dev.stockpot.merge.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What several buckets met adds up, and the first that has a fault names it. */
class FindingsTest {
  private static final List<String> NAMES = List.of("a", "b", "labels");
  private static final List<Scale> SCALES = List.of(Scale.LOGITS, Scale.PROBABILITIES);

  private static Findings of(int examples) {
    Findings findings = new Findings(NAMES.size());
    for (int i = 0; i < examples; i++) {
      findings.example(i % 2 == 0, i % 3 == 0);
    }
    return findings;
  }

  @Test
  void examplesAddUp() {
    Findings all = of(4);
    all.add(of(3));
    assertThat(all.examples()).isEqualTo(7);
    assertThat(all.labelled()).isEqualTo(2 + 2);
    assertThat(all.masked()).isEqualTo(2 + 1);
  }

  @Test
  void theFirstBucketWithAFaultNamesItAndAllAreCounted() {
    Findings first = of(1);
    Findings second = of(1);
    second.fault(Fault.MISSING, 1, "7", "");
    Findings third = of(1);
    third.fault(Fault.MISSING, 0, "9", "");
    third.fault(Fault.MISSING, 0, "10", "");
    first.add(second);
    first.add(third);
    assertThatThrownBy(() -> first.throwIfAny(NAMES, SCALES))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "b: example 7 is missing; so it is of 3 rows in all. Add it there, or say --missing mask: the other models then answer without it");
  }

  @Test
  void faultsOfSeveralKindsAreALineEach() {
    Findings findings = of(1);
    findings.fault(Fault.LABEL, 2, "x", "9, of 2 classes");
    findings.fault(Fault.NO_ID, 0, "without a name", "");
    assertThatThrownBy(() -> findings.throwIfAny(NAMES, SCALES))
        .hasMessage(
            """
            a: example without a name has no id. Give every row one, or leave it out
            labels: example x has a label that is no class (9, of 2 classes). Labels count from 0, or are names of the score columns""");
  }

  @Test
  void oneRowThatIsNoProbabilityClearsAllOfThem() {
    Findings findings = of(1);
    findings.row(0, true);
    findings.row(0, true);
    Findings more = of(1);
    more.row(0, false);
    more.row(1, true); // which it may be: the table says probabilities
    findings.add(more);
    assertThatCode(() -> findings.throwIfAny(NAMES, SCALES)).doesNotThrowAnyException();
  }

  @Test
  void logitsThatAllLookLikeProbabilitiesAreAsked() {
    Findings findings = of(1);
    findings.row(0, true);
    Findings more = of(1);
    more.row(0, true);
    findings.add(more);
    assertThatThrownBy(() -> findings.throwIfAny(NAMES, SCALES))
        .hasMessage(
            "a: all 2 rows of logits lie between 0 and 1 and sum to one, as probabilities do. Say --scores probabilities");
  }

  @Test
  void tablesWithoutAnExampleAreRefused() {
    assertThatThrownBy(() -> of(0).throwIfAny(NAMES, SCALES))
        .isInstanceOf(UserException.class)
        .hasMessage("a, b, labels have no example");
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void everyFaultIsASentenceWithARemedy(Fault fault) {
    assertThat(fault.message("t (t.csv)", "5", "value 3", 1))
        .matches("t \\(t\\.csv\\): example 5 [a-z].* \\(value 3\\)\\. [A-Z].*");
    assertThat(fault.message("t", "5", "", 2))
        .contains("; so it is of 2 rows in all. ")
        .doesNotContain("()");
  }
}
