package dev.stockpot.merge.trial;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stockpot.merge.Secrets;
import dev.stockpot.merge.storage.PendingFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Candidates that somebody elsewhere was asked for, and what was told of them. Results are kept as
 * they were told, so another metric of them can count later. One holder at a time.
 */
public final class Answers {
  private static final String ASKED = "asked-";
  private static final String TOLD = "told-";

  private final PendingFolder folder;
  private final Map<String, String> asked = new HashMap<>();
  private final Map<String, String> told = new HashMap<>();

  /** Those that a folder holds. */
  public Answers(PendingFolder folder) {
    this.folder = folder;
    folder
        .journal()
        .forEach(
            (name, entry) -> {
              String text = UTF_8.decode(entry.duplicate()).toString();
              if (name.startsWith(ASKED)) {
                asked.put(name.substring(ASKED.length()), text);
              } else if (name.startsWith(TOLD)) {
                told.put(name.substring(TOLD.length()), text);
              }
            });
  }

  /** What candidates that were asked for are in words, by their names. */
  public Map<String, String> asked() {
    return Map.copyOf(asked);
  }

  Optional<String> of(String candidate) {
    return Optional.ofNullable(told.get(candidate));
  }

  int size() {
    return told.size();
  }

  void ask(String candidate, String what) throws IOException {
    String shown = Secrets.hidden(what);
    if (!shown.equals(asked.put(candidate, shown))) {
      folder.note(ASKED + candidate, entry(shown));
    }
  }

  /** Writes down what was told; it takes the place of what was told before. */
  public void tell(String candidate, String results) throws IOException {
    folder.note(TOLD + candidate, entry(results));
    told.put(candidate, results);
  }

  private static ByteBuffer entry(String text) {
    return UTF_8.encode(Secrets.hidden(text));
  }
}
