package dev.stockpot.merge.safetensors;

import dev.stockpot.merge.FirstFew;
import dev.stockpot.merge.Shown;
import java.util.List;

/** Names from a file, made fit for a message. */
final class Quoted {
  private Quoted() {}

  static String of(String text) {
    return Shown.quoted(text);
  }

  /** The first few names, and how many more there are. */
  static String of(List<String> names) {
    return FirstFew.of(names.stream().map(Shown::quoted).toList());
  }
}
