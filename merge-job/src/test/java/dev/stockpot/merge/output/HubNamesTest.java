package dev.stockpot.merge.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.storage.Location;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a hub calls models, and what the top of a README says to it. */
class HubNamesTest {
  @ParameterizedTest
  @ValueSource(strings = {"org/name", "a/b", "Qwen/Qwen2.5-7B", "o_1/_x_", "0/9"})
  void takesNamesOfTheHub(String id) {
    assertThat(HubId.isId(id)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "name",
        "/name",
        "org/",
        "a/b/c",
        "org/na--me",
        "org/na..me",
        "org/.name",
        "org/name.",
        "-org/name",
        "org/na me",
        "",
        "./name",
        "../name"
      })
  void refusesOtherWords(String text) {
    assertThat(HubId.isId(text)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "x, hf://org/name, org/name",
        "x, hf://models/org/name@main/sub, org/name",
        "x, HF://org/name@abc, org/name",
        "x, hf://org/na--me, -",
        "x, /c/hub/models--org--name/snapshots/0123, org/name",
        "x, /c/hub/models--org--name/snapshots/0123/sub, org/name",
        "x, /c/hub/models--name/snapshots/0123, -",
        "org/name, /models/org/name, org/name",
        "org/name, org/name, -",
        "org/name, /models/org-name, -",
        "a/org/name, /models/a/org/name, -"
      })
  void aModelIsCalledAsItWasFetched(String name, String folder, String id) {
    assertThat(HubId.of(name, new Location(folder)).orElse(null)).isEqualTo(id);
  }

  @Test
  void theTopOfAReadmeIsYamlBetweenDashes() {
    FrontMatter top =
        FrontMatter.of(
            "---\nlicense: ' mit '\ntags: [a, 3, b]\nbase_model: org/x\nn: 4\n---\n# Title\n---\n");
    assertThat(top.text("license")).hasValue("mit");
    assertThat(top.text("n")).as("a number is no text").isEmpty();
    assertThat(top.text("absent")).isEmpty();
    assertThat(top.texts("tags")).containsExactly("a", "b");
    assertThat(top.texts("base_model")).as("one is a list of one").containsExactly("org/x");
    assertThat(top.texts("n")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "# Title",
        "\n---\nlicense: mit\n---\n",
        "---\nlicense: mit\n",
        "---\n- a\n- b\n---\n",
        "---\nlicense: [mit\n---\n",
        "---\n---\n",
        "--- \nx"
      })
  void whatCannotBeReadSaysNothing(String readme) {
    assertThat(FrontMatter.of(readme).values()).isEmpty();
  }

  @Test
  void linesMayEndAsOnWindows() {
    assertThat(FrontMatter.of("---\r\nlicense: mit\r\n---\r\n").text("license")).hasValue("mit");
  }

  @Test
  void nestingWithoutEndSaysNothing() {
    String deep = "---\na: " + "[".repeat(100_000) + "\n---\n";
    assertThat(FrontMatter.of(deep).values()).isEmpty();
    List<String> bomb = List.of("a: &a [x, x]", "b: &b [*a, *a]", "c: [*b, *b]");
    assertThat(FrontMatter.of("---\n" + String.join("\n", bomb) + "\n---").text("a")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"BF16", "F16", "F32", "F64"})
  void typesHaveTheWordsOfPyTorch(DType type) {
    assertThat(TypeWords.of(type)).matches("b?float(16|32|64)");
  }

  @Test
  void otherTypesHaveNone() {
    assertThatThrownBy(() -> TypeWords.of(DType.F8_E4M3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no configuration names F8_E4M3 as its type");
  }
}
