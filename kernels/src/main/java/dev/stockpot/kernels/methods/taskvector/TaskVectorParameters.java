package dev.stockpot.kernels.methods.taskvector;

import static dev.stockpot.kernels.method.Parameter.Scope.MERGE;
import static dev.stockpot.kernels.method.Parameter.Scope.MODEL;

import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.Range;
import java.util.List;
import java.util.Locale;

/** What a recipe may say to the methods of {@link TaskArithmetic}. */
final class TaskVectorParameters {
  static final Parameter<Double> DENSITY =
      Parameter.optional(
          "density",
          MODEL,
          Range.Numbers.FRACTION,
          1.0,
          "share of the task vector's elements that is kept");

  static final Parameter<Double> EPSILON =
      Parameter.optional(
          "epsilon",
          MODEL,
          Range.Numbers.FRACTION,
          0.15,
          "how much likelier than density the largest of a row is kept, and the smallest less");

  static final Parameter<Double> GAMMA =
      Parameter.optional(
          "gamma",
          MODEL,
          Range.Numbers.FRACTION,
          0.01,
          "share of the task vector's elements, the largest, that is dropped as outliers");

  static final Parameter<Double> WEIGHT =
      Parameter.required("weight", MODEL, Range.Numbers.ANY, "factor on the model's task vector");

  static final Parameter<Boolean> NORMALIZE =
      Parameter.optional(
          "normalize", MERGE, new Range.Flag(), false, "divide by the sum of the weights");

  static final Parameter<Rescale> RESCALE =
      Parameter.optional(
          "rescale",
          MERGE,
          new Range.FlagOrOneOf<>(
              Rescale.NONE, Rescale.TO_NORM, List.of(Rescale.TO_NORM, Rescale.BY_DENSITY)),
          Rescale.NONE,
          "scale what is left of a task vector: to the L1 norm it had (true or l1), or by 1/density as"
              + " the DARE paper does");

  static final Parameter<Reading> READING =
      Parameter.optional(
          "reading",
          MERGE,
          new Range.OneOf<>(List.of(Reading.values())),
          Reading.MERGEKIT,
          "mergekit: trim each tensor, weighted vote; paper: trim the whole model at once, keep all"
              + " elements equal to the threshold, unweighted vote");

  static final Parameter<Double> LAMBDA =
      Parameter.optional(
          "lambda", MERGE, Range.Numbers.ANY, 1.0, "factor on the merged task vector");

  static final Parameter<Boolean> INT8_MASK =
      Parameter.optional(
          "int8_mask",
          MERGE,
          new Range.Flag(),
          false,
          "accepted for the sake of mergekit's recipes; changes nothing");

  /** Whose way to trim and to vote. */
  enum Reading {
    MERGEKIT,
    PAPER;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private TaskVectorParameters() {}
}
