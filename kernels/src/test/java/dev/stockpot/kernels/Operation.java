package dev.stockpot.kernels;

import dev.stockpot.kernels.random.RandomDrop;
import dev.stockpot.kernels.random.RankedDrop;

/** The operations of {@link Kernels} that take vectors and give a vector, each with its numbers. */
enum Operation {
  ZERO {
    @Override
    <V> int apply(Kernels<V> kernels, V a, V b, V into) {
      kernels.zero(into);
      return 0;
    }
  },
  ADD {
    @Override
    <V> int apply(Kernels<V> kernels, V a, V b, V into) {
      kernels.add(a, b, into);
      return 0;
    }
  },
  SUBTRACT {
    @Override
    <V> int apply(Kernels<V> kernels, V a, V b, V into) {
      kernels.subtract(a, b, into);
      return 0;
    }
  },
  MULTIPLY {
    @Override
    <V> int apply(Kernels<V> kernels, V a, V b, V into) {
      kernels.multiply(a, b, into);
      return 0;
    }
  },
  SCALE {
    @Override
    <V> int apply(Kernels<V> kernels, V a, V b, V into) {
      kernels.scale(a, -0.3f, into);
      return 0;
    }
  },
  DIVIDE {
    @Override
    <V> int apply(Kernels<V> kernels, V a, V b, V into) {
      kernels.divide(a, 0.7f, into);
      return 0;
    }
  },
  DIVIDE_BY_ZERO {
    @Override
    <V> int apply(Kernels<V> kernels, V a, V b, V into) {
      kernels.divide(a, 0f, into);
      return 0;
    }
  },
  DIVIDE_UNLESS_ZERO {
    @Override
    <V> int apply(Kernels<V> kernels, V a, V b, V into) {
      kernels.divideUnlessZero(a, b, into);
      return 0;
    }
  },
  LIMIT {
    @Override
    <V> int apply(Kernels<V> kernels, V a, V b, V into) {
      kernels.limit(a, 0.5f, into);
      return 0;
    }
  },
  LIMIT_TO_ZERO {
    @Override
    <V> int apply(Kernels<V> kernels, V a, V b, V into) {
      kernels.limit(a, 0f, into);
      return 0;
    }
  },
  MIN {
    @Override
    <V> int apply(Kernels<V> kernels, V a, V b, V into) {
      kernels.min(a, b, into);
      return 0;
    }
  },
  MAX {
    @Override
    <V> int apply(Kernels<V> kernels, V a, V b, V into) {
      kernels.max(a, b, into);
      return 0;
    }
  },
  LARGEST {
    @Override
    <V> int apply(Kernels<V> kernels, V a, V b, V into) {
      kernels.largest(a, b, into);
      return 0;
    }
  },
  KEEP_SIGN {
    @Override
    <V> int apply(Kernels<V> kernels, V a, V b, V into) {
      kernels.keepSign(a, b, into);
      return 0;
    }
  },
  KEEP_WHERE_NOT_ZERO {
    @Override
    <V> int apply(Kernels<V> kernels, V a, V b, V into) {
      kernels.keepWhereNotZero(a, b, into);
      return 0;
    }
  },
  ADD_WHERE_NOT_ZERO {
    @Override
    <V> int apply(Kernels<V> kernels, V a, V b, V into) {
      kernels.addWhereNotZero(a, 0.3f, into);
      return 0;
    }
  },
  KEEP_LARGER {
    @Override
    <V> int apply(Kernels<V> kernels, V a, V b, V into) {
      return kernels.keepLargest(a, 0.5f, 0, into);
    }
  },
  KEEP_LARGER_AND_ONE_TIE {
    @Override
    <V> int apply(Kernels<V> kernels, V a, V b, V into) {
      return kernels.keepLargest(a, 0.5f, 1, into);
    }
  },
  KEEP_LARGER_AND_TWENTY_TIES {
    @Override
    <V> int apply(Kernels<V> kernels, V a, V b, V into) {
      return kernels.keepLargest(a, 0.5f, 20, into);
    }
  },
  KEEP_LARGER_AND_ALL_TIES {
    @Override
    <V> int apply(Kernels<V> kernels, V a, V b, V into) {
      return kernels.keepLargest(a, 0.5f, Long.MAX_VALUE, into);
    }
  },
  KEEP_LARGER_THAN_ZERO {
    @Override
    <V> int apply(Kernels<V> kernels, V a, V b, V into) {
      return kernels.keepLargest(a, 0f, 3, into);
    }
  },
  KEEP_INFINITE {
    @Override
    <V> int apply(Kernels<V> kernels, V a, V b, V into) {
      return kernels.keepLargest(a, Float.POSITIVE_INFINITY, Long.MAX_VALUE, into);
    }
  },
  KEEP_ABOVE_INFINITY {
    @Override
    <V> int apply(Kernels<V> kernels, V a, V b, V into) {
      return kernels.keepLargest(a, Float.POSITIVE_INFINITY, 0, into);
    }
  },
  KEEP_NAN {
    @Override
    <V> int apply(Kernels<V> kernels, V a, V b, V into) {
      return kernels.keepLargest(a, Float.NaN, Long.MAX_VALUE, into);
    }
  },
  KEEP_AT_RANDOM {
    @Override
    <V> int apply(Kernels<V> kernels, V a, V b, V into) {
      kernels.keepAtRandom(a, RandomDrop.of(7, 1, "model.norm.weight", 0.53), into);
      return 0;
    }
  },
  KEEP_AT_RANDOM_BY_RANK {
    @Override
    <V> int apply(Kernels<V> kernels, V a, V b, V into) {
      RankedDrop drop = RankedDrop.of(7, 1, "model.norm.weight", 0.53, 0.4);
      kernels.keepAtRandomByRank(a, drop, into);
      return 0;
    }
  };

  /**
   * Applies it to the current block.
   *
   * @param into what it adds to, or where the result goes
   * @return what it counted
   */
  abstract <V> int apply(Kernels<V> kernels, V a, V b, V into);
}
