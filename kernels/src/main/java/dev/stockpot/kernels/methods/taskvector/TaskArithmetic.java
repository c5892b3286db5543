package dev.stockpot.kernels.methods.taskvector;

import static dev.stockpot.kernels.method.Parameter.Scope.MERGE;
import static dev.stockpot.kernels.method.Parameter.Scope.MODEL;

import dev.stockpot.kernels.method.Arity;
import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.MethodCard;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.ParameterValues;
import dev.stockpot.kernels.method.Range;
import dev.stockpot.kernels.method.TensorTerms;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Task vectors, thinned out, agreed upon and added to the base: a family of published methods whose
 * members differ in a few choices, so each is a row.
 *
 * @param sparsify which elements of a task vector take part
 * @param consensus how task vectors become one
 * @param normalize default of the parameter of that name
 * @param rescale default of the parameter of that name
 */
record TaskArithmetic(
    String name,
    Sparsify sparsify,
    Consensus consensus,
    boolean normalize,
    boolean rescale,
    MethodCard card)
    implements MergeMethod {

  private static final String RESCALE = "rescale";
  private static final String L1 = "l1";
  private static final String BY_DENSITY = "1/density";
  private static final String READING = "reading";
  private static final String PAPER = "paper";

  private static final String VOTE = "s = sign(Σ vᵢ), δ = Σ vᵢ[sign vᵢ = s]";

  private static final String DELLA_DROP =
      "vᵢ = wᵢ·rᵢ·drop(θᵢ − θ₀, pᵢ), pᵢ = density − ε + 2ε·rank in row / (columns − 1),"
          + " rᵢ = ‖δᵢ‖₁ / ‖drop(δᵢ)‖₁, ";

  static final TaskArithmetic TASK_ARITHMETIC =
      new TaskArithmetic(
          "task_arithmetic",
          Sparsify.NONE,
          Consensus.WEIGHTED_SUM,
          false,
          false,
          new MethodCard(
              "weighted sum of task vectors on the base",
              "θ = θ₀ + λ Σ wᵢ(θᵢ − θ₀)",
              "Adds skills of several fine-tunes, or takes one away with a negative weight. With many"
                  + " models try weights or lambda of 0.3 to 0.5.",
              "Ilharco et al. 2023, Editing models with task arithmetic, arXiv:2212.04089"));

  static final TaskArithmetic TIES =
      new TaskArithmetic(
          "ties",
          Sparsify.BY_MAGNITUDE,
          Consensus.ELECT_SIGN,
          true,
          false,
          new MethodCard(
              "largest elements of each task vector, those that agree in sign, averaged",
              "vᵢ = wᵢ·trim(θᵢ − θ₀, density), " + VOTE + ", θ = θ₀ + λ δ / Σ wᵢ[sign vᵢ = s]",
              "Several fine-tunes of one base that interfere. Density 0.2 to 0.5. The trim is per"
                  + " tensor and the vote weighted.",
              "Yadav et al. 2023, TIES-Merging, arXiv:2306.01708"));

  static final TaskArithmetic DARE_LINEAR =
      new TaskArithmetic(
          "dare_linear",
          Sparsify.AT_RANDOM,
          Consensus.WEIGHTED_SUM,
          false,
          true,
          new MethodCard(
              "task vectors with elements dropped at random, rescaled, and summed",
              "θ = θ₀ + λ Σ wᵢ·rᵢ·drop(θᵢ − θ₀, density), rᵢ = ‖δᵢ‖₁ / ‖drop(δᵢ)‖₁",
              "Fine-tunes with small task vectors. Density 0.1 to 0.5. Needs a seed to be repeated"
                  + " with other draws.",
              "Yu et al. 2024, Language models are super Mario, arXiv:2311.03099"));

  static final TaskArithmetic DARE_TIES =
      new TaskArithmetic(
          "dare_ties",
          Sparsify.AT_RANDOM,
          Consensus.ELECT_SIGN,
          false,
          true,
          new MethodCard(
              "task vectors with elements dropped at random, rescaled, those that agree in sign summed",
              "vᵢ = wᵢ·rᵢ·drop(θᵢ − θ₀, density), rᵢ = ‖δᵢ‖₁ / ‖drop(δᵢ)‖₁, "
                  + VOTE
                  + ", θ = θ₀ + λ δ",
              "As dare_linear, where the fine-tunes interfere.",
              "Yu et al. 2024, arXiv:2311.03099, with the vote of arXiv:2306.01708"));

  static final TaskArithmetic DELLA =
      new TaskArithmetic(
          "della",
          Sparsify.BY_RANK_IN_ROW,
          Consensus.ELECT_SIGN,
          true,
          true,
          new MethodCard(
              "task vectors with elements dropped at random, small ones of a row more often,"
                  + " rescaled, those that agree in sign averaged",
              DELLA_DROP + VOTE + ", θ = θ₀ + λ δ / Σ wᵢ[sign vᵢ = s]",
              "As dare_ties, where large changes matter more than small ones. Density 0.3 to 0.7,"
                  + " epsilon 0.05 to 0.2; density ± epsilon must lie between 0 and 1.",
              "Deep et al. 2024, DELLA-Merging, arXiv:2406.11617"));

  static final TaskArithmetic DELLA_LINEAR =
      new TaskArithmetic(
          "della_linear",
          Sparsify.BY_RANK_IN_ROW,
          Consensus.WEIGHTED_SUM,
          false,
          true,
          new MethodCard(
              "task vectors with elements dropped at random, small ones of a row more often,"
                  + " rescaled and summed",
              DELLA_DROP + "θ = θ₀ + λ Σ vᵢ",
              "As della, where the fine-tunes do not interfere. With epsilon 0 it is dare_linear.",
              "Deep et al. 2024, DELLA-Merging, arXiv:2406.11617, without its vote"));

  static final TaskArithmetic BREADCRUMBS =
      new TaskArithmetic(
          "breadcrumbs",
          Sparsify.BY_MAGNITUDE_BUT_OUTLIERS,
          Consensus.WEIGHTED_SUM,
          false,
          false,
          new MethodCard(
              "task vectors without their largest and their smallest elements, summed",
              "θ = θ₀ + λ Σ wᵢ·band(θᵢ − θ₀): of each task vector the share density that is largest"
                  + " but for the share gamma that is largest of all",
              "Many fine-tunes of one base. Outliers do harm and small changes are noise: density 0.85"
                  + " to 0.9 with gamma 0.01, lambda about 0.3.",
              "Davari & Belilovsky 2023, Model Breadcrumbs, arXiv:2312.06795"));

  static final TaskArithmetic BREADCRUMBS_TIES =
      new TaskArithmetic(
          "breadcrumbs_ties",
          Sparsify.BY_MAGNITUDE_BUT_OUTLIERS,
          Consensus.ELECT_SIGN,
          false,
          false,
          new MethodCard(
              "as breadcrumbs, and of what is left the elements that agree in sign summed",
              "vᵢ = wᵢ·band(θᵢ − θ₀), " + VOTE + ", θ = θ₀ + λ δ",
              "As breadcrumbs, where the fine-tunes interfere.",
              "Davari & Belilovsky 2023, arXiv:2312.06795, with the vote of arXiv:2306.01708"));

  @Override
  public List<Parameter> parameters() {
    Range flag = new Range.Flag();
    List<Parameter> parameters = new ArrayList<>();
    parameters.add(
        Parameter.required(
            "weight", MODEL, Range.Numbers.ANY, "factor on the model's task vector"));
    parameters.add(
        Parameter.optional(
            "density",
            MODEL,
            Range.Numbers.FRACTION,
            1.0,
            sparsify == Sparsify.NONE
                ? "accepted for the sake of other methods' recipes; changes nothing"
                : "share of the task vector's elements that is kept"));
    if (sparsify == Sparsify.BY_RANK_IN_ROW) {
      parameters.add(
          Parameter.optional(
              "epsilon",
              MODEL,
              Range.Numbers.FRACTION,
              0.15,
              "how much likelier than density the largest of a row is kept, and the smallest less"));
    }
    if (sparsify == Sparsify.BY_MAGNITUDE_BUT_OUTLIERS) {
      parameters.add(
          Parameter.optional(
              "gamma",
              MODEL,
              Range.Numbers.FRACTION,
              0.01,
              "share of the task vector's elements, the largest, that is dropped as outliers"));
    }
    parameters.add(
        Parameter.optional(
            "normalize",
            MERGE,
            flag,
            normalize,
            consensus == Consensus.ELECT_SIGN
                ? "divide each element by the sum of the weights that agreed"
                : "divide by the sum of the weights"));
    parameters.add(
        Parameter.optional(
            RESCALE,
            MERGE,
            new Range.FlagOrWords(List.of(L1, BY_DENSITY)),
            rescale,
            "scale what is left of a task vector: to the L1 norm it had (true or l1), or by 1/density as"
                + " the DARE paper does"));
    if (hasPaperReading()) {
      parameters.add(
          Parameter.optional(
              READING,
              MERGE,
              new Range.Words(List.of("mergekit", PAPER)),
              "mergekit",
              "mergekit: trim each tensor, weighted vote; paper: trim the whole model at once, keep all"
                  + " elements equal to the threshold, unweighted vote"));
    }
    parameters.add(
        Parameter.optional(
            "lambda", MERGE, Range.Numbers.ANY, 1.0, "factor on the merged task vector"));
    parameters.add(
        Parameter.optional(
            "int8_mask",
            MERGE,
            flag,
            false,
            "accepted for the sake of mergekit's recipes; changes nothing"));
    return parameters;
  }

  private boolean hasPaperReading() {
    return sparsify == Sparsify.BY_MAGNITUDE && consensus == Consensus.ELECT_SIGN;
  }

  @Override
  public Arity arity() {
    return new Arity(Arity.Base.ORIGIN, 1, Arity.ANY);
  }

  @Override
  public Optional<String> problemWith(TensorTerms terms) {
    return IntStream.range(0, terms.models().size())
        .filter(input -> terms.base().isEmpty() || input != terms.base().getAsInt())
        .mapToObj(terms.models()::get)
        .flatMap(values -> sparsify.problemWith(values).stream())
        .findFirst();
  }

  @Override
  public OptionalInt alone(TensorTerms terms) {
    double lambda = terms.merge().number("lambda");
    List<Integer> heard =
        terms.besideBase().stream()
            .filter(input -> lambda != 0 && terms.models().get(input).number("weight") != 0)
            .toList();
    if (heard.isEmpty()) {
      return terms.base();
    }
    ParameterValues only = terms.models().get(heard.get(0));
    boolean keepsAll =
        sparsify == Sparsify.NONE
            || (only.number("density") == 1
                && (sparsify == Sparsify.BY_MAGNITUDE || sparsify == Sparsify.AT_RANDOM));
    double factor = terms.merge().flag("normalize") ? lambda : lambda * only.number("weight");
    return heard.size() == 1 && keepsAll && factor == 1
        ? OptionalInt.of(heard.get(0))
        : OptionalInt.empty();
  }

  @Override
  public MergeProgram program(TensorTerms terms) {
    arity().check(name, terms);
    int base =
        terms.base().orElseThrow(() -> new IllegalArgumentException(name + " has no base model"));
    boolean isPaper = hasPaperReading() && terms.merge().word(READING).equals(PAPER);
    Sparsify trim = isPaper ? Sparsify.BY_MAGNITUDE_IN_MODEL : sparsify;
    Object scaling = terms.merge().values().get(RESCALE);
    List<TaskVectorMerge.Term> models = new ArrayList<>();
    for (int input = 0; input < terms.models().size(); input++) {
      if (input != base) {
        ParameterValues values = terms.models().get(input);
        double density = values.number("density");
        boolean scales = scaling.equals(BY_DENSITY) && sparsify != Sparsify.NONE && density > 0;
        models.add(
            new TaskVectorMerge.Term(
                input,
                (float) values.number("weight"),
                trim.drop(values, terms, models.size()),
                scales ? (float) (1 / density) : 1));
      }
    }
    boolean drops = models.stream().anyMatch(model -> model.drop() != Drop.KeepAll.INSTANCE);
    return new TaskVectorMerge(
        base,
        models,
        isPaper ? Consensus.ELECT_SIGN_UNWEIGHTED : consensus,
        terms.merge().flag("normalize"),
        (scaling.equals(true) || scaling.equals(L1)) && drops,
        (float) terms.merge().number("lambda"));
  }
}
