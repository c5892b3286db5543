package dev.stockpot.merge.predict;

import java.util.List;

/**
 * Soft labels that were made.
 *
 * @param alike share of examples that all teachers decide alike
 * @param entropy mean of the soft labels', in nats
 * @param kept mean share of the probability that the written classes have
 * @param histogram examples by entropy, in equal steps from 0 to that of a guess
 * @param rows what is written
 */
public record TeachResult(
    long examples,
    int classes,
    double temperature,
    double alike,
    double entropy,
    double kept,
    List<Long> histogram,
    List<Teacher> teachers,
    List<String> notices,
    OutputRows rows) {
  /**
   * One teacher.
   *
   * @param entropy mean, in nats, at the temperature
   * @param agreement share of its examples that it decides as the soft labels do
   * @param distance mean Kullback-Leibler divergence from the soft labels, in nats
   */
  public record Teacher(
      String name, long examples, double entropy, double agreement, double distance) {}

  public TeachResult {
    histogram = List.copyOf(histogram);
    teachers = List.copyOf(teachers);
    notices = List.copyOf(notices);
  }
}
