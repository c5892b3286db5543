package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The tokenizer of an output, beside what a golden case expects of it. */
final class Golden2Tokenizer {
  private final JsonObject expected;
  private final Path output;
  private final JsonObject made;

  Golden2Tokenizer(Golden2Case golden, Path output) throws IOException {
    this.expected = golden.expected();
    this.output = output;
    this.made = json("tokenizer.json");
  }

  private JsonObject json(String file) throws IOException {
    try {
      return Json.parse(Files.readAllBytes(output.resolve(file))).object().orElseThrow();
    } catch (JsonException e) {
      throw new AssertionError(file, e);
    }
  }

  /** Tokens, their ids and flags are those expected, and nothing speaks of others. */
  void holds() throws IOException {
    JsonObject tokens = expected.object("tokenizer").orElseThrow();
    Map<String, Long> vocabulary = vocabulary();
    Map<String, Long> wanted = new HashMap<>();
    tokens
        .object("vocab")
        .orElseThrow()
        .fields()
        .forEach((token, id) -> wanted.put(token, id.whole().orElseThrow()));
    assertThat(vocabulary).isEqualTo(wanted);
    for (JsonObject added : tokens.objects("appended")) {
      JsonObject found = added(added.text("content"));
      added.fields().forEach((key, value) -> assertThat(found.get(key)).contains(value));
    }
    everyMergeHasItsTokens(vocabulary.keySet());
    decoderAgrees(vocabulary);
    templateHolds();
  }

  private JsonObject added(String content) {
    return made.objects("added_tokens").stream()
        .filter(token -> token.text("content").equals(content))
        .findFirst()
        .orElseThrow(() -> new AssertionError(content + " is not added"));
  }

  private Map<String, Long> vocabulary() {
    JsonObject model = made.object("model").orElseThrow();
    Map<String, Long> vocabulary = new HashMap<>();
    List<JsonValue> pieces = model.list("vocab");
    for (int id = 0; id < pieces.size(); id++) {
      vocabulary.put(pieces.get(id).list().orElseThrow().get(0).text().orElseThrow(), (long) id);
    }
    model
        .object("vocab")
        .ifPresent(
            map ->
                map.fields()
                    .forEach((token, id) -> vocabulary.put(token, id.whole().orElseThrow())));
    for (JsonObject added : made.objects("added_tokens")) {
      Long before = vocabulary.put(added.text("content"), added.whole("id", -1));
      if (before != null) {
        assertThat(added.whole("id", -1)).isEqualTo(before);
      }
    }
    return vocabulary;
  }

  /** Loaders refuse the file otherwise. */
  private void everyMergeHasItsTokens(Set<String> vocabulary) {
    for (JsonValue merge : made.object("model").orElseThrow().list("merges")) {
      List<JsonValue> sides = merge.list().orElseThrow();
      String left = sides.get(0).text().orElseThrow();
      String right = sides.get(1).text().orElseThrow();
      assertThat(vocabulary).contains(left, right, left + right);
    }
  }

  /** {@code tokenizer_config.json} adds the same tokens: loaders would add what it has more. */
  private void decoderAgrees(Map<String, Long> vocabulary) throws IOException {
    Map<String, Long> named = new HashMap<>();
    json("tokenizer_config.json")
        .object("added_tokens_decoder")
        .orElseThrow()
        .fields()
        .forEach(
            (id, token) ->
                named.put(token.object().orElseThrow().text("content"), Long.valueOf(id)));
    Set<String> added = new HashSet<>();
    made.objects("added_tokens").forEach(token -> added.add(token.text("content")));
    assertThat(named.keySet()).isEqualTo(added);
    assertThat(vocabulary).containsAllEntriesOf(named);
  }

  private void templateHolds() throws IOException {
    JsonObject template = expected.object("chat_template").orElse(JsonObject.EMPTY);
    if (template.has("template")) {
      assertThat(output.resolve("chat_template.jinja")).hasContent(template.text("template"));
    }
    if (expected.has("chat_template")) {
      assertThat(json("tokenizer_config.json").has("chat_template")).isFalse();
      assertThat(output.resolve("chat_template.jinja")).exists();
    }
  }
}
