package dev.stockpot.kernels.method;

import dev.stockpot.kernels.RandomDrop;

/** Which elements of a task vector take part. */
enum Sparsify {
  /** All of them, whatever the density. */
  NONE {
    @Override
    Drop drop(double density, TensorTerms terms, int model) {
      return Drop.KeepAll.INSTANCE;
    }
  },
  /** The share {@code density} of them that is largest in magnitude. */
  BY_MAGNITUDE {
    @Override
    Drop drop(double density, TensorTerms terms, int model) {
      long keep = (long) (density * terms.shape().elements());
      if (keep == 0) {
        return Drop.DropAll.INSTANCE;
      }
      return density >= 1 ? Drop.KeepAll.INSTANCE : new SelectLargest.ByUpperBits(keep);
    }
  },
  /** The share {@code density} of the whole model's elements that is largest in magnitude. */
  BY_MAGNITUDE_IN_MODEL {
    @Override
    Drop drop(double density, TensorTerms terms, int model) {
      return new SelectLargest.OfModel(density); // also for 0 and 1: all tensors look at once
    }
  },
  /** Each with probability {@code density}. */
  AT_RANDOM {
    @Override
    Drop drop(double density, TensorTerms terms, int model) {
      if (density == 0) {
        return Drop.DropAll.INSTANCE;
      }
      return density >= 1
          ? Drop.KeepAll.INSTANCE
          : new Drop.Random(RandomDrop.of(terms.seed(), model, terms.tensor(), density));
    }
  };

  /**
   * What to drop of one model's task vector.
   *
   * @param model place of the model among the inputs
   */
  abstract Drop drop(double density, TensorTerms terms, int model);
}
