package dev.stockpot.kernels.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.method.Range.Notation;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class RangeTest {
  private enum Way {
    NONE,
    NORM,
    DENSITY;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final Range<Way> ONE_OF = new Range.OneOf<>(List.of(Way.NORM, Way.DENSITY));
  private static final Range<Way> FLAG_OR =
      new Range.FlagOrOneOf<>(Way.NONE, Way.NORM, List.of(Way.NORM, Way.DENSITY));

  @Test
  void numbersAreFiniteAndWithinBothEnds() {
    assertThat(Range.Numbers.FRACTION.problemWith(0.0)).isEmpty();
    assertThat(Range.Numbers.FRACTION.problemWith(1.0)).isEmpty();
    assertThat(Range.Numbers.FRACTION.problemWith(1.5))
        .contains("is 1.5, must be a number from 0 to 1");
    assertThat(Range.Numbers.NOT_NEGATIVE.problemWith(Double.POSITIVE_INFINITY))
        .contains("is Infinity, must be a number from 0 up");
    assertThat(Range.Numbers.ANY.problemWith("much")).contains("is much, must be a number");
    assertThat(Range.Numbers.FRACTION.typed(0.25)).isEqualTo(0.25);
    assertThat(Range.Numbers.FRACTION.takesGradient()).isTrue();
  }

  @Test
  void wholeNumbersAreWrittenAsNumbersAndSeenAsIntegers() {
    Range<Integer> whole = new Range.Whole(1);

    assertThat(whole.notation()).isEqualTo(Notation.NUMBER);
    assertThat(whole.takesGradient()).isFalse();
    assertThat(whole.typed(3.0)).isEqualTo(3);
    assertThat(whole.typed(1e12)).isEqualTo(Integer.MAX_VALUE);
    assertThat(whole.plain(3)).isEqualTo(3.0);
    assertThat(whole.problemWith(0.0)).contains("is 0.0, must be a whole number from 1 up");
    assertThat(whole.problemWith(2.5)).contains("is 2.5, must be a whole number from 1 up");
  }

  @Test
  void flagsAreTrueOrFalse() {
    Range<Boolean> flag = new Range.Flag();

    assertThat(flag.notation()).isEqualTo(Notation.FLAG);
    assertThat(flag.typed(true)).isTrue();
    assertThat(flag.problemWith("yes")).contains("is yes, must be true or false");
  }

  @Test
  void wordsAreTakenAsTheyAre() {
    Range<String> words = new Range.Words(List.of("a", "b"));

    assertThat(words.notation()).isEqualTo(Notation.WORD);
    assertThat(words.typed("b")).isEqualTo("b");
    assertThat(words.problemWith("c")).contains("is c, must be one of a, b");
  }

  @Test
  void choicesAreSpelledAsTheyPrint() {
    assertThat(ONE_OF.typed("density")).isEqualTo(Way.DENSITY);
    assertThat(ONE_OF.plain(Way.NORM)).isEqualTo("norm");
    assertThat(ONE_OF.problemWith("none")).contains("is none, must be one of norm, density");
    assertThatThrownBy(() -> ONE_OF.typed("none"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("none is not one of [norm, density]");
  }

  @Test
  void aFlagMayStandForAChoice() {
    assertThat(FLAG_OR.notation()).isEqualTo(Notation.FLAG);
    assertThat(FLAG_OR.typed(false)).isEqualTo(Way.NONE);
    assertThat(FLAG_OR.typed(true)).isEqualTo(Way.NORM);
    assertThat(FLAG_OR.typed("norm")).isEqualTo(Way.NORM);
    assertThat(FLAG_OR.typed("density")).isEqualTo(Way.DENSITY);
    assertThat(FLAG_OR.plain(Way.NONE)).isEqualTo(false);
    assertThat(FLAG_OR.plain(Way.NORM)).isEqualTo(true);
    assertThat(FLAG_OR.plain(Way.DENSITY)).isEqualTo("density");
    assertThat(FLAG_OR.problemWith("none"))
        .contains("is none, must be true, false or one of norm, density");
  }
}
