package dev.stockpot.merge.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  /** What the library does without us is what files were written with before. */
  private static final ObjectMapper LIBRARY =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  private static JsonValue parse(String text) throws JsonException {
    return Json.parse(text.getBytes(UTF_8));
  }

  private static String compact(JsonValue value) {
    return JsonWriter.text(JsonStyle.COMPACT, value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "[[],{},[{}]]",
        "null",
        "true",
        "{\"a\":{\"b\":[1,2.5,\"c\",null,false]}}",
        "[0,-0,-0.0,7,2147483647,2147483648,9223372036854775807,9223372036854775808,-1e3]",
        "[1e-05,1E5,0.10,3.4028235e38,1.0,10000000.0,123456789012345678901234567890]",
        "{\"é\":\"\u00fc \\n \\u0000 \\\" \ud83c\udf72 </script>\"}",
        "{\"twice\":1,\"b\":2,\"twice\":[3]}",
        " [ 1 , 2 ] "
      })
  void writesWhatItReadAsTheLibraryWould(String text) throws Exception {
    assertThat(compact(parse(text))).isEqualTo(LIBRARY.readTree(text).toString());
    assertThat(compact(Json.parsePythons(text))).isEqualTo(LIBRARY.readTree(text).toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-16", "UTF-32LE", "UTF-32BE"})
  void textThatIsNotUtf8IsRefused(String charset) {
    byte[] text = "{\"a\": 1}".getBytes(Charset.forName(charset));

    assertThatThrownBy(() -> Json.parse(text)).isInstanceOf(JsonException.class);
    assertThatThrownBy(
            () -> {
              try (JsonReader reader = JsonReader.of(text)) {
                reader.beginsObject();
                reader.nextField();
              }
            })
        .isInstanceOf(JsonException.class);
  }

  @Test
  void theMarkOfUtf8IsPassedOver() throws Exception {
    byte[] text = "\ufeff{\"a\": 1}".getBytes(UTF_8);

    assertThat(compact(Json.parse(text))).isEqualTo("{\"a\":1}");
    try (JsonReader reader = JsonReader.of(text)) {
      assertThat(reader.beginsObject()).isTrue();
    }
  }

  @Test
  void readsNumbersThatOnlyPythonWritesWhereItIsAskedTo() throws JsonException {
    String text = "[NaN,Infinity,-Infinity]";

    assertThat(compact(Json.parsePythons(text))).isEqualTo(text);
    assertThat(compact(Json.parsePythons("[-1e400]"))).isEqualTo("[-Infinity]");
    assertThatThrownBy(() -> parse(text)).isInstanceOf(JsonException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'{\"a\": 1'     | 1 | Unexpected end-of-input",
        "'{\n\n\"a\" 1}' | 3 | was expecting a colon",
        "''              | 1 | it is empty",
        "'  '            | 1 | it is empty",
        "'x'             | 1 | Unrecognized token 'x'"
      })
  void saysWhatIsNoJsonAndInWhichLine(String text, int line, String what) {
    assertThatThrownBy(() -> parse(text.replace("\\n", "\n")))
        .isInstanceOfSatisfying(JsonException.class, e -> assertThat(e.line()).isEqualTo(line))
        .hasMessageContaining(what);
  }

  @Test
  void deepNestingIsNoDanger() {
    assertThatThrownBy(() -> parse("[".repeat(1_000_000)))
        .isInstanceOf(JsonException.class)
        .hasMessageContaining("nesting depth");
  }

  @Test
  void ignoresWhatFollowsTheFirstValue() throws JsonException {
    assertThat(parse("[1] [")).isEqualTo(JsonValue.of(List.of(JsonValue.of(1))));
  }

  /** One of what journals hold. */
  record Entry(String name, List<Long> counts, Map<String, Double> figures, List<Inner> inner) {
    record Inner(int a) {}
  }

  @Test
  void aRecordIsReadAsItWasWritten() throws JsonException {
    Entry entry =
        new Entry(
            "e",
            List.of(1L, Long.MAX_VALUE),
            Map.of("x", Double.POSITIVE_INFINITY),
            List.of(new Entry.Inner(3)));

    String text = Json.of(entry);

    assertThat(text)
        .isEqualTo(
            "{\"name\":\"e\",\"counts\":[1,9223372036854775807],"
                + "\"figures\":{\"x\":\"Infinity\"},\"inner\":[{\"a\":3}]}");
    assertThat(Json.parse(text, Entry.class)).contains(entry);
  }

  @Test
  void aRecordThatWasCutShortIsNone() throws JsonException {
    assertThat(Json.parse("", Entry.class)).isEmpty();
    assertThat(Json.parse("null", Entry.class)).isEmpty();
    assertThatThrownBy(() -> Json.parse("{\"name\":\"e", Entry.class))
        .isInstanceOf(JsonException.class);
    assertThatThrownBy(() -> Json.parse("{\"counts\":{}}", Entry.class))
        .isInstanceOf(JsonException.class);
  }

  @Test
  void findsTheFirstByteThatIsNotUtf8() {
    assertThat(Json.firstBadByte("é \ud83c\udf72".getBytes(UTF_8))).isEmpty();
    assertThat(Json.firstBadByte(new byte[] {'{', (byte) 0xe9, '}'})).isEqualTo(OptionalInt.of(1));
    assertThat(Json.firstBadByte(new byte[] {'{', 0, '}', 0})).isEqualTo(OptionalInt.of(1));
    byte[] late = "a".repeat(20_000).getBytes(UTF_8);
    late[19_999] = (byte) 0xff;
    assertThat(Json.firstBadByte(late)).isEqualTo(OptionalInt.of(19_999));
  }

  @Test
  void knowsHalfACharacter() {
    assertThat(Json.isEncodable("\ud83c\udf72")).isTrue();
    assertThat(Json.isEncodable("a\ud83c")).isFalse();
  }

  @Test
  void aNumberIsOneHoweverItIsWritten() throws JsonException {
    JsonObject object =
        Json.parse("{\"a\":1,\"b\":1e-05,\"c\":\"2\"}".getBytes(UTF_8)).object().get();

    assertThat(object.get("a").get().number()).hasValue(1);
    assertThat(object.get("b").get().number()).hasValue(1e-5);
    assertThat(object.get("c").get().number()).isEmpty();
    assertThat(JsonValue.of(new BigDecimal("0.25")).number()).hasValue(0.25);
  }
}
