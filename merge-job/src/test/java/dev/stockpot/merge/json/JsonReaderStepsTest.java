package dev.stockpot.merge.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A reader steps once for each question, and answers what was stepped to. */
class JsonReaderStepsTest {
  private static JsonReader reader(String text) {
    return JsonReader.of(text.replace('\'', '"').getBytes(UTF_8));
  }

  @Test
  void askingAgainWhatWasSteppedToStepsNoFurther() throws JsonException {
    try (JsonReader json = reader("['a', [], 1]")) {
      assertThat(json.beginsList()).isTrue();
      assertThat(json.isList()).isTrue();
      assertThat(json.isText()).isFalse();
      assertThat(json.nextElement()).isTrue();
      assertThat(json.isText()).isTrue();
      assertThat(json.isText()).isTrue();
      assertThat(json.isList()).isFalse();
      assertThat(json.text()).isEqualTo("a");
      assertThat(json.nextElement()).isTrue();
      assertThat(json.isList()).isTrue();
      assertThat(json.nextElement()).as("the inner list ends").isFalse();
      assertThat(json.nextElement()).isTrue();
      assertThat(json.isText()).isFalse();
      assertThat(json.whole()).hasValue(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1", "'x'", "null", "true", "{'a': [1, {'b': 2}]}", "[[1], [2, []]]", "[]"})
  void aSkippedValueIsPassedWithAllBelowIt(String value) throws JsonException {
    try (JsonReader json = reader("{'before': %s, 'after': 7}".formatted(value))) {
      json.beginsObject();
      json.nextField();
      assertThat(json.name()).isEqualTo("before");
      json.skipValue();
      assertThat(json.nextField()).isTrue();
      assertThat(json.name()).isEqualTo("after");
      json.skipValue();
      assertThat(json.nextField()).isFalse();
      assertThat(json.isAtEnd()).isTrue();
    }
  }

  @Test
  void theRestOfAnObjectIsPassedFromItsBeginning() throws JsonException {
    try (JsonReader json = reader("[{'a': {'b': 1}, 'c': 2}, 3]")) {
      json.beginsList();
      json.nextElement();
      json.skipRest();
      assertThat(json.nextElement()).isTrue();
      assertThat(json.whole()).hasValue(3);
      json.skipRest(); // nothing began: nothing is passed
      assertThat(json.whole()).hasValue(3);
      assertThat(json.nextElement()).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-1, -1",
    "9223372036854775807, 9223372036854775807",
    "-9223372036854775808, -9223372036854775808"
  })
  void aWholeNumberIsOneThatALongHolds(String text, long number) throws JsonException {
    try (JsonReader json = reader("[" + text + "]")) {
      json.beginsList();
      json.nextElement();
      assertThat(json.whole()).hasValue(number);
      assertThat(json.text()).isEqualTo(text);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9223372036854775808",
        "-9223372036854775809",
        "1.0",
        "1e2",
        "'1'",
        "true",
        "null",
        "[]"
      })
  void allElseIsNoWholeNumber(String text) throws JsonException {
    try (JsonReader json = reader("[" + text + "]")) {
      json.beginsList();
      json.nextElement();
      assertThat(json.whole()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "01",
        "+1",
        ".5",
        "1.",
        "0x10",
        "NaN",
        "Infinity",
        "'a",
        "tru",
        "nul",
        "'\\x'",
        "'\u0007'"
      })
  void whatIsNoValueIsAFault(String text) {
    assertThatThrownBy(
            () -> {
              try (JsonReader json = reader("[" + text + "]")) {
                json.beginsList();
                json.nextElement();
                json.text();
                json.nextElement();
              }
            })
        .isInstanceOf(JsonException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[1", "[1,", "{'a'", "{'a':", "{'a': [", "{'a': 1,", "{'a': '"})
  void aTextThatEndsTooEarlyIsAFaultWhereItIsPassed(String text) {
    assertThatThrownBy(
            () -> {
              try (JsonReader json = reader("[" + text)) {
                json.beginsList();
                json.nextElement();
                json.skipRest();
                json.nextElement();
              }
            })
        .isInstanceOf(JsonException.class);
  }

  @Test
  void placesAreBytesAndNotCharacters() throws JsonException {
    try (JsonReader json = reader("{'é': '\ud83c\udf72', 'b': 12}")) {
      json.beginsObject();
      List<String> places = new ArrayList<>();
      while (json.nextField()) {
        long name = json.begin();
        json.nextIsText();
        json.text();
        places.add("%s %s %s".formatted(name, json.begin(), json.end()));
      }
      // {"é": is 6 bytes and a blank, the pot four bytes in quotes
      assertThat(places.get(0)).isEqualTo("1 7 13");
      assertThat(places.get(1)).startsWith("15 20 ");
    }
  }

  @Test
  void theMarkOfUtf8IsNoPartOfPlaces() throws JsonException {
    try (JsonReader json = JsonReader.of("\ufeff[1]".getBytes(UTF_8))) {
      json.beginsList();
      assertThat(json.nextElement()).isTrue();
      assertThat(json.whole()).hasValue(1);
    }
    try (JsonReader json = JsonReader.of("\ufeff".getBytes(UTF_8))) {
      assertThat(json.isAtEnd()).as("three bytes, and nothing").isTrue();
    }
  }
}
