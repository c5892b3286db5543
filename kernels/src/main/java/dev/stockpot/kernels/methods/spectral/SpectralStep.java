package dev.stockpot.kernels.methods.spectral;

import static dev.stockpot.kernels.method.Parameter.Scope.MERGE;

import dev.stockpot.kernels.method.MethodCard;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.PostProgram;
import dev.stockpot.kernels.method.PostStep;
import dev.stockpot.kernels.method.Range;
import dev.stockpot.kernels.method.TensorTerms;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A step that takes apart what a merge changed of the matrices of layers. All other tensors stay as
 * they were merged.
 *
 * @param own parameters of its own
 * @param rule of a tensor; none where it would change nothing
 */
record SpectralStep(
    String name,
    MethodCard card,
    List<Parameter<?>> own,
    Function<TensorTerms, Optional<SpectrumRule>> rule)
    implements PostStep {
  private static final Parameter<Boolean> SKIP =
      Parameter.optional(
          "skip",
          MERGE,
          new Range.Flag(),
          false,
          "whether a matrix stays as merged: by a filter, those that are to be left out");

  SpectralStep {
    own = List.copyOf(own);
  }

  @Override
  public List<Parameter<?>> parameters() {
    List<Parameter<?>> all = new ArrayList<>(own);
    all.add(SKIP);
    return all;
  }

  @Override
  public boolean needsBase() {
    return true;
  }

  @Override
  public Optional<PostProgram> program(TensorTerms terms) {
    Optional<MatrixForm> form = terms.merge().get(SKIP) ? Optional.empty() : MatrixForm.of(terms);
    return form.flatMap(
        matrices ->
            rule.apply(terms)
                .map(
                    found ->
                        new SpectrumProgram(
                            matrices, terms.baseOf(name), terms.besideBase(), found)));
  }
}
