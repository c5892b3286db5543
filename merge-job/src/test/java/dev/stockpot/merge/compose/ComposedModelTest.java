package dev.stockpot.merge.compose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.plan.ModelHeaders;
import org.junit.jupiter.api.Test;

/** What a composed model has of whom: configuration, name and files. */
class ComposedModelTest {
  private static final String HINT =
      "config.json is that of %s, as it is; say what is different of the whole with `config: {set:"
          + " {key: value}}`";

  private static ModelHeaders model(String name) {
    return ModelHeaders.named(name).config("{\"name\": \"%s\"}".formatted(name)).tensor(name, 2);
  }

  private static Composed composed(String recipe) {
    return Compositions.of(recipe, model("a"), model("b")).composed();
  }

  @Test
  void theFirstModelGivesTheConfigurationUnlessOneIsTheBase() {
    Composed first = composed("compose:\n  - {from: b, leave_out: true}\n  - {from: a}\n");
    assertThat(first.model().configText()).isEqualTo("{\"name\": \"a\"}");
    assertThat(first.model().folder()).hasToString("a");
    Composed base = composed("base_model: b\ncompose:\n  - {from: a}\n");
    assertThat(base.model().configText()).isEqualTo("{\"name\": \"b\"}");
    assertThat(base.model().config().tree().text("name")).isEqualTo("b");
    assertThat(base.model().folder()).hasToString("b");
  }

  @Test
  void aTemplateOfAModelGivesTheConfigurationAlone() {
    Composed made = composed("compose:\n  - {from: a}\nconfig: {template: b, set: {k: 1}}\n");
    assertThat(made.model().configText()).isEqualTo("{\"name\": \"b\", \"k\": 1}");
    assertThat(made.model().folder()).hasToString("a");
  }

  @Test
  void aTemplateOfAFileIsTakenAsItIs() {
    Composed made =
        Compositions.of("compose:\n  - {from: a}\nconfig: {template: t.json}\n", model("a"))
            .withTemplate("{ \"t\" : 1 }\n")
            .composed();
    assertThat(made.model().configText()).isEqualTo("{ \"t\" : 1 }\n");
    assertThat(made.model().config().tree().whole("t", 0)).isEqualTo(1);
  }

  @Test
  void aTemplateThatIsNoConfigurationIsAProblem() {
    Compositions.of("compose:\n  - {from: a}\nconfig: {template: t.json}\n", model("a"))
        .withTemplate("[]")
        .assertProblems("recipe.yml:3: the template t.json is no JSON object");
  }

  @Test
  void whatIsMixedUnderAnUnchangedConfigurationIsTold() {
    String mixed = "compose:\n  - {from: a}\n  - {from: b}\n";
    assertThat(composed(mixed).notices()).containsExactly(HINT.formatted("a"));
    assertThat(composed("compose:\n  - {from: a}\n  - {as: n, shape: [2], init: ones}\n").notices())
        .containsExactly(HINT.formatted("a"));
    assertThat(composed(mixed + "config: {set: {k: 1}}\n").notices()).isEmpty();
    assertThat(composed("compose:\n  - {from: a}\n").notices()).isEmpty();
    assertThat(composed("base_model: b\ncompose:\n  - {from: a}\n").notices()).isEmpty();
  }
}
