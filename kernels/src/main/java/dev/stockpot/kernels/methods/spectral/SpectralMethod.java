package dev.stockpot.kernels.methods.spectral;

import static dev.stockpot.kernels.method.Parameter.Scope.MERGE;

import dev.stockpot.kernels.method.Arity;
import dev.stockpot.kernels.method.MatrixProgram;
import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.MethodCard;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.Range;
import dev.stockpot.kernels.method.TensorRole;
import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.methods.average.AverageMethods;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A method that merges the task vectors of matrices whole, and averages all other tensors.
 *
 * @param own parameters of its own
 */
record SpectralMethod(String name, MethodCard card, List<Parameter<?>> own, Rules rules)
    implements MergeMethod {
  static final Parameter<Double> ALPHA =
      Parameter.optional(
          "alpha", MERGE, Range.Numbers.ANY, 1.0, "factor on the merged task vector of a matrix");

  static final Parameter<Others> EMBEDDINGS =
      Parameter.optional(
          "embeddings",
          MERGE,
          new Range.OneOf<>(List.of(Others.values())),
          Others.MEAN,
          "tables of tokens and positions: the mean of the models, or the base model's");

  static final Parameter<Others> HEAD =
      Parameter.optional(
          "head",
          MERGE,
          new Range.OneOf<>(List.of(Others.values())),
          Others.MEAN,
          "output heads: the mean of the models, or the base model's");

  static final Parameter<Boolean> AVERAGE =
      Parameter.optional(
          "average",
          MERGE,
          new Range.Flag(),
          false,
          "whether matrices are averaged, too: by a filter, those that are to be left out");

  /** What becomes of tensors that are no matrices of layers. */
  enum Others {
    MEAN,
    BASE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The rule of a tensor. */
  @FunctionalInterface
  interface Rules {
    SpectralRule of(TensorTerms terms);

    /** What is wrong with values that make no sense together. */
    default Optional<String> problemWith(TensorTerms terms) {
      return Optional.empty();
    }
  }

  SpectralMethod {
    own = List.copyOf(own);
  }

  @Override
  public List<Parameter<?>> parameters() {
    List<Parameter<?>> all = new ArrayList<>(own);
    all.addAll(List.of(EMBEDDINGS, HEAD, AVERAGE));
    return all;
  }

  @Override
  public Arity arity() {
    return new Arity(Arity.Base.ORIGIN, 1, Arity.ANY);
  }

  @Override
  public Optional<String> problemWith(TensorTerms terms) {
    return rules.problemWith(terms);
  }

  @Override
  public Optional<MatrixProgram> matrixProgram(TensorTerms terms) {
    return form(terms)
        .map(
            form ->
                new SpectralProgram(
                    form,
                    terms.baseOf(name),
                    terms.besideBase(),
                    own.contains(ALPHA) ? terms.merge().get(ALPHA) : 1,
                    rules.of(terms)));
  }

  private static Optional<MatrixForm> form(TensorTerms terms) {
    return terms.merge().get(AVERAGE) ? Optional.empty() : MatrixForm.of(terms);
  }

  @Override
  public MergeProgram program(TensorTerms terms) {
    arity().check(name, terms);
    if (isBase(terms)) {
      return AverageMethods.weightedSum(List.of(terms.baseOf(name)), List.of(1f), 1);
    }
    List<Integer> models = terms.besideBase();
    return AverageMethods.weightedSum(
        models, Collections.nCopies(models.size(), 1f), models.size());
  }

  private static boolean isBase(TensorTerms terms) {
    return (terms.role() == TensorRole.EMBEDDING && terms.merge().get(EMBEDDINGS) == Others.BASE)
        || (terms.role() == TensorRole.HEAD && terms.merge().get(HEAD) == Others.BASE);
  }

  @Override
  public Optional<String> treatment(TensorTerms terms) {
    if (form(terms).isPresent()) {
      return Optional.of("are merged as whole matrices");
    }
    return Optional.of(isBase(terms) ? "are taken from the base model" : "are averaged");
  }
}
