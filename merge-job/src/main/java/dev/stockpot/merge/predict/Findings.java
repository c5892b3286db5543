package dev.stockpot.merge.predict;

import dev.stockpot.merge.UserException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * What was met while tables were joined: how much there is, and what is wrong with it. Adds up, in
 * the order of the buckets. No record: Spark's Kryo makes none.
 */
public final class Findings implements Serializable {
  private static final List<Fault> FAULTS = List.of(Fault.values());

  private final long[] rows;
  private final long[] likeProbabilities;
  private final long[] counts = new long[FAULTS.size()];
  private final int[] tables = new int[FAULTS.size()];
  private final String[] ids = new String[FAULTS.size()];
  private final String[] details = new String[FAULTS.size()];
  private long examples;
  private long labelled;
  private long masked;

  /** Nothing, of so many tables. */
  public Findings(int tables) {
    this.rows = new long[tables];
    this.likeProbabilities = new long[tables];
  }

  void row(int table, boolean isLikeProbabilities) {
    rows[table]++;
    likeProbabilities[table] += isLikeProbabilities ? 1 : 0;
  }

  void example(boolean isLabelled, boolean isMasked) {
    examples++;
    labelled += isLabelled ? 1 : 0;
    masked += isMasked ? 1 : 0;
  }

  void fault(Fault fault, int table, String id, String detail) {
    int place = FAULTS.indexOf(fault);
    if (counts[place]++ == 0) {
      tables[place] = table;
      ids[place] = id;
      details[place] = detail;
    }
  }

  /** Adds what was found behind this. */
  public void add(Findings more) {
    for (int table = 0; table < rows.length; table++) {
      rows[table] += more.rows[table];
      likeProbabilities[table] += more.likeProbabilities[table];
    }
    for (int place = 0; place < counts.length; place++) {
      if (counts[place] == 0 && more.counts[place] > 0) {
        tables[place] = more.tables[place];
        ids[place] = more.ids[place];
        details[place] = more.details[place];
      }
      counts[place] += more.counts[place];
    }
    examples += more.examples;
    labelled += more.labelled;
    masked += more.masked;
  }

  /** Examples that are joined. */
  public long examples() {
    return examples;
  }

  /** Of these, those whose label is known. */
  public long labelled() {
    return labelled;
  }

  /** Of these, those that a model said nothing of. */
  public long masked() {
    return masked;
  }

  /**
   * Ends the questions.
   *
   * @param names of the tables, for messages
   * @param scales of their scores
   * @throws UserException with all faults, a line each
   */
  public void throwIfAny(List<String> names, List<Scale> scales) {
    List<String> problems = new ArrayList<>();
    for (Fault fault : FAULTS) {
      int place = FAULTS.indexOf(fault);
      if (counts[place] > 0) {
        problems.add(
            fault.message(names.get(tables[place]), ids[place], details[place], counts[place]));
      }
    }
    for (int table = 0; table < scales.size(); table++) {
      if (scales.get(table) == Scale.LOGITS
          && rows[table] > 0
          && rows[table] == likeProbabilities[table]) {
        problems.add(
            "%s: all %s rows of logits lie between 0 and 1 and sum to one, as probabilities do. Say --scores probabilities"
                .formatted(names.get(table), rows[table]));
      }
    }
    if (problems.isEmpty() && examples == 0) {
      problems.add("%s have no example".formatted(String.join(", ", names)));
    }
    if (!problems.isEmpty()) {
      throw new UserException(String.join("\n", problems));
    }
  }
}
