package dev.stockpot.kernels.methods.taskvector;

import static dev.stockpot.kernels.methods.taskvector.TaskVectorParameters.DENSITY;
import static dev.stockpot.kernels.methods.taskvector.TaskVectorParameters.EPSILON;
import static dev.stockpot.kernels.methods.taskvector.TaskVectorParameters.GAMMA;
import static dev.stockpot.kernels.methods.taskvector.TaskVectorParameters.INT8_MASK;
import static dev.stockpot.kernels.methods.taskvector.TaskVectorParameters.LAMBDA;
import static dev.stockpot.kernels.methods.taskvector.TaskVectorParameters.NORMALIZE;
import static dev.stockpot.kernels.methods.taskvector.TaskVectorParameters.READING;
import static dev.stockpot.kernels.methods.taskvector.TaskVectorParameters.RESCALE;
import static dev.stockpot.kernels.methods.taskvector.TaskVectorParameters.WEIGHT;

import dev.stockpot.kernels.method.Arity;
import dev.stockpot.kernels.method.Cost;
import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.MethodCard;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.ParameterValues;
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
 * @param divisor default of the parameter {@code normalize}
 * @param rescale default of the parameter of that name
 */
record TaskArithmetic(
    String name,
    Sparsify sparsify,
    Combination consensus,
    Divisor divisor,
    Rescale rescale,
    MethodCard card)
    implements MergeMethod {

  private static final String VOTE = "s = sign(Σ vᵢ), δ = Σ vᵢ[sign vᵢ = s]";

  private static final String DELLA_DROP =
      "vᵢ = wᵢ·rᵢ·drop(θᵢ − θ₀, pᵢ), pᵢ = density − ε + 2ε·rank in row / (columns − 1),"
          + " rᵢ = ‖δᵢ‖₁ / ‖drop(δᵢ)‖₁, ";

  static final TaskArithmetic TASK_ARITHMETIC =
      new TaskArithmetic(
          "task_arithmetic",
          Sparsify.NONE,
          Combination.WEIGHTED_SUM,
          Divisor.NONE,
          Rescale.NONE,
          new MethodCard(
              "weighted sum of task vectors on the base",
              "θ = θ₀ + λ Σ wᵢ(θᵢ − θ₀)",
              "Adds skills of several fine-tunes, or takes one away with a negative weight. With many"
                  + " models try weights or lambda of 0.3 to 0.5.",
              "Ilharco et al. 2023, Editing models with task arithmetic, arXiv:2212.04089",
              Cost.SUM));

  static final TaskArithmetic TIES =
      new TaskArithmetic(
          "ties",
          Sparsify.BY_MAGNITUDE,
          Combination.ELECT_SIGN,
          Divisor.WEIGHTS,
          Rescale.NONE,
          new MethodCard(
              "largest elements of each task vector, those that agree in sign, averaged",
              "vᵢ = wᵢ·trim(θᵢ − θ₀, density), " + VOTE + ", θ = θ₀ + λ δ / Σ wᵢ[sign vᵢ = s]",
              "Several fine-tunes of one base that interfere. Density 0.2 to 0.5. The trim is per"
                  + " tensor and the vote weighted.",
              "Yadav et al. 2023, TIES-Merging, arXiv:2306.01708",
              Cost.LOOK));

  static final TaskArithmetic DARE_LINEAR =
      new TaskArithmetic(
          "dare_linear",
          Sparsify.AT_RANDOM,
          Combination.WEIGHTED_SUM,
          Divisor.NONE,
          Rescale.TO_NORM,
          new MethodCard(
              "task vectors with elements dropped at random, rescaled, and summed",
              "θ = θ₀ + λ Σ wᵢ·rᵢ·drop(θᵢ − θ₀, density), rᵢ = ‖δᵢ‖₁ / ‖drop(δᵢ)‖₁",
              "Fine-tunes with small task vectors. Density 0.1 to 0.5. Needs a seed to be repeated"
                  + " with other draws.",
              "Yu et al. 2024, Language models are super Mario, arXiv:2311.03099",
              Cost.LOOK));

  static final TaskArithmetic DARE_TIES =
      new TaskArithmetic(
          "dare_ties",
          Sparsify.AT_RANDOM,
          Combination.ELECT_SIGN,
          Divisor.NONE,
          Rescale.TO_NORM,
          new MethodCard(
              "task vectors with elements dropped at random, rescaled, those that agree in sign summed",
              "vᵢ = wᵢ·rᵢ·drop(θᵢ − θ₀, density), rᵢ = ‖δᵢ‖₁ / ‖drop(δᵢ)‖₁, "
                  + VOTE
                  + ", θ = θ₀ + λ δ",
              "As dare_linear, where the fine-tunes interfere.",
              "Yu et al. 2024, arXiv:2311.03099, with the vote of arXiv:2306.01708",
              Cost.LOOK));

  static final TaskArithmetic DELLA =
      new TaskArithmetic(
          "della",
          Sparsify.BY_RANK_IN_ROW,
          Combination.ELECT_SIGN,
          Divisor.WEIGHTS,
          Rescale.TO_NORM,
          new MethodCard(
              "task vectors with elements dropped at random, small ones of a row more often,"
                  + " rescaled, those that agree in sign averaged",
              DELLA_DROP + VOTE + ", θ = θ₀ + λ δ / Σ wᵢ[sign vᵢ = s]",
              "As dare_ties, where large changes matter more than small ones. Density 0.3 to 0.7,"
                  + " epsilon 0.05 to 0.2; density ± epsilon must lie between 0 and 1.",
              "Deep et al. 2024, DELLA-Merging, arXiv:2406.11617",
              Cost.RANKS));

  static final TaskArithmetic DELLA_LINEAR =
      new TaskArithmetic(
          "della_linear",
          Sparsify.BY_RANK_IN_ROW,
          Combination.WEIGHTED_SUM,
          Divisor.NONE,
          Rescale.TO_NORM,
          new MethodCard(
              "task vectors with elements dropped at random, small ones of a row more often,"
                  + " rescaled and summed",
              DELLA_DROP + "θ = θ₀ + λ Σ vᵢ",
              "As della, where the fine-tunes do not interfere. With epsilon 0 it is dare_linear.",
              "Deep et al. 2024, DELLA-Merging, arXiv:2406.11617, without its vote",
              Cost.RANKS));

  static final TaskArithmetic BREADCRUMBS =
      new TaskArithmetic(
          "breadcrumbs",
          Sparsify.BY_MAGNITUDE_BUT_OUTLIERS,
          Combination.WEIGHTED_SUM,
          Divisor.NONE,
          Rescale.NONE,
          new MethodCard(
              "task vectors without their largest and their smallest elements, summed",
              "θ = θ₀ + λ Σ wᵢ·band(θᵢ − θ₀): of each task vector the share density that is largest"
                  + " but for the share gamma that is largest of all",
              "Many fine-tunes of one base. Outliers do harm and small changes are noise: density 0.85"
                  + " to 0.9 with gamma 0.01, lambda about 0.3.",
              "Davari & Belilovsky 2023, Model Breadcrumbs, arXiv:2312.06795",
              Cost.LOOK));

  static final TaskArithmetic BREADCRUMBS_TIES =
      new TaskArithmetic(
          "breadcrumbs_ties",
          Sparsify.BY_MAGNITUDE_BUT_OUTLIERS,
          Combination.ELECT_SIGN,
          Divisor.NONE,
          Rescale.NONE,
          new MethodCard(
              "as breadcrumbs, and of what is left the elements that agree in sign summed",
              "vᵢ = wᵢ·band(θᵢ − θ₀), " + VOTE + ", θ = θ₀ + λ δ",
              "As breadcrumbs, where the fine-tunes interfere.",
              "Davari & Belilovsky 2023, arXiv:2312.06795, with the vote of arXiv:2306.01708",
              Cost.LOOK));

  @Override
  public List<Parameter<?>> parameters() {
    List<Parameter<?>> parameters = new ArrayList<>();
    parameters.add(WEIGHT);
    parameters.add(
        sparsify == Sparsify.NONE
            ? DENSITY.withMeaning(
                "accepted for the sake of other methods' recipes; changes nothing")
            : DENSITY);
    if (sparsify == Sparsify.BY_RANK_IN_ROW) {
      parameters.add(EPSILON);
    }
    if (sparsify == Sparsify.BY_MAGNITUDE_BUT_OUTLIERS) {
      parameters.add(GAMMA);
    }
    Parameter<Boolean> normalize = NORMALIZE.withStandard(divisor == Divisor.WEIGHTS);
    parameters.add(
        consensus == Combination.ELECT_SIGN
            ? normalize.withMeaning("divide each element by the sum of the weights that agreed")
            : normalize);
    parameters.add(RESCALE.withStandard(rescale));
    if (hasPaperReading()) {
      parameters.add(READING);
    }
    parameters.add(LAMBDA);
    parameters.add(INT8_MASK);
    return parameters;
  }

  private boolean hasPaperReading() {
    return sparsify == Sparsify.BY_MAGNITUDE && consensus == Combination.ELECT_SIGN;
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
    double lambda = terms.merge().get(LAMBDA);
    List<Integer> heard =
        terms.besideBase().stream()
            .filter(input -> lambda != 0 && terms.models().get(input).get(WEIGHT) != 0)
            .toList();
    if (heard.isEmpty()) {
      return terms.base();
    }
    ParameterValues only = terms.models().get(heard.get(0));
    boolean keepsAll =
        sparsify == Sparsify.NONE
            || (only.get(DENSITY) == 1
                && (sparsify == Sparsify.BY_MAGNITUDE || sparsify == Sparsify.AT_RANDOM));
    double factor = terms.merge().get(NORMALIZE) ? lambda : lambda * only.get(WEIGHT);
    return heard.size() == 1 && keepsAll && factor == 1
        ? OptionalInt.of(heard.get(0))
        : OptionalInt.empty();
  }

  @Override
  public Optional<String> notice(TensorTerms terms) {
    return terms.besideBase().stream()
        .map(terms.models()::get)
        .flatMap(values -> sparsify.notice(values).stream())
        .findFirst();
  }

  @Override
  public MergeProgram program(TensorTerms terms) {
    arity().check(name, terms);
    int base =
        terms.base().orElseThrow(() -> new IllegalArgumentException(name + " has no base model"));
    boolean isPaper =
        hasPaperReading() && terms.merge().get(READING) == TaskVectorParameters.Reading.PAPER;
    Sparsify trim = isPaper ? Sparsify.BY_MAGNITUDE_IN_MODEL : sparsify;
    Rescale scaling = terms.merge().get(RESCALE);
    List<TaskVectorMerge.Term> models = new ArrayList<>();
    for (int input = 0; input < terms.models().size(); input++) {
      if (input != base) {
        ParameterValues values = terms.models().get(input);
        double density = values.get(DENSITY);
        boolean scales = scaling == Rescale.BY_DENSITY && sparsify != Sparsify.NONE && density > 0;
        models.add(
            new TaskVectorMerge.Term(
                input,
                values.get(WEIGHT).floatValue(),
                trim.drop(values, terms, models.size()),
                scales ? (float) (1 / density) : 1));
      }
    }
    boolean drops = models.stream().anyMatch(model -> model.drop() != Drop.KeepAll.INSTANCE);
    return new TaskVectorMerge(
        base,
        models,
        isPaper ? Combination.ELECT_SIGN_UNWEIGHTED : consensus,
        Divisor.of(terms.merge().get(NORMALIZE)),
        scaling == Rescale.TO_NORM && drops ? Rescale.TO_NORM : Rescale.NONE,
        terms.merge().get(LAMBDA).floatValue());
  }
}
