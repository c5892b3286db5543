package dev.stockpot.kernels.methods.statistics;

import static dev.stockpot.kernels.method.Parameter.Scope.MERGE;
import static dev.stockpot.kernels.method.Parameter.Scope.MODEL;

import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.Range;
import dev.stockpot.kernels.method.SideInput;
import dev.stockpot.kernels.method.StatisticLayout;
import dev.stockpot.kernels.number.DType;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What a recipe may say to {@link RegMean}. */
final class RegMeanParameters {
  /** Their condition is too bad for fewer digits. */
  private static final Set<DType> DIGITS = Set.of(DType.F32, DType.F64);

  static final SideInput GRAM =
      SideInput.alternative(
          "gram",
          DIGITS,
          StatisticLayout.GRAM,
          "the Gram matrix of each module's inputs, MODULE.gram or MODULE.gram_upper");

  static final SideInput GRAM_DIAG =
      SideInput.alternative(
          "gram_diag",
          DIGITS,
          StatisticLayout.GRAM_DIAGONAL,
          "the mean square of each input of each module, MODULE.gram_diag");

  static final Parameter<Double> WEIGHT =
      Parameter.optional(
          "weight", MODEL, Range.Numbers.NOT_NEGATIVE, 1.0, "share of the model in the merge");

  static final Parameter<Double> ALPHA =
      Parameter.optional(
          "alpha",
          MERGE,
          Range.Numbers.FRACTION,
          0.9,
          "factor on what is off the diagonal of a Gram matrix: less of it for fewer examples");

  static final Parameter<Weighting> WEIGHTING =
      Parameter.optional(
          "weighting",
          MERGE,
          new Range.OneOf<>(List.of(Weighting.values())),
          Weighting.EQUAL,
          "equal: each model counts by its weight; tokens: also by the samples of its statistics");

  static final Parameter<Double> RIDGE =
      Parameter.optional(
          "ridge",
          MERGE,
          Range.Numbers.FRACTION,
          1e-6,
          "what is added to the diagonal, times its mean; ten times as much until it is enough");

  static final Parameter<Otherwise> NULL_SPACE =
      otherwise(
          "null_space",
          "where no model has inputs: the mean of the models, or the base model, which is LOT",
          Otherwise.MEAN, Otherwise.BASE);

  static final Parameter<Otherwise> EMBEDDINGS =
      otherwise(
          "embeddings",
          "tables of tokens and positions: the mean of the models, or the base model's",
          Otherwise.MEAN, Otherwise.BASE);

  static final Parameter<Otherwise> HEAD =
      otherwise(
          "head",
          "output heads: solved where they have a Gram matrix, else the mean; or the base model's",
          Otherwise.SOLVE, Otherwise.MEAN, Otherwise.BASE);

  static final Parameter<Otherwise> LACKING =
      otherwise(
          "lacking",
          "inner matrices without a Gram matrix in any model's statistics",
          Otherwise.REFUSE, Otherwise.MEAN, Otherwise.BASE);

  /** What counts beside weights. */
  enum Weighting {
    EQUAL,
    TOKENS;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What becomes of a tensor, or of a part of it. */
  enum Otherwise {
    SOLVE,
    MEAN,
    BASE,
    REFUSE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private RegMeanParameters() {}

  /** One of some ways; the first is taken where a recipe says nothing. */
  private static Parameter<Otherwise> otherwise(String name, String meaning, Otherwise... ways) {
    return Parameter.optional(
        name, MERGE, new Range.OneOf<>(List.of(ways)), ways[0], meaning);
  }
}
