package dev.stockpot.merge.statistics;

/** How a number of statistics over all examples comes of those over two sets of them. */
enum Addition {
  /** Sums over examples. */
  SUM {
    @Override
    double of(double first, double second, Counts counts, double apart) {
      return first + second;
    }
  },
  /** Means over examples. */
  MEAN {
    @Override
    double of(double first, double second, Counts counts, double apart) {
      return first + (second - first) * counts.share();
    }
  },
  /** Sums of squares about the mean, of Chan, Golub and LeVeque 1979. */
  SQUARES {
    @Override
    double of(double first, double second, Counts counts, double apart) {
      return first + second + apart * apart * counts.first() * counts.share();
    }
  };

  /** How many samples both are of: none, where a module met none, as an expert may. */
  record Counts(double first, double second) {
    Counts {
      if (!(first >= 0 && second >= 0)) {
        throw new IllegalArgumentException("%s and %s samples".formatted(first, second));
      }
    }

    /** Of the second, in all; nothing of nothing. */
    double share() {
      return second > 0 ? second / (first + second) : 0;
    }
  }

  /**
   * One number.
   *
   * @param apart by how much the mean of the second is above that of the first; 0 if nobody asks
   */
  abstract double of(double first, double second, Counts counts, double apart);
}
