package dev.stockpot.kernels.methods.federated;

import static dev.stockpot.kernels.method.Parameter.Scope.MODEL;

import dev.stockpot.kernels.method.Arity;
import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.Range;
import dev.stockpot.kernels.method.TensorTerms;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A round of clients that began at the server's model, which is the base. */
interface RoundMethod extends MergeMethod {
  Parameter<Double> EXAMPLES =
      Parameter.required(
          "examples", MODEL, Range.Numbers.NOT_NEGATIVE, "how many examples the client has seen");

  Parameter<Double> COUNTED =
      Parameter.optional(
          "examples",
          MODEL,
          Range.Numbers.NOT_NEGATIVE,
          1.0,
          "how many examples the client has seen; they are written down, and do not count");

  Parameter<Double> STALENESS =
      Parameter.optional(
          "staleness",
          MODEL,
          Range.Numbers.NOT_NEGATIVE,
          0.0,
          "rounds between the model that the client began at and this one: it counts 1/√(1+s)");

  /** What a client sends. */
  enum Update {
    CHECKPOINT,
    DELTA;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  Parameter<Update> UPDATE =
      Parameter.optional(
          "update",
          MODEL,
          new Range.OneOf<>(List.of(Update.values())),
          Update.CHECKPOINT,
          "what the client sent: its whole model, or what it changed of the one that it began at");

  /** What follows from what is known of clients. */
  Round.Rule rule(TensorTerms terms);

  /** Whether clients are compared with each other. */
  default boolean looksAtPairs() {
    return false;
  }

  @Override
  default boolean isRound() {
    return true;
  }

  @Override
  default Arity arity() {
    return new Arity(Arity.Base.ORIGIN, 1, Arity.ANY);
  }

  @Override
  default MergeProgram program(TensorTerms terms) {
    arity().check(name(), terms);
    List<Integer> states =
        sideInputs().stream().flatMapToInt(state -> terms.sideOf(state).stream()).boxed().toList();
    return new Round(
        new ClientScan(
            terms.baseOf(name()), terms.besideBase(), deltas(terms), states, looksAtPairs()),
        rule(terms));
  }

  private List<Integer> deltas(TensorTerms terms) {
    return parameters().contains(UPDATE)
        ? terms.besideBase().stream()
            .filter(client -> terms.models().get(client).get(UPDATE) == Update.DELTA)
            .toList()
        : List.of();
  }

  /** What each client's examples are, in the order of the clients. */
  static List<Double> examples(TensorTerms terms) {
    return values(terms, EXAMPLES);
  }

  static List<Double> values(TensorTerms terms, Parameter<Double> parameter) {
    return terms.besideBase().stream().map(i -> terms.models().get(i).get(parameter)).toList();
  }

  /** What is wrong with examples that are all zero. */
  static Optional<String> problemWithExamples(TensorTerms terms) {
    return examples(terms).stream().allMatch(count -> count == 0)
        ? Optional.of("`examples` are 0 of all clients; say how many each has seen")
        : Optional.empty();
  }
}
