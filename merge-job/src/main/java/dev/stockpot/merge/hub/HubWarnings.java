package dev.stockpot.merge.hub;

import java.net.http.HttpHeaders;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a hub wants people to know beside its answers, such as that a name is going to be another:
 * the header {@code X-HF-Warning: topic; text}. Each is told once.
 */
final class HubWarnings {
  private static final String HEADER = "X-HF-Warning";
  private static final int MOST_LETTERS = 300;

  private final Set<String> seen = new LinkedHashSet<>();
  private final List<String> untold = new ArrayList<>();

  synchronized void add(HttpHeaders headers) {
    for (String header : headers.allValues(HEADER)) {
      int topic = header.indexOf(';');
      String text = header.substring(topic + 1).strip();
      if (!text.isEmpty() && seen.add(text)) {
        untold.add(text.substring(0, Math.min(text.length(), MOST_LETTERS)));
      }
    }
  }

  /** Those that were not told yet. */
  synchronized List<String> untold() {
    List<String> news = List.copyOf(untold);
    untold.clear();
    return news;
  }
}
