package dev.stockpot.merge.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of classes count where all of them are told, by their numbers. */
class ModelLabelsTest {
  private static List<String> of(String labels) {
    return ModelLabels.of(
        ModelHeaders.named("m").config("{\"id2label\": %s}".formatted(labels)).open());
  }

  @Test
  void areInTheOrderOfTheirNumbersAndNotOfTheText() {
    assertThat(
            of(
                "{\"10\": \"k\", \"2\": \"c\", \"0\": \"a\", \"1\": \"b\", \"3\": \"d\","
                    + "\"4\": \"e\", \"5\": \"f\", \"6\": \"g\", \"7\": \"h\", \"8\": \"i\", \"9\": \"j\"}"))
        .containsExactly("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[\"a\", \"b\"]",
        "null",
        "{\"1\": \"a\", \"2\": \"b\"}",
        "{\"0\": \"a\", \"2\": \"b\"}",
        "{\"0\": \"a\", \"1\": \"a\"}",
        "{\"0\": \"a\", \"x\": \"b\"}",
        "{\"0\": \"a\", \"1\": 7}",
        "{\"0\": \"a\", \"00\": \"b\"}",
        "{\"0\": \"a\", \"-1\": \"b\"}",
        "{\"0\": \"a\", \"99999999999\": \"b\"}"
      })
  void areNoneWhereSomeAreMissingOrTwoAreAlike(String labels) {
    assertThat(of(labels)).isEmpty();
  }

  @Test
  void aConfigurationNeedNotNameAny() {
    assertThat(ModelLabels.of(ModelHeaders.named("m").config("{}").open())).isEmpty();
  }
}
