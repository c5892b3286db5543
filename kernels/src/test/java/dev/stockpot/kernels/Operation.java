package dev.stockpot.kernels;

import dev.stockpot.kernels.random.RandomDrop;
import dev.stockpot.kernels.random.RankedDrop;

/** The operations of {@link Kernels} that take vectors and give a vector, each with its numbers. */
enum Operation {
  ZERO {
    @Override
    <V> void apply(Kernels<V> kernels, V a, V b, V into) {
      kernels.zero(into);
    }
  },
  ADD {
    @Override
    <V> void apply(Kernels<V> kernels, V a, V b, V into) {
      kernels.add(a, b, into);
    }
  },
  SUBTRACT {
    @Override
    <V> void apply(Kernels<V> kernels, V a, V b, V into) {
      kernels.subtract(a, b, into);
    }
  },
  MULTIPLY {
    @Override
    <V> void apply(Kernels<V> kernels, V a, V b, V into) {
      kernels.multiply(a, b, into);
    }
  },
  SCALE {
    @Override
    <V> void apply(Kernels<V> kernels, V a, V b, V into) {
      kernels.scale(a, -0.3f, into);
    }
  },
  DIVIDE {
    @Override
    <V> void apply(Kernels<V> kernels, V a, V b, V into) {
      kernels.divide(a, 0.7f, into);
    }
  },
  DIVIDE_BY_ZERO {
    @Override
    <V> void apply(Kernels<V> kernels, V a, V b, V into) {
      kernels.divide(a, 0f, into);
    }
  },
  DIVIDE_UNLESS_ZERO {
    @Override
    <V> void apply(Kernels<V> kernels, V a, V b, V into) {
      kernels.divideUnlessZero(a, b, into);
    }
  },
  LIMIT {
    @Override
    <V> void apply(Kernels<V> kernels, V a, V b, V into) {
      kernels.limit(a, 0.5f, into);
    }
  },
  LIMIT_TO_ZERO {
    @Override
    <V> void apply(Kernels<V> kernels, V a, V b, V into) {
      kernels.limit(a, 0f, into);
    }
  },
  MIN {
    @Override
    <V> void apply(Kernels<V> kernels, V a, V b, V into) {
      kernels.min(a, b, into);
    }
  },
  MAX {
    @Override
    <V> void apply(Kernels<V> kernels, V a, V b, V into) {
      kernels.max(a, b, into);
    }
  },
  LARGEST {
    @Override
    <V> void apply(Kernels<V> kernels, V a, V b, V into) {
      kernels.largest(a, b, into);
    }
  },
  KEEP_SIGN {
    @Override
    <V> void apply(Kernels<V> kernels, V a, V b, V into) {
      kernels.keepSign(a, b, into);
    }
  },
  KEEP_WHERE_NOT_ZERO {
    @Override
    <V> void apply(Kernels<V> kernels, V a, V b, V into) {
      kernels.keepWhereNotZero(a, b, into);
    }
  },
  ADD_WHERE_NOT_ZERO {
    @Override
    <V> void apply(Kernels<V> kernels, V a, V b, V into) {
      kernels.addWhereNotZero(a, 0.3f, into);
    }
  },
  KEEP_ABOVE {
    @Override
    <V> void apply(Kernels<V> kernels, V a, V b, V into) {
      kernels.keepAbove(a, 0.5f, into);
    }
  },
  KEEP_ABOVE_ZERO {
    @Override
    <V> void apply(Kernels<V> kernels, V a, V b, V into) {
      kernels.keepAbove(a, 0, into);
    }
  },
  KEEP_ABOVE_INFINITY {
    @Override
    <V> void apply(Kernels<V> kernels, V a, V b, V into) {
      kernels.keepAbove(a, Float.POSITIVE_INFINITY, into);
    }
  },
  KEEP_FROM {
    @Override
    <V> void apply(Kernels<V> kernels, V a, V b, V into) {
      kernels.keepFrom(a, 0.5f, into);
    }
  },
  KEEP_FROM_ZERO {
    @Override
    <V> void apply(Kernels<V> kernels, V a, V b, V into) {
      kernels.keepFrom(a, 0, into);
    }
  },
  KEEP_INFINITE {
    @Override
    <V> void apply(Kernels<V> kernels, V a, V b, V into) {
      kernels.keepFrom(a, Float.POSITIVE_INFINITY, into);
    }
  },
  KEEP_NAN {
    @Override
    <V> void apply(Kernels<V> kernels, V a, V b, V into) {
      kernels.keepFrom(a, Float.NaN, into);
    }
  },
  KEEP_LARGER_AND_FEW_TIES {
    @Override
    <V> void apply(Kernels<V> kernels, V a, V b, V into) {
      kernels.keepLargest(a, 0.5f, drawn(0.02), into);
    }
  },
  KEEP_LARGER_AND_MOST_TIES {
    @Override
    <V> void apply(Kernels<V> kernels, V a, V b, V into) {
      kernels.keepLargest(a, 0.5f, drawn(0.9), into);
    }
  },
  KEEP_LARGER_AND_SOME_ZEROS {
    @Override
    <V> void apply(Kernels<V> kernels, V a, V b, V into) {
      kernels.keepLargest(a, 0, drawn(0.5), into);
    }
  },
  KEEP_LARGER_AND_SOME_INFINITIES {
    @Override
    <V> void apply(Kernels<V> kernels, V a, V b, V into) {
      kernels.keepLargest(a, Float.POSITIVE_INFINITY, drawn(0.5), into);
    }
  },
  KEEP_SOME_NAN {
    @Override
    <V> void apply(Kernels<V> kernels, V a, V b, V into) {
      kernels.keepLargest(a, Float.NaN, drawn(0.5), into);
    }
  },
  KEEP_AT_RANDOM {
    @Override
    <V> void apply(Kernels<V> kernels, V a, V b, V into) {
      kernels.keepAtRandom(a, drawn(0.53), into);
    }
  },
  KEEP_AT_RANDOM_BY_RANK {
    @Override
    <V> void apply(Kernels<V> kernels, V a, V b, V into) {
      RankedDrop drop = RankedDrop.of(7, 1, "model.norm.weight", 0.53, 0.4);
      kernels.keepAtRandomByRank(a, drop, into);
    }
  };

  /**
   * Applies it to the current block.
   *
   * @param into what it adds to, or where the result goes
   */
  abstract <V> void apply(Kernels<V> kernels, V a, V b, V into);

  private static RandomDrop drawn(double density) {
    return RandomDrop.of(7, 1, "model.norm.weight", density);
  }
}
