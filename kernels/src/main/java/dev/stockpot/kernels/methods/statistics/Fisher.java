package dev.stockpot.kernels.methods.statistics;

import static dev.stockpot.kernels.method.Parameter.Scope.MERGE;
import static dev.stockpot.kernels.method.Parameter.Scope.MODEL;

import dev.stockpot.kernels.method.Arity;
import dev.stockpot.kernels.method.Cost;
import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.MethodCard;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.Range;
import dev.stockpot.kernels.method.ScanScope;
import dev.stockpot.kernels.method.SideInput;
import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.number.DType;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** The average of models, each element weighed by how sure its model is of it. */
final class Fisher implements MergeMethod {
  /** Float16 has no numbers as small as most of them are. */
  static final SideInput FISHER_DIAG =
      SideInput.required(
          "fisher_diag",
          MODEL,
          Set.of(DType.F32, DType.F64, DType.BF16),
          "the Fisher information of each element, or Adam's second moments");

  private static final Parameter<Double> WEIGHT =
      Parameter.optional(
          "weight",
          MODEL,
          Range.Numbers.NOT_NEGATIVE,
          1.0,
          "factor on the model's Fisher information");

  private static final Parameter<Double> FLOOR =
      Parameter.optional(
          "floor",
          MERGE,
          Range.Numbers.NOT_NEGATIVE,
          0.0,
          "least Fisher information, or what is added to all, in its own units and before it is"
              + " normalized: papers take 1e-6, which is more than all of Adam's second moments");

  private static final Parameter<FloorMode> FLOOR_MODE =
      Parameter.optional(
          "floor_mode",
          MERGE,
          new Range.OneOf<>(List.of(FloorMode.values())),
          FloorMode.MAX,
          "max: what is below the floor is raised to it; add: the floor is added to all");

  private static final Parameter<FloorOn> FLOOR_ON =
      Parameter.optional(
          "floor_on",
          MERGE,
          new Range.OneOf<>(List.of(FloorOn.values())),
          FloorOn.ALL,
          "all models, or the first alone, whose elements stay where nobody is sure");

  private static final Parameter<Normalize> NORMALIZE =
      Parameter.optional(
          "normalize",
          MERGE,
          new Range.OneOf<>(List.of(Normalize.values())),
          Normalize.MODEL,
          "divide each Fisher information by its norm: of the whole model, of each tensor, or not");

  private static final Parameter<Double> NORMALIZE_EPSILON =
      Parameter.optional(
          "normalize_epsilon",
          MERGE,
          Range.Numbers.NOT_NEGATIVE,
          0.0,
          "what is added to each norm");

  /** What a floor does. */
  enum FloorMode {
    MAX,
    ADD;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Whose information has a floor. */
  enum FloorOn {
    ALL,
    FIRST;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What norm each information is divided by. */
  enum Normalize {
    NONE,
    MODEL,
    TENSOR;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Override
  public String name() {
    return "fisher";
  }

  @Override
  public MethodCard card() {
    return new MethodCard(
        "average of the models, each element weighed by its Fisher information",
        "θ = Σ λᵢFᵢθᵢ / Σ λᵢFᵢ, λᵢ = wᵢ / ‖Fᵢ‖; where all Fᵢ are 0: Σ wᵢθᵢ / Σ wᵢ",
        "Fine-tunes of one base on different tasks, with a diagonal of the Fisher information of"
            + " each: from examples, or from the state of Adam (exp_avg_sq.safetensors), which"
            + " costs nothing. floor 1e-6 with floor_on: first is the paper's, with floor_mode: add"
            + " and normalize_epsilon: 1e-6 FusionBench's.",
        "Matena and Raffel 2022, Merging models with Fisher-weighted averaging, arXiv:2111.09832",
        Cost.LOOK);
  }

  @Override
  public List<Parameter<?>> parameters() {
    return List.of(WEIGHT, NORMALIZE, NORMALIZE_EPSILON, FLOOR, FLOOR_MODE, FLOOR_ON);
  }

  @Override
  public Arity arity() {
    return new Arity(Arity.Base.DONOR, 1, Arity.ANY);
  }

  @Override
  public List<SideInput> sideInputs() {
    return List.of(FISHER_DIAG);
  }

  @Override
  public Optional<String> problemWith(TensorTerms terms) {
    return terms.models().stream().allMatch(model -> model.get(WEIGHT) == 0)
        ? Optional.of("weights are all zero; change one")
        : Optional.empty();
  }

  @Override
  public MergeProgram program(TensorTerms terms) {
    arity().check(name(), terms);
    int models = terms.models().size();
    List<Integer> sides =
        IntStream.range(0, models)
            .mapToObj(model -> terms.sideOf(FISHER_DIAG, model).orElseThrow())
            .toList();
    List<Double> weights = terms.models().stream().map(model -> model.get(WEIGHT)).toList();
    double floor = terms.merge().get(FLOOR);
    boolean isFirstAlone = terms.merge().get(FLOOR_ON) == FloorOn.FIRST;
    FisherMerge.Floor floors =
        new FisherMerge.Floor(
            (float) floor, terms.merge().get(FLOOR_MODE), isFirstAlone ? 1 : models);
    FisherMerge merge = new FisherMerge(sides, weights, weights, floors);
    Normalize normalize = terms.merge().get(NORMALIZE);
    return normalize == Normalize.NONE
        ? merge
        : new NormalizedFisher(
            merge,
            normalize == Normalize.MODEL ? ScanScope.MODEL : ScanScope.TENSOR,
            terms.merge().get(NORMALIZE_EPSILON));
  }
}
