package dev.stockpot.merge.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonValue;
import dev.stockpot.merge.recipe.UnknownKeys;
import dev.stockpot.merge.storage.MemoryStore;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Values on one line, which YAML and JSON read back as they were. */
class FlowTextTest {
  private static final String TEMPLATE = "{{ a template has twenty characters }}";

  /** A text, after a recipe in YAML was written of it and read. */
  private static String readAsYaml(String text) throws IOException {
    String read =
        MergeRecipe.by("linear")
            .model("a", Map.of("weight", 1))
            .chatTemplate(TEMPLATE + text + "|")
            .build()
            .read(new MemoryStore(), UnknownKeys.ERROR)
            .ofOneMerge()
            .vocabulary()
            .template()
            .orElseThrow()
            .text();
    assertThat(read).startsWith(TEMPLATE).endsWith("|");
    return read.substring(TEMPLATE.length(), read.length() - 1);
  }

  private static JsonValue readAsJson(Object value) throws JsonException {
    return Json.parse(FlowText.of(value).getBytes(UTF_8));
  }

  @Property(tries = 300)
  void anyCharacterIsReadBack(@ForAll @IntRange(max = Character.MAX_CODE_POINT) int character)
      throws IOException, JsonException {
    if (character < Character.MIN_SURROGATE || character > Character.MAX_SURROGATE) {
      String text = Character.toString(character);
      assertThat(readAsYaml(text)).isEqualTo(text);
      assertThat(readAsJson(text).text()).hasValue(text);
    }
  }

  @Test
  void charactersOfControlAreReadBackToo() throws IOException, JsonException {
    StringBuilder all = new StringBuilder("\uFEFF\uFFFE\uFFFF\u2028\u2029");
    for (char c = 0; c < 256; c++) {
      all.append(c);
    }
    assertThat(readAsYaml(all.toString())).isEqualTo(all.toString());
    assertThat(readAsJson(all.toString()).text()).hasValue(all.toString());
  }

  @Test
  void quotesAndWhatLooksLikeSomethingElseStandInQuotes() {
    assertThat(FlowText.of("a \"b\" \\n")).isEqualTo("\"a \\\"b\\\" \\\\n\"");
    assertThat(FlowText.of("a\nb\tc")).isEqualTo("\"a\\u000ab\\u0009c\"");
    assertThat(FlowText.of("true")).isEqualTo("\"true\"");
    assertThat(FlowText.of("1")).isEqualTo("\"1\"");
    assertThat(FlowText.of("")).isEqualTo("\"\"");
  }

  @Test
  void numbersAndFlagsStandWithout() throws JsonException {
    assertThat(FlowText.of(List.of(1, 0.5, -3L, 1e-7, true, "x")))
        .isEqualTo("[1, 0.5, -3, 1.0E-7, true, \"x\"]");
    assertThat(readAsJson(1e-7).number()).hasValue(1e-7);
  }

  @Test
  void keysAreSortedAndListsKeepTheirOrder() {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("weight", List.of("b", "a"));
    one.put("density", Map.of("z", 1, "filter", "mlp"));
    Map<String, Object> other = new LinkedHashMap<>();
    other.put("density", Map.of("filter", "mlp", "z", 1));
    other.put("weight", List.of("b", "a"));

    assertThat(FlowText.of(one))
        .isEqualTo("{density: {filter: \"mlp\", z: 1}, weight: [\"b\", \"a\"]}")
        .isEqualTo(FlowText.of(other));
    assertThat(FlowText.of(List.of(Map.of(), List.of()))).isEqualTo("[{}, []]");
  }
}
