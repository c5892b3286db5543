package dev.stockpot.merge.recipe;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;

/** The text of each document of a file. */
final class DocumentTexts {
  /** Three dashes begin a document wherever they stand at the beginning of a line. */
  private static final Pattern DASHES = Pattern.compile("(?m)^---(?:[ \\t]*(?:#.*)?)(?:\\R|\\z)");

  private DocumentTexts() {}

  /**
   * Cuts a file into its documents.
   *
   * @param documents how many there are, empty ones among them
   * @return the whole text for each of them where it cannot be cut: it may be no YAML, or have a
   *     document behind dashes in their line
   */
  static List<String> of(String text, int documents) {
    List<String> texts = new ArrayList<>(List.of(DASHES.split(text, -1)));
    if (texts.size() == documents + 1 && hasNothing(texts.get(0))) {
      texts.remove(0); // what stands before the first dashes
    }
    return texts.size() == documents ? List.copyOf(texts) : Collections.nCopies(documents, text);
  }

  private static boolean hasNothing(String text) {
    return text.lines().allMatch(line -> line.isBlank() || line.stripLeading().startsWith("#"));
  }
}
