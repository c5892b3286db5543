package dev.stockpot.merge.vocabulary;

import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The chat templates of a model, from all places where {@code transformers} has kept them, the
 * newest first.
 *
 * @param usual the one that is used where nobody names another
 * @param named further ones, by their names
 */
record ChatTemplates(Optional<String> usual, Map<String, String> named) {
  static final String FILE = "chat_template.jinja";
  static final String FOLDER = "additional_chat_templates/";
  static final String OLD_FILE = "chat_template.json";
  static final String CONFIG = "tokenizer_config.json";
  static final String KEY = "chat_template";

  private static final String SUFFIX = ".jinja";
  private static final String DEFAULT = "default";

  ChatTemplates {
    named = Collections.unmodifiableMap(new LinkedHashMap<>(named)); // in the order of the files
  }

  static ChatTemplates of(ModelFiles files) throws IOException {
    Map<String, String> found = new LinkedHashMap<>();
    Optional<String> file = files.text(FILE);
    file.ifPresent(text -> found.put(DEFAULT, text));
    for (String name : files.files().keySet()) {
      if (name.startsWith(FOLDER) && name.endsWith(SUFFIX)) {
        String word = name.substring(FOLDER.length(), name.length() - SUFFIX.length());
        found.putIfAbsent(word, files.text(name).orElseThrow());
      }
    }
    add(files.json(OLD_FILE), found);
    add(files.json(CONFIG), found);
    Optional<String> usual = Optional.ofNullable(found.remove(DEFAULT));
    return new ChatTemplates(usual, found);
  }

  /** A text, or a list of texts with names; old processors have an object of them. */
  private static void add(JsonObject file, Map<String, String> found) {
    Optional<JsonValue> value = file.get(KEY);
    value.flatMap(JsonValue::text).ifPresent(text -> found.putIfAbsent(DEFAULT, text));
    file.objects(KEY)
        .forEach(entry -> found.putIfAbsent(entry.text("name"), entry.text("template")));
    file.object(KEY)
        .ifPresent(
            named ->
                named
                    .fields()
                    .forEach(
                        (name, text) ->
                            text.text().ifPresent(letters -> found.putIfAbsent(name, letters))));
  }

  /** The file of a further template. */
  static String file(String name) {
    return FOLDER + name + SUFFIX;
  }
}
