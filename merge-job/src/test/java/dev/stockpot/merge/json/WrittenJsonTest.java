package dev.stockpot.merge.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a text becomes when some of its values become others. */
class WrittenJsonTest {
  private static final String PYTHONS =
      """
      {
        "architectures": [
          "X"
        ],
        "eps": 1e-05,
        "rope": {
          "theta": 10000.0,
          "kind": "d\\u00e9faut"
        },
        "layer_types": [
          "full",
          "sliding",
          "full"
        ],
        "none": {},
        "torch_dtype": "float32"
      }
      """;

  private static String changed(String text, UnaryOperator<JsonObject> change) throws Exception {
    JsonObject before = Json.parsePythons(text).object().orElseThrow();
    JsonObject wanted = change.apply(before);
    String written = WrittenJson.of(text).with(wanted);
    assertThat(Json.parsePythons(written)).isEqualTo(wanted);
    return written;
  }

  private static List<JsonValue> texts(String... texts) {
    return List.of(texts).stream().map(JsonValue::of).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        PYTHONS,
        "{}",
        " \n{ }\n\n",
        "{\"a\":1e-5,\"b\":[1.50,2],\"c\":NaN}",
        "{\"a\" : [ ],\r\n\t\"b\":{\"c\" :-Infinity} }",
        "{\"twice\": 1, \"twice\": 2}",
        "{\"big\": 123456789012345678901234567890, \"x\": 0.10000000000000000555}",
        "{\"quo\\\"te\\\\\": \"\\u0041\\/\"}",
      })
  void staysLetterByLetterWhereNothingChanges(String text) throws Exception {
    assertThat(changed(text, same -> same)).isEqualTo(text);
  }

  @Test
  void keepsAllButTheValueThatChanges() throws Exception {
    assertThat(changed(PYTHONS, config -> config.with("torch_dtype", "bfloat16")))
        .isEqualTo(PYTHONS.replace("float32", "bfloat16"));
    assertThat(
            changed(
                PYTHONS,
                config ->
                    config.with("rope", config.object("rope").orElseThrow().with("theta", 5L))))
        .isEqualTo(PYTHONS.replace("10000.0", "5"));
  }

  @Test
  void writesAListAsTheOneBeforeWasWritten() throws Exception {
    assertThat(
            changed(
                PYTHONS, config -> config.with("layer_types", texts("full", "other", "sliding"))))
        .isEqualTo(
            PYTHONS.replace(
                "    \"sliding\",\n    \"full\"\n", "    \"other\",\n    \"sliding\"\n"));
    String inOneLine = "{\n \"a\": [1e-05, 0.50],\n \"b\": [7],\n \"c\": [1,2] }";
    assertThat(
            changed(
                inOneLine,
                config -> {
                  List<JsonValue> a = config.list("a");
                  return config
                      .with("a", List.of(a.get(1), a.get(0), a.get(0)))
                      .with("b", List.of(JsonValue.of(7), JsonValue.of(8)))
                      .with("c", List.of(JsonValue.of(2), JsonValue.of(2), JsonValue.of(1)));
                }))
        .isEqualTo("{\n \"a\": [0.50, 1e-05, 1e-05],\n \"b\": [7, 8],\n \"c\": [2,2,1] }");
  }

  @Test
  void keepsTheWritingOfObjectsInAListThatIsRearranged() throws Exception {
    String blocks =
        "{\n  \"blocks\": [\n    {\"n\": 1.0e2,\n     \"x\": 1},\n    {\"n\": 2}\n  ]\n}";
    assertThat(
            changed(
                blocks,
                config -> {
                  List<JsonValue> before = config.list("blocks");
                  return config.with("blocks", List.of(before.get(1), before.get(0)));
                }))
        .isEqualTo(
            "{\n  \"blocks\": [\n    {\"n\": 2},\n    {\"n\": 1.0e2,\n     \"x\": 1}\n  ]\n}");
  }

  @Test
  void putsWhatIsNewBehindTheRestInTheSameStyle() throws Exception {
    assertThat(changed(PYTHONS, config -> config.with("tie", false)))
        .isEqualTo(PYTHONS.replace("\"float32\"\n", "\"float32\",\n  \"tie\": false\n"));
    assertThat(
            changed(
                PYTHONS,
                config -> config.with("rope", config.object("rope").orElseThrow().with("x", 1L))))
        .isEqualTo(PYTHONS.replace("faut\"\n", "faut\",\n    \"x\": 1\n"));
    assertThat(changed(PYTHONS, config -> config.with("none", JsonObject.EMPTY.with("deep", 1L))))
        .isEqualTo(PYTHONS.replace("{},", "{\n    \"deep\": 1\n  },"));
    assertThat(changed(PYTHONS, config -> config.with("new", texts("a"))))
        .isEqualTo(
            PYTHONS.replace("\"float32\"\n", "\"float32\",\n  \"new\": [\n    \"a\"\n  ]\n"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":1,\"b\":2}        | {\"a\":1,\"b\":2,\"n\":3}",
        "{\"a\": 1, \"b\": 2}     | {\"a\": 1, \"b\": 2, \"n\": 3}",
        "{ \"a\" : 1 }            | { \"a\" : 1, \"n\" : 3 }",
        "{}                       | {\"n\": 3}",
        "{\"a\": {}}              | {\"a\": {}, \"n\": 3}",
      })
  void whatIsNewInOneLineStaysInIt(String text, String expected) throws Exception {
    assertThat(changed(text, config -> config.with("n", 3L))).isEqualTo(expected);
  }

  @Test
  void keepsTabsAndTheLineEndsOfWindows() throws Exception {
    assertThat(
            changed(
                "{\r\n\t\"a\": 1,\r\n\t\"b\": {\r\n\t\t\"c\": []\r\n\t}\r\n}\r\n",
                config ->
                    config
                        .with("b", JsonObject.EMPTY.with("c", texts("x")))
                        .with("d", JsonObject.EMPTY.with("e", texts("y")))))
        .isEqualTo(
            "{\r\n\t\"a\": 1,\r\n\t\"b\": {\r\n\t\t\"c\": [\r\n\t\t\t\"x\"\r\n\t\t]\r\n\t},"
                + "\r\n\t\"d\": {\r\n\t\t\"e\": [\r\n\t\t\t\"y\"\r\n\t\t]\r\n\t}\r\n}\r\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"x\": 1, \"b\": 2}           | {\"b\": 2}",
        "{\"a\": 1, \"x\": 2}           | {\"a\": 1}",
        "{\"a\": 1,  \"x\": 2,\"b\": 3} | {\"a\": 1,\"b\": 3}",
        "{\"x\": 1}                     | {}",
        "{\"x\": 1, \"a\": 0, \"x\": 2} | {\"a\": 0}",
      })
  void takesAwayWhatIsNotWanted(String text, String expected) throws Exception {
    assertThat(changed(text, config -> config.without("x"))).isEqualTo(expected);
  }

  @Test
  void ofWhatIsThereTwiceTheLastCounts() throws Exception {
    assertThat(changed("{\"a\": 1, \"a\": 2}", config -> config.with("a", 3L)))
        .isEqualTo("{\"a\": 1, \"a\": 3}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "", "7", "{\"a\":", "{\"a\" 1}"})
  void isAnObject(String text) {
    assertThatThrownBy(() -> WrittenJson.of(text)).isInstanceOf(JsonException.class);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void anyTextCanBecomeAnyOther(long seed) throws Exception {
    Random random = new Random(seed);
    for (int i = 0; i < 300; i++) {
      JsonObject before = object(random, 0);
      JsonObject after = random.nextBoolean() ? object(random, 0) : mixed(random, before);
      for (JsonStyle style : JsonStyle.values()) {
        String text = JsonWriter.text(style, before);
        assertThat(WrittenJson.of(text).with(before)).isEqualTo(text);
        assertThat(Json.parsePythons(WrittenJson.of(text).with(after))).isEqualTo(after);
      }
    }
  }

  /** Half of the fields of an object, and some others. */
  private static JsonObject mixed(Random random, JsonObject before) {
    Map<String, JsonValue> fields = new LinkedHashMap<>(before.fields());
    fields.keySet().removeIf(name -> random.nextBoolean());
    fields.putAll(object(random, 1).fields());
    return new JsonObject(fields);
  }

  private static JsonObject object(Random random, int depth) {
    Map<String, JsonValue> fields = new LinkedHashMap<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      fields.put("k\"\\" + random.nextInt(6), value(random, depth + 1));
    }
    return new JsonObject(fields);
  }

  private static JsonValue value(Random random, int depth) {
    int kind = random.nextInt(depth > 3 ? 4 : 6);
    return switch (kind) {
      case 0 -> JsonValue.of(random.nextLong());
      case 1 -> JsonValue.of(random.nextGaussian() * 1e-7);
      case 2 -> JsonValue.of("\u00e9 \"" + random.nextInt());
      case 3 -> random.nextBoolean() ? JsonValue.nothing() : JsonValue.of(random.nextBoolean());
      case 4 -> object(random, depth);
      default -> {
        List<JsonValue> elements = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          elements.add(value(random, depth + 1));
        }
        yield JsonValue.of(elements);
      }
    };
  }
}
