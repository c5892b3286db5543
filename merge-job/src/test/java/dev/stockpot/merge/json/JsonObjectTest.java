package dev.stockpot.merge.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class JsonObjectTest {
  private static JsonObject parse(String text) throws JsonException {
    return Json.parse(text.replace('\'', '"').getBytes(UTF_8)).object().orElseThrow();
  }

  private static String text(JsonObject object) {
    return JsonWriter.text(JsonStyle.COMPACT, object).replace('"', '\'');
  }

  @Test
  void keepsTheOrderInWhichFieldsAreAdded() {
    JsonObject object = JsonObject.EMPTY.with("z", 1).with("a", "text").with("m", true);

    assertThat(text(object)).isEqualTo("{'z':1,'a':'text','m':true}");
    assertThat(text(object.with("a", JsonValue.nothing()))).isEqualTo("{'z':1,'a':null,'m':true}");
    assertThat(text(object.without("a").with("a", 2))).isEqualTo("{'z':1,'m':true,'a':2}");
  }

  @Test
  void aChangeLeavesTheOneBeforeAsItWas() {
    JsonObject before = JsonObject.EMPTY.with("a", 1);
    before.with("b", 2);
    before.without("a");

    assertThat(text(before)).isEqualTo("{'a':1}");
    assertThatThrownBy(() -> before.fields().put("c", JsonValue.of(3)))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void equalsOneWithTheSameFieldsInAnotherOrder() throws JsonException {
    assertThat(parse("{'a':1,'b':[2.5]}")).isEqualTo(parse("{'b':[2.5],'a':1}"));
    assertThat(parse("{'a':1}")).isNotEqualTo(parse("{'a':1.0}"));
  }

  @Test
  void givesWhatIsOfTheKindAskedFor() throws JsonException {
    JsonObject object = parse("{'t':'x','i':3,'l':[1,{'k':2},'y'],'o':{'k':1},'f':false,'n':null}");

    assertThat(object.text("t")).isEqualTo("x");
    assertThat(object.whole("i", 9)).isEqualTo(3);
    assertThat(object.integer("i")).hasValue(3);
    assertThat(object.list("l")).hasSize(3);
    assertThat(object.objects("l")).containsExactly(JsonObject.EMPTY.with("k", 2));
    assertThat(object.object("o")).contains(JsonObject.EMPTY.with("k", 1));
    assertThat(object.get("f").flatMap(JsonValue::flag)).contains(false);
    assertThat(object.has("n")).isTrue();
    assertThat(object.get("n")).contains(JsonValue.nothing());
  }

  @Test
  void convertsNothing() throws JsonException {
    JsonObject object = parse("{'t':'3','r':3.0,'big':9223372036854775808,'long':2147483648}");

    assertThat(object.whole("t", 9)).isEqualTo(9);
    assertThat(object.whole("r", 9)).isEqualTo(9);
    assertThat(object.whole("big", 9)).isEqualTo(9);
    assertThat(object.whole("long", 9)).isEqualTo(2147483648L);
    assertThat(object.integer("long")).isEqualTo(OptionalInt.empty());
    assertThat(object.text("r")).isEmpty();
    assertThat(object.list("t")).isEmpty();
    assertThat(object.object("t")).isEmpty();
    assertThat(object.get("r").flatMap(JsonValue::flag)).isEmpty();
    assertThat(object.get("absent")).isEmpty();
  }

  @Test
  void takesValuesOfJava() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("weight", 0.5);
    values.put("normalize", true);
    values.put("word", "sum");
    values.put("seed", 7L);

    assertThat(text(JsonObject.of(values)))
        .isEqualTo("{'weight':0.5,'normalize':true,'word':'sum','seed':7}");
    assertThatThrownBy(() -> JsonObject.of(Map.of("a", new Object[0])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is no value of JSON");
  }

  @Test
  void refusesAValueThatIsNull() {
    Map<String, JsonValue> fields = new HashMap<>();
    fields.put("a", null);

    assertThatThrownBy(() -> new JsonObject(fields)).hasMessage("a is null");
  }

  @Test
  void writesDecimalsWithTheirDigits() {
    JsonValue number = JsonValue.of(new BigDecimal("1.230E-7"));

    assertThat(JsonWriter.text(JsonStyle.COMPACT, number)).isEqualTo("1.230E-7");
    assertThat(JsonWriter.text(JsonStyle.COMPACT, JsonValue.of(List.of(JsonValue.of(0.1)))))
        .isEqualTo("[0.1]");
  }
}
