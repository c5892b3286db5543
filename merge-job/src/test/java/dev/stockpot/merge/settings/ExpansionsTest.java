package dev.stockpot.merge.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What substitutions come to: rather too many than too few, and no more for what is written out.
 */
class ExpansionsTest {
  private static double of(String... lines) {
    return HoconScan.expansions("r.conf", String.join("\n", lines));
  }

  @Test
  void valuesThatAreWrittenOutCountNothing() {
    assertThat(of()).isEqualTo(1);
    assertThat(of("a = 1", "b { c = [1, 2, { d = 3 }] }", "e.f.g = x")).isEqualTo(1);
  }

  @Test
  void aSubstitutionIsOneMoreThanWhatItStandsFor() {
    assertThat(of("a = 1", "b = ${a}")).as("1 and 1, and b itself").isEqualTo(4);
    assertThat(of("a = 1", "b = [${a}, ${a}, ${a}]")).isEqualTo(6);
    assertThat(of("a = 1", "b = ${?a}")).isEqualTo(4);
  }

  @Test
  void eachStandsForWhatTheOthersStandFor() {
    double one = of("a = 1", "b = [${a}, ${a}]");
    double two = of("a = 1", "b = [${a}, ${a}]", "c = [${b}, ${b}]");
    double three = of("a = 1", "b = [${a}, ${a}]", "c = [${b}, ${b}]", "d = [${c}, ${c}]");
    assertThat(two - one).isGreaterThanOrEqualTo(2 * one - 2);
    assertThat(three - two).isGreaterThanOrEqualTo(2 * (two - one) - 2);
  }

  @Test
  void aPathIsAllThatIsDefinedBelowItAndAboveIt() {
    double below = of("x = 1", "a.b = ${x}", "c = ${a}");
    double above = of("x = 1", "a { b = ${x} }", "c = ${a.b.d}");
    double beside = of("x = 1", "ab = ${x}", "c = ${a}");
    assertThat(below).isGreaterThan(beside);
    assertThat(above).isGreaterThan(beside);
  }

  @Test
  void whatIsOfItselfGrowsEachTime() {
    double once = of("a = [1]", "a = ${a} [2]");
    double twice = of("a = [1]", "a = ${a} [2]", "a = ${a} [3]");
    assertThat(twice).isGreaterThan(once);
    assertThat(of("a = []", "a += 1")).isEqualTo(of("a = []", "a = ${a} [1]"));
    assertThat(of("a = [1]", "a = ${a} ${a}", "a = ${a} ${a}", "a = ${a} ${a}"))
        .isGreaterThanOrEqualTo(8);
  }

  @Test
  void aPathThatLeadsBackToItselfEnds() {
    assertThat(of("a = ${b}", "b = ${c}", "c = ${a}")).isLessThan(100);
  }

  @Test
  void aSubstitutionBeforeAnyKeyCounts() {
    Expansions expansions = new Expansions();
    expansions.substitute(List.of("a"));
    assertThat(expansions.total()).isGreaterThan(1);
  }

  @Test
  void noNumberOfTimesIsWithoutBound() {
    StringBuilder text = new StringBuilder("x0 = 1\n");
    for (int i = 1; i <= 90; i++) {
      text.append("x%s = [%s]\n".formatted(i, "${x%s},".formatted(i - 1).repeat(10)));
    }
    assertThat(of(text.toString())).isGreaterThan(1e80).isFinite();
  }

  @ParameterizedTest
  @CsvSource({"1000, true", "1001, false"})
  void thereAreAThousandSubstitutionsAtMost(int count, boolean isTaken) {
    String text = "a = 1\nb = [%s]\n".formatted("${a},".repeat(count));
    if (isTaken) {
      assertThat(of(text)).isGreaterThan(1000);
    } else {
      assertThatThrownBy(() -> of(text))
          .isInstanceOf(UserException.class)
          .hasMessage(
              "r.conf:2: there are more than 1000 substitutions and `+=`; write values where they"
                  + " belong");
    }
  }

  @ParameterizedTest
  @CsvSource({"63, true", "64, false"})
  void aPathHasSixtyFourPartsAtMost(int dots, boolean isTaken) {
    String path = "a.".repeat(dots) + "b";
    for (String text : List.of("\n" + path + " = 1", "\nx = ${" + path + "}")) {
      if (isTaken) {
        assertThat(of(text)).isGreaterThanOrEqualTo(1);
      } else {
        assertThatThrownBy(() -> of(text))
            .isInstanceOf(UserException.class)
            .hasMessage("r.conf:2: a path has more than 64 parts between dots");
      }
    }
  }

  @Test
  void dotsInQuotesAreNoParts() {
    assertThat(of("\"" + "a.".repeat(100) + "\" = 1")).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"32, true", "33, false"})
  void thereAreThirtyTwoLevelsAtMost(int levels, boolean isTaken) {
    for (String text :
        List.of("a = " + "[".repeat(levels), "a {".repeat(levels), "{".repeat(levels))) {
      if (isTaken) {
        assertThat(of(text)).isEqualTo(1);
      } else {
        assertThatThrownBy(() -> of(text))
            .isInstanceOf(UserException.class)
            .hasMessage("r.conf:1: braces and brackets are nested deeper than 32");
      }
    }
  }

  @Test
  void aTextHasAMegabyteAtMost() {
    assertThat(of("#".repeat(1 << 20))).isEqualTo(1);
    assertThatThrownBy(() -> of("#".repeat((1 << 20) + 1)))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "r.conf: there are 1048577 characters, must be at most 1048576; is it the right file?");
  }
}
