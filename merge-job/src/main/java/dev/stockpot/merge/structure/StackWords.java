package dev.stockpot.merge.structure;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** What a recipe calls a stack: found in the prefix of its tensors, or in who describes it. */
final class StackWords {
  private static final String TEXT = "text";
  private static final String CONV = "conv";

  /** Lists of convolutions before or behind the blocks that are meant by encoder and decoder. */
  private static final Pattern CONVOLUTIONS = Pattern.compile(".*\\bconv(_layers|s|_blocks)?\\.");

  private static final List<String> KINDS = List.of("vision", "audio", TEXT);
  private static final List<String> SIDES = List.of("decoder", "encoder");

  private final ConfigParts parts;

  StackWords(ConfigParts parts) {
    this.parts = parts;
  }

  String of(String prefix) {
    String name = prefix.toLowerCase(Locale.ROOT);
    if (name.contains(Stack.MTP)) {
      return Stack.MTP;
    }
    if (CONVOLUTIONS.matcher(name).matches()) {
      return CONV;
    }
    for (String kind : KINDS) {
      if (ConfigParts.wordsOf(kind).stream().anyMatch(name::contains)) {
        return kind;
      }
    }
    List<String> described = parts.namedAs(prefix);
    if (!described.isEmpty()) {
      String path = described.get(0);
      return parts.languageModel().startsWith(path) ? TEXT : ConfigParts.stem(path);
    }
    return SIDES.stream().filter(name::contains).findFirst().orElse(TEXT);
  }
}
