package dev.stockpot.merge.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {
  @ParameterizedTest
  @CsvSource({
    "a, a, true",
    "a, b, false",
    "a, ab, false",
    "*, '', true",
    "**, x, true",
    "?, '', false",
    "?, x, true",
    "a*, a, true",
    "*a, ba, true",
    "*a, ab, false",
    "a*b*c, aXbYc, true",
    "a*b*c, abbbc, true",
    "a*b*c, acb, false",
    "*ab, aab, true",
    "*a?c, aabc, true",
    "w[1], w[1], true",
    "w[1], w1, false",
    "x.?, x.1, true",
    "x.?, xx1, false",
    "a+b, a+b, true",
    "'', '', true"
  })
  void starsAreAnyCharactersAndQuestionMarksOne(String pattern, String name, boolean matches) {
    assertThat(new Glob(pattern).matches(name)).isEqualTo(matches);
  }

  @Test
  void matchesWhatARegularExpressionDoes() {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      String pattern = letters(random, "ab*?", 8);
      String name = letters(random, "ab", 10);
      String regex = pattern.replace("*", ".*").replace("?", ".");
      assertThat(new Glob(pattern).matches(name))
          .as("%s on %s", pattern, name)
          .isEqualTo(Pattern.matches(regex, name));
    }
  }

  private static String letters(Random random, String from, int most) {
    StringBuilder letters = new StringBuilder();
    for (int length = random.nextInt(most + 1); length > 0; length--) {
      letters.append(from.charAt(random.nextInt(from.length())));
    }
    return letters.toString();
  }

  @Test
  void manyStarsAndALongNameEnd() {
    Glob stars = new Glob("a*".repeat(30) + "b");
    String name = "a".repeat(255);

    assertThat(assertTimeoutPreemptively(Duration.ofMinutes(1), () -> stars.matches(name)))
        .isFalse();
  }

  @Test
  void onlyStarsAndQuestionMarksMakeAPattern() {
    assertThat(new Glob("runs-*").isPattern()).isTrue();
    assertThat(new Glob("run-?").isPattern()).isTrue();
    assertThat(new Glob("w[1]{2}").isPattern()).isFalse();
  }
}
