package dev.stockpot.merge.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where in a text that somebody wrote something new goes, and with which spaces. */
class WrittenJsonPlacesTest {
  private static String with(String text, JsonObject wanted) throws JsonException {
    return WrittenJson.of(text).with(wanted);
  }

  private static JsonObject of(String text) throws JsonException {
    return Json.parsePythons(text).object().orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({"'[]'", "'7'", "'\"a\"'", "'null'", "''"})
  void whatIsNoObjectIsToldSo(String text) {
    assertThatThrownBy(() -> WrittenJson.of(text))
        .isInstanceOf(JsonException.class)
        .hasMessage("it is no object");
  }

  @Test
  void saysInWhichLineItIsBroken() {
    assertThatThrownBy(() -> WrittenJson.of("{\n\"a\": 1,\n\"b\" 2}"))
        .isInstanceOfSatisfying(JsonException.class, e -> assertThat(e.line()).isEqualTo(3));
  }

  @Test
  void whatStandsAroundTheObjectStays() throws JsonException {
    String text = " \n {\"a\": 1}\n\n";
    assertThat(with(text, of(text).with("a", 2))).isEqualTo(" \n {\"a\": 2}\n\n");
  }

  @Test
  void anEmptyObjectOfSeveralLinesGetsAStepOfTwo() throws JsonException {
    assertThat(with("{\n}", JsonObject.EMPTY.with("a", 1).with("b", List.of(JsonValue.of(1)))))
        .isEqualTo("{\n  \"a\": 1,\n  \"b\": [\n    1\n  ]\n}");
  }

  @Test
  void whatIsNewInAnInnerObjectIsOneStepDeeper() throws JsonException {
    String text = "{\n\t\"a\": {},\n\t\"b\": {\"c\": {}}\n}";
    JsonObject wanted =
        of(text)
            .with("a", JsonObject.EMPTY.with("x", 1))
            .with("b", JsonObject.EMPTY.with("c", JsonObject.EMPTY.with("y", 2)));
    assertThat(with(text, wanted))
        .isEqualTo("{\n\t\"a\": {\n\t\t\"x\": 1\n\t},\n\t\"b\": {\"c\": {\n\t\t\"y\": 2\n\t}}\n}");
  }

  @Test
  void aNewNameIsEscapedAndTheOldOnesAreNot() throws JsonException {
    String text = "{\"\\u0061\\\"\\\\\": 1}";
    assertThat(with(text, of(text).with("b\"\n", "c\"")))
        .isEqualTo("{\"\\u0061\\\"\\\\\": 1, \"b\\\"\\n\": \"c\\\"\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\": [1,2]}     | {\"a\": [2,1,5]}",
        "{\"a\": [1, 2]}    | {\"a\": [2, 1, 5]}",
        "{\"a\": [ 1 ]}     | {\"a\": [ 2, 1, 5 ]}",
        "{\"a\": [1.0,  2]} | {\"a\": [2,  1,  5]}",
      })
  void elementsAreSetApartAsTheFirstTwoWere(String text, String expected) throws JsonException {
    List<JsonValue> numbers = List.of(JsonValue.of(2), JsonValue.of(1), JsonValue.of(5));
    assertThat(with(text, of(text).with("a", numbers))).isEqualTo(expected);
  }

  @Test
  void aListThatBecomesEmptyOrWasSoIsWrittenAnew() throws JsonException {
    assertThat(with("{\"a\": [1, 2]}", JsonObject.EMPTY.with("a", List.of())))
        .isEqualTo("{\"a\": []}");
    assertThat(with("{\"a\": [ ]}", JsonObject.EMPTY.with("a", List.of(JsonValue.of(1)))))
        .isEqualTo("{\"a\": [1]}");
  }

  @Test
  void aNumberThatIsEqualAndAnotherKindIsAChange() throws JsonException {
    assertThat(with("{\"a\": 1.0, \"b\": 1}", of("{\"a\": 1, \"b\": 1}")))
        .isEqualTo("{\"a\": 1, \"b\": 1}");
    assertThat(with("{\"a\": 1e0}", JsonObject.EMPTY.with("a", JsonValue.of(1.0))))
        .isEqualTo("{\"a\": 1e0}");
  }

  @Test
  void nothingHoldsNothing() {
    assertThatThrownBy(() -> JsonValue.of((String) null)).hasMessage("text is null");
    assertThatThrownBy(() -> JsonValue.of((BigDecimal) null)).hasMessage("number is null");
  }

  @Test
  void aNumberIsTheNearestThatADoubleHas() throws JsonException {
    JsonObject object = of("{\"a\": 9007199254740993, \"b\": 1e400, \"c\": 123456789012345678901}");
    assertThat(object.get("a").orElseThrow().number()).hasValue(9007199254740992.0);
    assertThat(object.get("a").orElseThrow().whole()).hasValue(9007199254740993L);
    assertThat(object.get("b").orElseThrow().number()).hasValue(Double.POSITIVE_INFINITY);
    assertThat(object.get("c").orElseThrow().number()).hasValue(123456789012345680000.0);
    assertThat(object.get("c").orElseThrow().whole()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"2147483647, true", "2147483648, false", "-2147483648, true", "-2147483649, false"})
  void anIntHoldsWhatAnIntHolds(long number, boolean isInt) {
    assertThat(JsonValue.of(number).integer().isPresent()).isEqualTo(isInt);
  }

  @Test
  void zerosAmongTheFirstFourBytesAreNoUtf8() {
    assertThat(Json.firstBadByte(new byte[] {'{', '}', ' ', 0})).hasValue(3);
    assertThat(Json.firstBadByte(new byte[] {0})).hasValue(0);
    assertThat(Json.firstBadByte(new byte[] {'{', '}', ' ', ' ', 0})).as("a letter").isEmpty();
    assertThat(Json.firstBadByte(new byte[0])).isEmpty();
    assertThat(Json.firstBadByte(new byte[] {'a', (byte) 0xf0, (byte) 0x9f})).hasValue(1);
  }
}
