package dev.stockpot.merge.cli;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The models of a quickstart, drawn once for all tests of this process. Nobody changes them. */
final class QuickstartFiles {
  private static final Map<Integer, Map<String, byte[]>> DRAWN = new ConcurrentHashMap<>();

  private QuickstartFiles() {}

  /**
   * The files of a model, by name.
   *
   * @param task 0 for the base, or the number of a fine-tune
   */
  static Map<String, byte[]> of(int task) {
    return DRAWN.computeIfAbsent(task, QuickstartModels::files);
  }
}
