package dev.stockpot.merge.advice;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** A recipe as people write it: one model a line. */
final class RecipeText {
  private static final Pattern PLAIN =
      Pattern.compile("(?:[A-Za-z/~]|\\.{1,2}/|\\.[A-Za-z])[A-Za-z0-9._/+@=~-]*(?::/[^\\s#,]*)?");
  private static final List<String> WORDS =
      List.of("true", "false", "yes", "no", "on", "off", "null", "~", ".nan", ".inf", "y", "n");

  private final List<String> lines = new ArrayList<>();
  private final List<String> models = new ArrayList<>();

  private RecipeText() {}

  static RecipeText of(String method) {
    RecipeText text = new RecipeText();
    text.lines.add("merge_method: " + method);
    return text;
  }

  /** A line at the top. */
  RecipeText line(String line) {
    lines.add(line);
    return this;
  }

  RecipeText base(String model) {
    return line("base_model: " + quoted(model));
  }

  RecipeText base(Optional<String> model) {
    model.ifPresent(this::base);
    return this;
  }

  RecipeText parameters(String values) {
    return line("parameters: {%s}".formatted(values));
  }

  RecipeText tokenizer(Optional<String> source) {
    source.ifPresent(word -> line("tokenizer_source: " + quoted(word)));
    return this;
  }

  /** A model with keys of its own, each a line. */
  RecipeText model(String model, String... keys) {
    models.add("  - model: " + quoted(model));
    for (String key : keys) {
      models.add("    " + key);
    }
    return this;
  }

  RecipeText models(List<String> all) {
    all.forEach(this::model);
    return this;
  }

  String text() {
    List<String> all = new ArrayList<>(lines);
    all.add("models:");
    all.addAll(models);
    return String.join("\n", all) + "\n";
  }

  /** As it is, where nobody could take it for something else. */
  static String quoted(String text) {
    if (PLAIN.matcher(text).matches() && !WORDS.contains(text.toLowerCase(Locale.ROOT))) {
      return text;
    }
    StringBuilder quoted = new StringBuilder("\"");
    text.chars()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                quoted.append('\\').append((char) c);
              } else if (!isPrintable(c)) {
                quoted.append(String.format(Locale.ROOT, "\\u%04x", c));
              } else {
                quoted.append((char) c);
              }
            });
    return quoted.append('"').toString();
  }

  /** Whether YAML has it in a line of text; halves of pairs are what they are together. */
  private static boolean isPrintable(int c) {
    return (c >= ' ' && c < 0x7F) || (c >= 0xA0 && c <= 0xFFFD && (c >> 1) != 0x2028 >> 1);
  }
}
