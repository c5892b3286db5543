package dev.stockpot.merge.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class JsonWriterTest {
  private static final JsonObject TREE =
      JsonObject.EMPTY
          .with("a", List.of(JsonValue.of(1), JsonValue.of(Double.POSITIVE_INFINITY)))
          .with("none", List.of())
          .with("empty", JsonObject.EMPTY);

  private static String bytes(JsonStyle style) {
    return new String(JsonWriter.bytes(style, TREE::writeTo), UTF_8);
  }

  @Test
  void writesNoSpaces() {
    assertThat(JsonWriter.text(JsonStyle.COMPACT, TREE))
        .isEqualTo("{\"a\":[1,Infinity],\"none\":[],\"empty\":{}}")
        .isEqualTo(bytes(JsonStyle.COMPACT));
  }

  @Test
  void writesAValueALine() {
    assertThat(JsonWriter.text(JsonStyle.SPACIOUS, TREE))
        .isEqualTo(
            """
            {
              "a" : [
                1,
                Infinity
              ],
              "none" : [ ],
              "empty" : { }
            }\
            """)
        .isEqualTo(bytes(JsonStyle.SPACIOUS));
  }

  @Test
  void writesAsPythonIndents() {
    assertThat(JsonWriter.text(JsonStyle.PYTHON, JsonObject.EMPTY.with("a", JsonObject.EMPTY)))
        .isEqualTo("{\n  \"a\": {}\n}");
  }

  @Test
  void writesWhatStepsSay() {
    byte[] written =
        JsonWriter.bytes(
            JsonStyle.COMPACT,
            json -> {
              json.beginObject();
              json.field("é\"");
              json.beginList();
              json.number(Long.MIN_VALUE);
              json.text("\ud83c\udf72\n");
              json.endList();
              json.endObject();
            });

    assertThat(new String(written, UTF_8)) // what UTF-16 has in two halves is escaped
        .isEqualTo("{\"é\\\"\":[-9223372036854775808,\"\\uD83C\\uDF72\\n\"]}");
  }
}
