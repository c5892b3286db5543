package dev.stockpot.merge.vocabulary;

import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Makes the files of a result's tokenizer out of those of the model whose tokenizer it is. */
final class TokenizerFiles {
  static final String TOKENIZER = "tokenizer.json";

  private static final List<String> NAMING =
      List.of(ChatTemplates.CONFIG, "special_tokens_map.json");

  /** Files that say something else than {@code tokenizer.json}, or the same as it will. */
  private static final Pattern KEPT =
      Pattern.compile(
          "tokenizer\\.json|tokenizer_config\\.json|special_tokens_map\\.json|chat_template.*"
              + "|additional_chat_templates/.*");

  private static final Pattern FILE_NAME = Pattern.compile("[\\w-]+");

  private final ModelFiles source;
  private final FileChanges changes;
  private final Map<String, JsonObject> before = new LinkedHashMap<>();
  private final Map<String, JsonObject> now = new LinkedHashMap<>();

  /**
   * @param source the files of the model whose tokenizer it is
   */
  TokenizerFiles(ModelFiles source, FileChanges changes) throws IOException {
    this.source = source;
    this.changes = changes;
    for (String name : NAMING) {
      if (source.has(name)) {
        before.put(name, source.json(name));
      }
    }
    now.putAll(before);
  }

  /** Takes these files rather than those of the donor. */
  void replace(Model donor) {
    changes.drop(donor.tokenizer().keySet());
    changes.copy(Model.tokenizer(source.files()));
  }

  /**
   * Other ways to say what {@code tokenizer.json} says, which loaders prefer here and there: where
   * it changes they are wrong.
   */
  static Set<String> slow(Map<String, StoredObject> files) {
    Set<String> slow = new LinkedHashSet<>(Model.tokenizer(files).keySet());
    slow.removeIf(name -> KEPT.matcher(name).matches());
    return slow;
  }

  /**
   * Changes the files where tokens are others.
   *
   * @return keys whose token is gone
   */
  List<String> change(OutputTokens tokens) {
    changes.make(TOKENIZER, tokens.source().file().changed(tokens.kept(), tokens.appended()));
    changes.drop(slow(source.files()));
    SpecialTokens special = new SpecialTokens(tokens);
    now.replaceAll((name, file) -> special.follow(file));
    return special.lost();
  }

  /**
   * Writes the chat template where loaders look first, and takes it away where they looked before.
   *
   * @param named further templates that stand beside the old one
   */
  void template(String text, Map<String, String> named) {
    changes.make(ChatTemplates.FILE, text);
    changes.drop(Set.of(ChatTemplates.OLD_FILE));
    now.computeIfPresent(ChatTemplates.CONFIG, (name, file) -> file.without(ChatTemplates.KEY));
    named.forEach(
        (name, template) -> {
          if (FILE_NAME.matcher(name).matches()) {
            changes.make(ChatTemplates.file(name), template);
          }
        });
  }

  /** Writes what has changed. */
  void write() {
    now.forEach(
        (name, file) -> {
          if (!file.equals(before.get(name))) {
            changes.make(name, file);
          }
        });
  }
}
