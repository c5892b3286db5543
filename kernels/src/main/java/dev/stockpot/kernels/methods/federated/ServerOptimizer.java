package dev.stockpot.kernels.methods.federated;

import static dev.stockpot.kernels.method.Parameter.Scope.MERGE;

import dev.stockpot.kernels.method.MethodCard;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.ParameterValues;
import dev.stockpot.kernels.method.Range;
import dev.stockpot.kernels.method.SideInput;
import dev.stockpot.kernels.method.SideOutput;
import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.number.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A round in which the server steps towards the mean of its clients by their examples. Published
 * rules that differ in how far each element goes, and in what is remembered beside the model.
 *
 * @param eta the length of a step that counts without the parameter
 * @param own parameters of this rule alone
 */
record ServerOptimizer(
    String name, ServerRule step, double eta, List<Parameter<?>> own, MethodCard card)
    implements RoundMethod {
  /** Whose numbers count where peers differ from papers. */
  private enum Variant {
    FLOWER,
    PAPER;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static final Parameter<Integer> ROUND =
      Parameter.optional(
          "round", MERGE, new Range.Whole(1), 1, "number of the round; `round: {number: …}`");

  static final Parameter<Double> PROXIMAL =
      Parameter.required(
          "proximal_mu",
          MERGE,
          Range.Numbers.NOT_NEGATIVE,
          "what clients hold their models by while they train; the server's step is fedavg's");

  private static final Parameter<Double> MOMENTUM =
      Parameter.optional(
          "momentum", MERGE, Range.Numbers.FRACTION, 0.0, "how much is kept of the steps before");

  private static final Parameter<Double> BETA1 =
      Parameter.optional(
          "beta1", MERGE, Range.Numbers.FRACTION, 0.9, "how much is kept of the mean step");

  private static final Parameter<Double> BETA2 =
      Parameter.optional(
          "beta2", MERGE, Range.Numbers.FRACTION, 0.99, "how much is kept of its mean square");

  private static final Parameter<Double> TAU =
      Parameter.optional(
          "tau",
          MERGE,
          Range.Numbers.NOT_NEGATIVE,
          1e-3,
          "what is added to the root of the mean square: elements that change little go slower");

  private static final Parameter<Variant> VARIANT =
      Parameter.optional(
          "variant",
          MERGE,
          new Range.OneOf<>(List.of(Variant.values())),
          Variant.FLOWER,
          "flower: v begins at 0, fedadam corrects for it; paper: v begins at τ², nothing is"
              + " corrected");

  private static final SideInput M = state("m", "the server's mean step of the round before");
  private static final SideInput V = state("v", "the mean square of steps of the round before");

  private static SideInput state(String name, String meaning) {
    return SideInput.optional(name, MERGE, Set.of(DType.F32), meaning);
  }

  private Parameter<Double> length() {
    return Parameter.optional(
        "eta", MERGE, Range.Numbers.NOT_NEGATIVE, eta, "the length of the server's step");
  }

  @Override
  public List<Parameter<?>> parameters() {
    List<Parameter<?>> ofStep =
        switch (step) {
          case AVERAGE -> List.of();
          case MOMENTUM -> List.of(length(), MOMENTUM);
          case ADAGRAD -> List.of(length(), TAU, VARIANT);
          case ADAM, YOGI -> List.of(length(), BETA1, BETA2, TAU, VARIANT);
        };
    return Stream.of(List.of(EXAMPLES, UPDATE, STALENESS, ROUND), ofStep, own, Privacy.PARAMETERS)
        .<Parameter<?>>flatMap(List::stream)
        .toList();
  }

  @Override
  public List<SideInput> sideInputs() {
    return List.of(M, V).subList(0, step.states());
  }

  @Override
  public List<SideOutput> sideOutputs() {
    return sideInputs().stream()
        .map(state -> new SideOutput(state.name(), DType.F32, state.meaning()))
        .toList();
  }

  @Override
  public Optional<String> problemWith(TensorTerms terms) {
    return RoundMethod.problemWithExamples(terms).or(() -> Privacy.problem(terms));
  }

  @Override
  public Optional<String> notice(TensorTerms terms) {
    return Privacy.notice(terms, RoundMethod.examples(terms));
  }

  @Override
  public Round.Rule rule(TensorTerms terms) {
    return new LinearRound(
        terms.baseOf(name),
        new Weighing.ByExamples(RoundMethod.examples(terms), RoundMethod.values(terms, STALENESS)),
        step,
        memory(terms),
        Privacy.of(terms.merge()).of(terms, terms.merge().get(ROUND)).stream().toList());
  }

  private ServerStep.Memory memory(TensorTerms terms) {
    if (step == ServerRule.AVERAGE) {
      return ServerStep.Memory.NONE;
    }
    List<Integer> places = new ArrayList<>();
    sideInputs().forEach(state -> terms.sideOf(state).ifPresent(places::add));
    ParameterValues merge = terms.merge();
    boolean isPaper = step.states() == 2 && merge.get(VARIANT) == Variant.PAPER;
    double tau = step.states() == 2 ? merge.get(TAU) : 0;
    return new ServerStep.Memory(
        places, isPaper ? tau * tau : 0, numbers(merge, tau, isPaper, places.isEmpty()));
  }

  private ServerRule.Numbers numbers(
      ParameterValues merge, double tau, boolean isPaper, boolean isFirst) {
    double length = merge.get(length());
    if (step == ServerRule.MOMENTUM) {
      return new ServerRule.Numbers(length, merge.get(MOMENTUM), 0, 0, isFirst);
    }
    if (step != ServerRule.ADAM && step != ServerRule.YOGI) {
      return new ServerRule.Numbers(length, 0, 0, tau, isFirst);
    }
    double beta1 = merge.get(BETA1);
    double beta2 = merge.get(BETA2);
    double exponent = merge.get(ROUND) + 1.0; // Flower corrects round 1 by squares
    boolean isCorrected = step == ServerRule.ADAM && !isPaper && beta1 < 1 && beta2 < 1;
    double corrected =
        isCorrected
            ? length
                * StrictMath.sqrt(1 - StrictMath.pow(beta2, exponent))
                / (1 - StrictMath.pow(beta1, exponent))
            : length;
    return new ServerRule.Numbers(corrected, beta1, beta2, tau, isFirst);
  }
}
