package dev.stockpot.merge.table;

import java.util.Optional;

/** What the numbers of a tensor are like; NaN and infinity are counted and left out otherwise. */
final class Moments {
  private long count;
  private long zeros;
  private long nonFinite;
  private double sum;
  private double squares;
  private double least = Double.POSITIVE_INFINITY;
  private double most = Double.NEGATIVE_INFINITY;

  /** Counts numbers in, in their order. */
  void add(float[] numbers, int length) {
    double blockSum = 0;
    double blockSquares = 0;
    for (int i = 0; i < length; i++) {
      double number = numbers[i];
      if (!Double.isFinite(number)) {
        nonFinite++;
        continue;
      }
      count++;
      zeros += number == 0 ? 1 : 0;
      blockSum += number;
      blockSquares += number * number;
      least = Math.min(least, number);
      most = Math.max(most, number);
    }
    sum += blockSum;
    squares += blockSquares;
  }

  /** A column of statistics; nothing where no number is finite. */
  Optional<Object> get(Column column) {
    if (column == Column.NONFINITE) {
      return Optional.of(nonFinite);
    }
    if (column == Column.ZEROS) {
      return Optional.of(zeros);
    }
    if (count == 0) {
      return Optional.empty();
    }
    double mean = sum / count;
    return Optional.of(
        switch (column) {
          case MEAN -> mean;
          case STD -> Math.sqrt(Math.max(0, squares / count - mean * mean));
          case MIN -> least;
          case MAX -> most;
          case L2 -> Math.sqrt(squares);
          default -> throw new IllegalArgumentException("%s is no statistic".formatted(column));
        });
  }
}
