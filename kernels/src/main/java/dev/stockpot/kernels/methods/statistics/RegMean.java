package dev.stockpot.kernels.methods.statistics;

import static dev.stockpot.kernels.methods.statistics.RegMeanParameters.ALPHA;
import static dev.stockpot.kernels.methods.statistics.RegMeanParameters.EMBEDDINGS;
import static dev.stockpot.kernels.methods.statistics.RegMeanParameters.GRAM;
import static dev.stockpot.kernels.methods.statistics.RegMeanParameters.GRAM_DIAG;
import static dev.stockpot.kernels.methods.statistics.RegMeanParameters.HEAD;
import static dev.stockpot.kernels.methods.statistics.RegMeanParameters.LACKING;
import static dev.stockpot.kernels.methods.statistics.RegMeanParameters.NULL_SPACE;
import static dev.stockpot.kernels.methods.statistics.RegMeanParameters.RIDGE;
import static dev.stockpot.kernels.methods.statistics.RegMeanParameters.WEIGHT;
import static dev.stockpot.kernels.methods.statistics.RegMeanParameters.WEIGHTING;

import dev.stockpot.kernels.method.Arity;
import dev.stockpot.kernels.method.Cost;
import dev.stockpot.kernels.method.MatrixProgram;
import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.MethodCard;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.SideInput;
import dev.stockpot.kernels.method.TensorRole;
import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.method.WholeTensor;
import dev.stockpot.kernels.methods.average.AverageMethods;
import dev.stockpot.kernels.methods.statistics.RegMeanParameters.Otherwise;
import dev.stockpot.kernels.methods.statistics.RegMeanParameters.Weighting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Of every matrix the one whose outputs are nearest to those of all models, each for its own
 * inputs: least squares, of which the Gram matrices of the inputs are all that must be known.
 */
final class RegMean implements MergeMethod {
  @Override
  public String name() {
    return "regmean";
  }

  @Override
  public MethodCard card() {
    return new MethodCard(
        "each matrix by least squares on the models' own inputs, from Gram matrices of these",
        "θ = R + Σ (θᵢ−R)·λᵢGᵢ · (Σ λᵢGᵢ + ρI)⁻¹, Gᵢ = XᵢᵀXᵢ/nᵢ with α times what is off the"
            + " diagonal, R the mean or, with null_space: base, θ₀; all other tensors: Σ wᵢθᵢ / Σ wᵢ",
        "Fine-tunes of one base on different tasks, with Gram matrices of some hundred examples of"
            + " each: of all methods the largest gain on most tables. alpha 0.1 to 0.9 where"
            + " examples are few. null_space: base is LOT, which leaves the base where no model has"
            + " inputs. gram_diag, also of llama.cpp's imatrix, keeps a part of the gain.",
        "Jin et al. 2023, Dataless knowledge fusion, arXiv:2212.09849; LOT: arXiv:2505.23859",
        Cost.SUM);
  }

  @Override
  public List<Parameter<?>> parameters() {
    return List.of(WEIGHT, ALPHA, WEIGHTING, RIDGE, NULL_SPACE, EMBEDDINGS, HEAD, LACKING);
  }

  @Override
  public Arity arity() {
    return new Arity(Arity.Base.ORIGIN_IF_GIVEN, 1, Arity.ANY);
  }

  @Override
  public List<SideInput> sideInputs() {
    return List.of(GRAM, GRAM_DIAG);
  }

  @Override
  public Optional<String> problemWith(TensorTerms terms) {
    List<Integer> models = terms.besideBase();
    if (models.stream().mapToDouble(model -> weight(terms, model)).sum() == 0) {
      return Optional.of("weights sum to zero; change one");
    }
    if (wantsBase(terms) && terms.base().isEmpty()) {
      return Optional.of(
          "null_space, embeddings, head or lacking is base, but there is no base_model; name one");
    }
    for (SideInput input : List.of(GRAM, GRAM_DIAG)) {
      List<Integer> there = places(terms, input);
      if (!there.isEmpty() && there.size() < models.size()) {
        return Optional.of(
            "only %s of %s models have `%s`; give it for all of them, or for none"
                .formatted(there.size(), models.size(), input.name()));
      }
      boolean needsCounts = terms.merge().get(WEIGHTING) == Weighting.TOKENS;
      for (int place : there) {
        SideInput.Facts facts = terms.factsAt(place);
        if (facts.count() == 0 && (needsCounts || facts.isSum())) {
          return Optional.of(
              "`%s` has no count of its samples, which %s needs; write it beside as MODULE.count"
                  .formatted(
                      input.name(), facts.isSum() ? "the mean of a sum" : "weighting: tokens"));
        }
      }
    }
    return terms.merge().get(LACKING) == Otherwise.REFUSE && isLacking(terms)
        ? Optional.of(
            "no model's statistics have a Gram matrix; compute it, or average such with lacking: mean")
        : Optional.empty();
  }

  private static boolean wantsBase(TensorTerms terms) {
    return terms.merge().get(NULL_SPACE) == Otherwise.BASE || otherwise(terms) == Otherwise.BASE;
  }

  @Override
  public Optional<String> notice(TensorTerms terms) {
    if (isSolved(terms)) {
      for (int place : statistics(terms)) {
        SideInput.Facts facts = terms.factsAt(place);
        long inputs =
            isTransposed(terms) ? WholeTensor.rows(terms.shape()) : terms.shape().rowElements();
        if (facts.count() > 0 && facts.count() < inputs) {
          return Optional.of(
              "some Gram matrices are sums over fewer samples than they have rows, so that"
                  + " directions without inputs stay at %s; take more examples, or a lower alpha"
                      .formatted(
                          terms.merge().get(NULL_SPACE) == Otherwise.BASE
                              ? "the base model"
                              : "the mean"));
        }
      }
    }
    return Optional.empty();
  }

  @Override
  public Optional<String> treatment(TensorTerms terms) {
    if (isSolved(terms)) {
      return Optional.of(
          places(terms, GRAM).isEmpty()
              ? "are merged input by input, by their mean squares (`gram_diag`)"
              : "are solved for, with the Gram matrices of their inputs (`gram`)");
    }
    return Optional.of(
        otherwise(terms) == Otherwise.BASE ? "are taken from the base model" : "are averaged");
  }

  @Override
  public Optional<MatrixProgram> matrixProgram(TensorTerms terms) {
    return isSolved(terms) ? Optional.of(solution(terms)) : Optional.empty();
  }

  private MatrixProgram solution(TensorTerms terms) {
    List<Integer> models = terms.besideBase();
    List<Integer> places = statistics(terms);
    boolean byTokens = terms.merge().get(WEIGHTING) == Weighting.TOKENS;
    List<RegMeanTerms.Model> all = new ArrayList<>();
    for (int i = 0; i < models.size(); i++) {
      SideInput.Facts facts = terms.factsAt(places.get(i));
      double weight = weight(terms, models.get(i));
      double samples = byTokens ? facts.count() : 1;
      double factor = facts.isSum() ? samples / facts.count() : samples;
      all.add(new RegMeanTerms.Model(models.get(i), places.get(i), weight, weight * factor));
    }
    RegMeanTerms solved =
        new RegMeanTerms(
            WholeTensor.rows(terms.shape()),
            WholeTensor.columns(terms.shape()),
            isTransposed(terms),
            all,
            terms.merge().get(NULL_SPACE) == Otherwise.BASE
                ? terms.baseOf(name())
                : RegMeanTerms.MEAN);
    return places(terms, GRAM).isEmpty()
        ? new RegMeanDiagonal(solved)
        : new RegMeanSolve(solved, terms.merge().get(ALPHA), terms.merge().get(RIDGE));
  }

  /** A vector has one row, whatever the layout of matrices. */
  private static boolean isTransposed(TensorTerms terms) {
    return terms.shape().dimensions().size() == 2
        && terms.factsAt(statistics(terms).get(0)).isTransposed();
  }

  @Override
  public MergeProgram program(TensorTerms terms) {
    arity().check(name(), terms);
    OptionalInt base = terms.base();
    if (otherwise(terms) == Otherwise.BASE && base.isPresent()) {
      return AverageMethods.weightedSum(List.of(base.getAsInt()), List.of(1f), 1);
    }
    List<Integer> models = terms.besideBase();
    List<Float> weights = models.stream().map(model -> (float) weight(terms, model)).toList();
    float total = (float) models.stream().mapToDouble(model -> weight(terms, model)).sum();
    return AverageMethods.weightedSum(models, weights, total);
  }

  private static double weight(TensorTerms terms, int model) {
    return terms.models().get(model).get(WEIGHT);
  }

  /** Whether there are statistics of it in all models, and nobody wants it to be left alone. */
  private static boolean isSolved(TensorTerms terms) {
    return statistics(terms).size() == terms.besideBase().size()
        && otherwise(terms) == Otherwise.SOLVE;
  }

  /** Whether it should have a Gram matrix and has none. */
  private static boolean isLacking(TensorTerms terms) {
    return terms.role() == TensorRole.INNER
        && terms.shape().dimensions().size() == 2
        && statistics(terms).isEmpty();
  }

  /** What becomes of a tensor: solved where it can be, or what the recipe says. */
  private static Otherwise otherwise(TensorTerms terms) {
    boolean hasStatistics = !statistics(terms).isEmpty();
    Otherwise wanted =
        switch (terms.role()) {
          case EMBEDDING -> terms.merge().get(EMBEDDINGS);
          case HEAD -> terms.merge().get(HEAD);
          case INNER -> hasStatistics ? Otherwise.SOLVE : Otherwise.MEAN;
        };
    if (isLacking(terms)) {
      wanted = terms.merge().get(LACKING);
    }
    return wanted == Otherwise.SOLVE && !hasStatistics ? Otherwise.MEAN : wanted;
  }

  /** Places of what it is solved with: Gram matrices rather than diagonals. */
  private static List<Integer> statistics(TensorTerms terms) {
    List<Integer> grams = places(terms, GRAM);
    return grams.isEmpty() ? places(terms, GRAM_DIAG) : grams;
  }

  private static List<Integer> places(TensorTerms terms, SideInput input) {
    List<Integer> places = new ArrayList<>();
    for (int model : terms.besideBase()) {
      terms.sideOf(input, model).ifPresent(places::add);
    }
    return places;
  }
}
