package dev.stockpot.kernels.methods.federated;

import dev.stockpot.kernels.method.MethodCard;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.TensorTerms;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A rule that says what each client counts, and moves the server's model there.
 *
 * @param looksAtPairs whether clients are compared with each other
 * @param weighing that follows from the parameters
 * @param problem what is wrong with these together
 */
record LinearMethod(
    String name,
    List<Parameter<?>> parameters,
    boolean looksAtPairs,
    Function<TensorTerms, Weighing> weighing,
    Function<TensorTerms, Optional<String>> problem,
    MethodCard card)
    implements RoundMethod {

  @Override
  public Optional<String> problemWith(TensorTerms terms) {
    return problem.apply(terms);
  }

  @Override
  public Round.Rule rule(TensorTerms terms) {
    return new LinearRound(terms.baseOf(name), weighing.apply(terms));
  }
}
