package dev.stockpot.merge.vocabulary;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.output.Companion;
import dev.stockpot.merge.recipe.TemplateChoice;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.MemoryStore;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The small files beside the weights: where they are read, and what becomes of them. */
class FileChangesTest {
  private final MemoryStore store = new MemoryStore();
  private final Map<String, StoredObject> files = new LinkedHashMap<>();

  private static JsonObject json(String text) throws JsonException {
    return Json.parsePythons(text).object().orElseThrow();
  }

  private static Companion copied(String name) {
    return new Companion.Copied(name, new StoredObject(new Location("/models/a/" + name), 1, "v1"));
  }

  private ModelFiles with(String name, String text) throws IOException {
    Location location = new Location("/models/a/" + name);
    store.write(location, text.getBytes(UTF_8));
    files.put(name, store.find(location).orElseThrow());
    return new ModelFiles(store, files);
  }

  private String text(Companion file) throws IOException {
    return UTF_8.decode(file.content(store)).toString();
  }

  @Test
  void theLastChangeOfAFileCounts() throws IOException, JsonException {
    FileChanges changes = new FileChanges();
    changes.drop(List.of("a.json", "b.json", "none.json"));
    changes.make("b.json", "made");
    changes.make("c.json", json("{\"x\": 1}"));
    changes.make("d.json", "made");
    changes.drop(List.of("d.json"));
    List<Companion> after =
        changes.applied(List.of(copied("a.json"), copied("b.json"), copied("z.json")));
    assertThat(after)
        .extracting(Companion::name)
        .containsExactlyInAnyOrder("b.json", "z.json", "c.json");
    assertThat(changes.dropped()).containsExactlyInAnyOrder("a.json", "none.json", "d.json");
    for (Companion file : after) {
      if (file.name().equals("b.json")) {
        assertThat(text(file)).isEqualTo("made");
        assertThat(file.stored()).isEmpty();
      }
      if (file.name().equals("c.json")) {
        assertThat(text(file)).isEqualTo("{\n  \"x\": 1\n}\n");
      }
    }
  }

  @Test
  void filesOfAnotherModelAreCopiesOfItsObjects() throws IOException {
    with("tokenizer.json", "{}");
    FileChanges changes = new FileChanges();
    changes.copy(files);
    List<Companion> after = changes.applied(List.of(copied("tokenizer.json")));
    assertThat(after).hasSize(1);
    assertThat(after.get(0).stored()).hasValue(files.get("tokenizer.json"));
  }

  @Test
  void aFileThatIsAbsentIsAnEmptyObject() throws IOException {
    ModelFiles none = new ModelFiles(store, Map.of());
    assertThat(none.json("config.json")).isEqualTo(JsonObject.EMPTY);
    assertThat(none.text("config.json")).isEmpty();
    assertThat(none.has("config.json")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "\"x\"", "7"})
  void whatIsNoObjectIsSaidWithItsPlace(String text) throws IOException {
    ModelFiles damaged = with("tokenizer_config.json", text);
    assertThatThrownBy(() -> damaged.json("tokenizer_config.json"))
        .isInstanceOf(TokenizerException.class)
        .hasMessageContaining("/models/a/tokenizer_config.json")
        .hasMessageContaining("it is not a JSON object. Fetch it again");
  }

  @Test
  void whatIsNoJsonIsSaidWithItsPlace() throws IOException {
    ModelFiles damaged = with("tokenizer_config.json", "{\"a\": ");
    assertThatThrownBy(() -> damaged.json("tokenizer_config.json"))
        .isInstanceOf(TokenizerException.class)
        .hasMessageContaining("it is not valid JSON");
  }

  @Test
  void aFileThatIsFarTooLargeIsNotRead() {
    files.put(
        "tokenizer.json",
        new StoredObject(new Location("/models/a/tokenizer.json"), 1L << 40, "v1"));
    assertThatThrownBy(() -> new ModelFiles(store, files).text("tokenizer.json"))
        .isInstanceOf(TokenizerException.class)
        .hasMessageContaining("it has 1099511627776 bytes, must have at most 67108864");
  }

  @Test
  void chatTemplatesAreTakenFromAllPlacesTheNewestFirst() throws IOException {
    with("tokenizer_config.json", "{\"chat_template\": \"of the configuration\"}");
    assertThat(ChatTemplates.of(new ModelFiles(store, files)).usual())
        .hasValue("of the configuration");
    with("chat_template.json", "{\"chat_template\": \"of the processor\"}");
    assertThat(ChatTemplates.of(new ModelFiles(store, files)).usual()).hasValue("of the processor");
    with("chat_template.jinja", "of the file");
    with("additional_chat_templates/tools.jinja", "with tools");
    ChatTemplates all = ChatTemplates.of(new ModelFiles(store, files));
    assertThat(all.usual()).hasValue("of the file");
    assertThat(all.named()).containsOnly(Map.entry("tools", "with tools"));
  }

  @Test
  void aListOfTemplatesHasNamesAndOneIsTheUsual() throws IOException {
    ModelFiles list =
        with(
            "tokenizer_config.json",
            """
            {"chat_template": [
              {"name": "default", "template": "plain"},
              {"name": "rag", "template": "with texts"}]}
            """);
    ChatTemplates templates = ChatTemplates.of(list);
    assertThat(templates.usual()).hasValue("plain");
    assertThat(templates.named()).containsOnly(Map.entry("rag", "with texts"));
    ChatTemplates none = ChatTemplates.of(with("tokenizer_config.json", "{\"chat_template\": 7}"));
    assertThat(none.usual()).isEmpty();
    assertThat(none.named()).isEmpty();
  }

  /** They become files of their own, whose order in manifests must not hang on the process. */
  @Test
  void furtherTemplatesKeepTheOrderOfTheList() throws IOException {
    List<String> names = List.of("tools", "rag", "json", "a", "vision", "code", "b");
    StringBuilder entries = new StringBuilder();
    names.forEach(
        name -> entries.append(",{\"name\":\"%1$s\",\"template\":\"%1$s\"}".formatted(name)));
    ModelFiles list =
        with("tokenizer_config.json", "{\"chat_template\":[%s]}".formatted(entries.substring(1)));
    assertThat(ChatTemplates.of(list).named().keySet()).containsExactlyElementsOf(names);
  }

  private static ChatTemplates usual(String text) {
    return new ChatTemplates(Optional.ofNullable(text), Map.of());
  }

  private static Optional<String> vote(String... texts) {
    return TemplateVote.of(
        new TemplateChoice(TemplateChoice.AUTO, 1),
        Arrays.stream(texts).map(FileChangesTest::usual).toList());
  }

  @Test
  void mostModelsDecideOnTheTemplateAndOfEqualsTheFirst() {
    assertThat(vote("a", "b", "b")).hasValue("b");
    assertThat(vote("a", "b")).hasValue("a");
    assertThat(vote("a", "b ", "\nb", "a", "b")).as("blanks around it do not count").hasValue("b");
    assertThat(vote(null, null, "c")).hasValue("c");
    assertThat(vote(null, null)).isEmpty();
    assertThat(vote()).isEmpty();
  }

  @Test
  void aTemplateOfTheRecipeNeedsNoVote() {
    String own = "{% for message in messages %}{{ message }}{% endfor %}";
    assertThat(TemplateVote.of(new TemplateChoice(own, 1), List.of(usual("a")))).hasValue(own);
    for (String name : TemplateChoice.NAMES) {
      assertThat(TemplateVote.of(new TemplateChoice(name, 1), List.of()).orElseThrow())
          .as(name)
          .contains("{%");
    }
  }

  @Test
  void sizesAreFoundInAllPartsOfAConfiguration() throws JsonException {
    assertThat(
            VocabularySize.in(
                json(
                    """
                    {"a": 1, "vocab_size": 8,
                     "text_config": {"vocab_size": 9, "inner": {"vocab_size": 10}},
                     "vision_config": {"vocab_size": null},
                     "list": [{"vocab_size": 11}], "b": {"vocab_size": "12"}}
                    """)))
        .containsExactly(
            Map.entry("vocab_size", 8),
            Map.entry("text_config.vocab_size", 9),
            Map.entry("text_config.inner.vocab_size", 10));
  }
}
