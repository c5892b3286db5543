package dev.stockpot.merge.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A mapping of a recipe gives what is asked for, and says what it is where it is something else.
 */
class SectionTest {
  private static final Section.Keys KEYS =
      new Section.Keys(
          "a dish",
          List.of("salt", "pepper", "filter", "base_model"),
          Map.of("sugar", "is for puddings"),
          Map.of("garnish", "changes nothing"),
          Optional.empty());

  private final Problems problems = new Problems("recipe.yml");

  private Section section(String yaml) {
    return section(yaml, UnknownKeys.ERROR);
  }

  private Section section(String yaml, UnknownKeys policy) {
    MapNode map = (MapNode) YamlTree.parse(yaml, problems).get(0);
    StrayWords words = new StrayWords(problems, policy, Optional.empty(), Recipes.METHODS);
    return new Section(map, KEYS, words);
  }

  private void assertProblems(String... expected) {
    assertThat(problems.sorted()).containsExactly(expected);
  }

  @Test
  void tellsOfEachKeyWhatBecomesOfIt() {
    section("sugar: 1\ngarnish: 2\nsatl: 3\nsalt: 4\n");
    assertProblems(
        "recipe.yml:1: `sugar` is for puddings",
        "recipe.yml:3: `satl` is not a key of a dish; did you mean `salt`?");
    assertThat(problems.told()).containsExactly("recipe.yml:2: `garnish` changes nothing");
  }

  @Test
  void aKeyOfAnotherPlaceIsToldUnlessNothingMayBeWithoutEffect() {
    section("dtype: float16\n", UnknownKeys.NOTICE);
    assertProblems();
    assertThat(problems.told())
        .containsExactly(
            "recipe.yml:1: `dtype` has no effect here: it is a key of a recipe; move it there, or"
                + " remove it");
    section("dtype: float16\n", UnknownKeys.ERROR);
    assertProblems(
        "recipe.yml:1: `dtype` has no effect here: it is a key of a recipe; move it there, or"
            + " remove it");
  }

  @Test
  void aKeyWithoutAValueIsNotThere() {
    Section section = section("salt:\npepper: ~\nfilter:\n");
    assertThat(section.has("salt")).isFalse();
    assertThat(section.value("pepper")).isEmpty();
    assertThat(section.word("salt")).isEmpty();
    assertThat(section.number("salt", 7)).isEqualTo(7);
    assertThat(section.flag("pepper")).isFalse();
    assertThat(section.list("pepper")).isEmpty();
    assertProblems();
    assertThat(problems.told())
        .as("a filter of nothing passes every tensor")
        .containsExactly(
            "recipe.yml:1: `salt` has no value, and counts as not given",
            "recipe.yml:2: `pepper` has no value, and counts as not given");
  }

  @Test
  void aKeyThatIsNotThereHasTheLineOfItsMapping() {
    Section section = section("\n\nsalt: 1\npepper: 2\n");
    assertThat(section.lineOf("pepper")).isEqualTo(4);
    assertThat(section.lineOf("filter")).isEqualTo(3);
    assertThat(section.line()).isEqualTo(3);
    assertThat(section.has("pepper")).isTrue();
    assertThat(section.has("filter")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"5, 5.0", "-0.5, -0.5", "'''2''', 2", "1e308, 1e308"})
  void aNumberIsFinite(String text, double number) {
    assertThat(section("salt: " + text).number("salt", 7)).isEqualTo(number);
    assertProblems();
  }

  @ParameterizedTest
  @ValueSource(strings = {".inf", ".nan", "much", "true", "[1]", "1e309"})
  void whatIsNoNumberIsShown(String text) {
    assertThat(section("salt: " + text).number("salt", 7)).isEqualTo(7);
    assertProblems("recipe.yml:1: `salt` is %s, must be a number".formatted(text));
  }

  @Test
  void aNumberThatIsNotThereIsAnother() {
    assertThat(section("pepper: 1").number("salt", 7)).isEqualTo(7);
    assertProblems();
  }

  @ParameterizedTest
  @ValueSource(strings = {"maybe", "2", "[true]", "{a: b}"})
  void whatIsNoFlagIsShown(String text) {
    Section section = section("salt: " + text);
    assertThat(section.flag("salt")).isFalse();
    assertProblems(
        "recipe.yml:1: `salt` is %s, must be true or false"
            .formatted(text.replace("{a: b}", "{a: …}")));
  }

  @Test
  void flagsAreOffUnlessTheySayTrue() {
    Section section = section("salt: yes\npepper: 0\n");
    assertThat(section.flag("salt")).isTrue();
    assertThat(section.flag("pepper")).isFalse();
    assertThat(section.flag("filter")).isFalse();
    assertProblems();
  }

  @Test
  void aWordIsOneValueOfAnyKind() {
    Section section = section("salt: 5\npepper: [a]\n");
    assertThat(section.word("salt")).contains("5");
    assertThat(section.word("filter")).isEmpty();
    assertThat(section.word("pepper")).isEmpty();
    assertProblems("recipe.yml:2: `pepper` must be one word");
  }

  @Test
  void aChoiceIsOneOfTheWordsThatThereAre() {
    List<Integer> spoons = List.of(1, 2, 3);
    Section section = section("salt: of 2\npepper: of 4\nfilter: [x]\n");
    assertThat(section.choice("salt", spoons, spoon -> "of " + spoon)).contains(2);
    assertThat(section.choice("base_model", spoons, spoon -> "of " + spoon)).isEmpty();
    assertProblems();
    assertThat(section.choice("pepper", spoons, spoon -> "of " + spoon)).isEmpty();
    assertThat(section.choice("filter", spoons, spoon -> "of " + spoon)).isEmpty();
    assertProblems(
        "recipe.yml:2: `pepper` is of 4, must be one of `of 1`, `of 2`, `of 3`",
        "recipe.yml:3: `filter` must be one word");
  }

  @Test
  void listsAndMappingsAreNothingElse() {
    Section section = section("salt: [a, b]\npepper: {c: d}\nfilter: []\n");
    assertThat(section.list("salt")).extracting(Node::shown).containsExactly("a", "b");
    assertThat(section.map("pepper").orElseThrow().entry("c")).isPresent();
    assertProblems();
    assertThat(section.list("pepper")).isEmpty();
    assertThat(section.map("salt")).isEmpty();
    assertThat(section.list("filter")).isEmpty();
    assertProblems(
        "recipe.yml:1: `salt` must be a mapping, `name: value`",
        "recipe.yml:2: `pepper` must be a list",
        "recipe.yml:3: `filter` is empty; list at least one");
  }
}
