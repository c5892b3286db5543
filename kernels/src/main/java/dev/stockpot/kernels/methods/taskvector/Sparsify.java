package dev.stockpot.kernels.methods.taskvector;

import dev.stockpot.kernels.method.ParameterValues;
import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.random.RandomDrop;
import dev.stockpot.kernels.random.RandomStream;
import dev.stockpot.kernels.random.RankedDrop;
import java.util.Optional;

/** Which elements of a task vector take part. */
enum Sparsify {
  /** All of them, whatever the density. */
  NONE {
    @Override
    Drop drop(ParameterValues values, TensorTerms terms, int model) {
      return Drop.KeepAll.INSTANCE;
    }
  },
  /** The share {@code density} of them that is largest in magnitude. */
  BY_MAGNITUDE {
    @Override
    Drop drop(ParameterValues values, TensorTerms terms, int model) {
      double density = values.get(TaskVectorParameters.DENSITY);
      long elements = terms.shape().elements();
      long keep = (long) (density * elements);
      if (keep == 0) {
        return Drop.DropAll.INSTANCE;
      }
      return density >= 1 ? Drop.KeepAll.INSTANCE : SelectLargest.of(wanted(keep, terms), elements);
    }
  },
  /** The share {@code density} of the whole model's elements that is largest in magnitude. */
  BY_MAGNITUDE_IN_MODEL {
    @Override
    Drop drop(ParameterValues values, TensorTerms terms, int model) {
      return new SelectLargest.OfModel(
          values.get(TaskVectorParameters.DENSITY)); // also for 0 and 1: all tensors look at once
    }
  },
  /**
   * The share {@code density} of them that is largest in magnitude but for the share {@code gamma}
   * that is largest of all. At most what the density leaves out can be that.
   */
  BY_MAGNITUDE_BUT_OUTLIERS {
    @Override
    Drop drop(ParameterValues values, TensorTerms terms, int model) {
      long elements = terms.shape().elements();
      long keep = (long) (values.get(TaskVectorParameters.DENSITY) * elements);
      long outliers =
          Math.min((long) (values.get(TaskVectorParameters.GAMMA) * elements), elements - keep);
      return outliers == 0 || keep == 0
          ? BY_MAGNITUDE.drop(values, terms, model)
          : SelectBand.of(wanted(outliers, terms), wanted(outliers + keep, terms), elements);
    }

    @Override
    Optional<String> notice(ParameterValues values) {
      double density = values.get(TaskVectorParameters.DENSITY);
      double gamma = values.get(TaskVectorParameters.GAMMA);
      return gamma + density < 1 + 1e-9 || density >= 1 // 0.1 and 0.9 are no doubles
          ? Optional.empty()
          : Optional.of(
              ("gamma %s is more than density %s leaves out: gamma counts as 1 - density, and only"
                      + " the largest elements are dropped")
                  .formatted(gamma, density));
    }
  },
  /** Each with probability {@code density}. */
  AT_RANDOM {
    @Override
    Drop drop(ParameterValues values, TensorTerms terms, int model) {
      double density = values.get(TaskVectorParameters.DENSITY);
      if (density == 0) {
        return Drop.DropAll.INSTANCE;
      }
      return density >= 1
          ? Drop.KeepAll.INSTANCE
          : new Drop.Random(RandomDrop.of(terms.seed(), model, terms.tensor(), density));
    }
  },
  /**
   * Each with a probability around {@code density} that rises by {@code epsilon} towards the
   * largest of its row and falls by as much towards the smallest.
   */
  BY_RANK_IN_ROW {
    @Override
    Drop drop(ParameterValues values, TensorTerms terms, int model) {
      double density = values.get(TaskVectorParameters.DENSITY);
      double epsilon = values.get(TaskVectorParameters.EPSILON);
      if (epsilon == 0 || density == 0 || density >= 1) {
        return AT_RANDOM.drop(values, terms, model);
      }
      return new Drop.Ranked(
          RankedDrop.of(terms.seed(), model, terms.tensor(), density, epsilon),
          terms.shape().rowElements());
    }

    @Override
    Optional<String> problemWith(ParameterValues values) {
      double density = values.get(TaskVectorParameters.DENSITY);
      double epsilon = values.get(TaskVectorParameters.EPSILON);
      if (density == 0 || density >= 1 || (density - epsilon > 0 && density + epsilon < 1)) {
        return Optional.empty();
      }
      return Optional.of(
          "density %s with epsilon %s leaves no room: density - epsilon must be above 0"
                  .formatted(density, epsilon)
              + " and density + epsilon below 1");
    }

    @Override
    Optional<String> notice(ParameterValues values) {
      double density = values.get(TaskVectorParameters.DENSITY);
      return values.get(TaskVectorParameters.EPSILON) > 0 || density == 0 || density >= 1
          ? Optional.empty()
          : Optional.of(
              "epsilon 0 gives all elements of a row the same chance, whatever their size, as"
                  + " dare_ties and dare_linear do");
    }
  };

  private static SelectLargest.Wanted wanted(long count, TensorTerms terms) {
    return new SelectLargest.Wanted(
        count, RandomStream.betweenEquals(terms.seed(), terms.tensor()));
  }

  /** What a user should know of a model's values. */
  Optional<String> notice(ParameterValues values) {
    return Optional.empty();
  }

  /** What is wrong with a model's values that are each in range. */
  Optional<String> problemWith(ParameterValues values) {
    return Optional.empty();
  }

  /**
   * What to drop of one model's task vector.
   *
   * @param values the model's
   * @param model place of the model among the inputs
   */
  abstract Drop drop(ParameterValues values, TensorTerms terms, int model);
}
