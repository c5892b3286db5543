package dev.stockpot.merge.statistics;

import dev.stockpot.merge.UserException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What can be said of statistics over two sets of examples. */
final class SummedNotes {
  /** What both must say alike, as far as they say it. */
  private static final Map<String, String> ALIKE =
      Map.of(
          "normalised", "one holds sums and the other means",
          "layout", "matrices are stored in different ways",
          "shared", "modules share inputs in different ways",
          "at", "they were taken at different places",
          "of", "they are of different things",
          "form", "one is packed and the other is not",
          "labels", "labels were taken in different ways",
          "model_sha256", "they are of different weights",
          "model_b_sha256", "their second models have different weights");

  private static final Set<String> SUMMED = Set.of("n_examples", "n_tokens");

  /** What is true of each part alone. */
  private static final Set<String> OF_PARTS = Set.of("dataset_sha256", "seed");

  private static final String NOTE = "dataset_note";

  private final StatisticsFile first;
  private final StatisticsFile second;
  private final List<String> remarks;

  SummedNotes(StatisticsFile first, StatisticsFile second, List<String> remarks) {
    this.first = first;
    this.second = second;
    this.remarks = remarks;
  }

  /**
   * The metadata.
   *
   * @throws UserException if they are no statistics of one model in one form
   */
  Map<String, String> metadata() {
    Map<String, String> sum = new LinkedHashMap<>();
    Set<String> keys = new TreeSet<>(first.metadata().keySet());
    keys.addAll(second.metadata().keySet());
    for (String key : keys) {
      String a = first.metadata().get(key);
      String b = second.metadata().get(key);
      if (SUMMED.contains(key)) {
        summed(key, sum);
      } else if (key.equals(NOTE)) {
        sum.put(key, a == null || b == null || a.equals(b) ? (a == null ? b : a) : a + " + " + b);
      } else if (OF_PARTS.contains(key)) {
        ofPart(key, a, b, sum);
      } else if (a != null && b != null && !a.equals(b)) {
        differing(key, a, b, sum);
      } else {
        sum.put(key, a == null ? b : a);
      }
    }
    warnOfOneSet();
    return sum;
  }

  private void summed(String key, Map<String, String> sum) {
    if (first.number(key).isPresent() && second.number(key).isPresent()) {
      long all = whole(first, key) + whole(second, key);
      sum.put(key, Long.toString(all));
    } else {
      remarks.add("%s is not known of both, and so of neither together".formatted(key));
    }
  }

  private static long whole(StatisticsFile file, String key) {
    return Long.parseLong(file.metadata().get(key));
  }

  private static void ofPart(String key, String a, String b, Map<String, String> sum) {
    if (a != null && a.equals(b)) {
      sum.put(key, a);
    }
  }

  private void differing(String key, String a, String b, Map<String, String> sum) {
    if (ALIKE.containsKey(key)) {
      throw new UserException(
          "%s and %s do not add up, as %s: %s is '%s' and '%s'"
              .formatted(first.name(), second.name(), ALIKE.get(key), key, a, b));
    }
    remarks.add("%s is '%s' and '%s'; the first is kept".formatted(key, a, b));
    sum.put(key, a);
  }

  /** Adding a set to itself counts it twice. */
  private void warnOfOneSet() {
    String note = first.metadata().get(NOTE);
    String digest = first.metadata().get("dataset_sha256");
    boolean isOne =
        note != null
            && note.equals(second.metadata().get(NOTE))
            && digest != null
            && digest.equals(second.metadata().get("dataset_sha256"));
    if (isOne) {
      remarks.add(
          "both say that they are of the same examples (%s): if they are, these count twice"
              .formatted(note));
    }
  }
}
