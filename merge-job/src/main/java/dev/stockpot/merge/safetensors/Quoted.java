package dev.stockpot.merge.safetensors;

import dev.stockpot.merge.FirstFew;
import java.util.List;

/** Text from a file, made fit for a message: in quotes, on one line, and not too long. */
final class Quoted {
  private static final int MAX_LENGTH = 120;

  private Quoted() {}

  static String of(String text) {
    StringBuilder quoted = new StringBuilder("'");
    int length = Math.min(text.length(), MAX_LENGTH);
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      // a terminal obeys control characters, and format characters turn the reading direction
      if (Character.isISOControl(c)
          || Character.isSurrogate(c)
          || Character.getType(c) == Character.FORMAT) {
        quoted.append("\\u%04x".formatted((int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append(length < text.length() ? "…'" : "'").toString();
  }

  /** The first few names, and how many more there are. */
  static String of(List<String> names) {
    return FirstFew.of(names.stream().map(Quoted::of).toList());
  }
}
