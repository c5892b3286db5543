package dev.stockpot.kernels.methods.federated;

import static dev.stockpot.kernels.method.Parameter.Scope.MERGE;

import dev.stockpot.kernels.method.Cost;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.MethodCard;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.Range;
import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.methods.average.AverageMethods;
import dev.stockpot.kernels.methods.robust.RobustMethods;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A rule that takes the middle of clients element by element, without their examples.
 *
 * @param looksAtPairs whether clients are compared with each other
 * @param middle that follows from the parameters
 * @param problem what is wrong with these together
 */
record MiddleMethod(
    String name,
    List<Parameter<?>> parameters,
    boolean looksAtPairs,
    Function<TensorTerms, Middle> middle,
    Function<TensorTerms, Optional<String>> problem,
    MethodCard card)
    implements RoundMethod {

  /** Makes a tensor of those that may be believed. */
  @FunctionalInterface
  interface Middle extends Serializable {
    /**
     * The clients that count.
     *
     * @param told of scores, and of why others are left out
     */
    default List<Integer> chosen(Clients clients, Clients.Told told) {
      return clients.sound();
    }

    /** The merge of inputs. */
    MergeProgram of(List<Integer> inputs);
  }

  static final Parameter<Integer> BYZANTINE =
      Parameter.optional(
          "f",
          MERGE,
          new Range.Whole(0),
          0,
          "how many of the clients may be anything; those with NaN are among them");

  private static final Parameter<Double> CUT =
      Parameter.optional(
          "beta",
          MERGE,
          new Range.Numbers(0, 0.5),
          0.2,
          "share of the clients left out at either end, rounded down");

  /** How Bulyan chooses. */
  private enum Chosen {
    ITERATED,
    MULTI_KRUM;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final Parameter<Chosen> CHOSEN =
      Parameter.optional(
          "selection",
          MERGE,
          new Range.OneOf<>(List.of(Chosen.values())),
          Chosen.ITERATED,
          "iterated: the best by Krum, again and again, as in the paper; multi_krum: in one look,"
              + " as Flower");

  static final MiddleMethod MEDIAN =
      new MiddleMethod(
          "fedmedian",
          List.of(RoundMethod.COUNTED),
          false,
          terms -> new Trimmed(0.5),
          terms -> Optional.empty(),
          new MethodCard(
              "the middle value of each element over the clients",
              "θ = the middle one of θ₁ … θ_N, element by element; of an even number the mean of"
                  + " the middle two",
              "Clients of a federated round of which almost half may be anything.",
              "Yin et al. 2018, Byzantine-robust distributed learning, arXiv:1803.01498",
              Cost.LOOK));

  static final MiddleMethod TRIMMED =
      new MiddleMethod(
          "fedtrimmedavg",
          List.of(RoundMethod.COUNTED, CUT),
          false,
          terms -> new Trimmed(terms.merge().get(CUT)),
          terms -> Optional.empty(),
          new MethodCard(
              "mean of each element without its highest and lowest values over the clients",
              "θ = mean of θ₁ … θ_N without the ⌊βN⌋ lowest and as many highest, element by"
                  + " element",
              "As fedmedian, with more of a mean: β must not be below the share of hostile"
                  + " clients.",
              "Yin et al. 2018, Byzantine-robust distributed learning, arXiv:1803.01498",
              Cost.LOOK));

  static final MiddleMethod BULYAN =
      new MiddleMethod(
          "bulyan",
          List.of(RoundMethod.COUNTED, BYZANTINE, CHOSEN),
          true,
          terms ->
              new Bulyan(
                  terms.merge().get(BYZANTINE), terms.merge().get(CHOSEN) == Chosen.ITERATED),
          MiddleMethod::tooFewForBulyan,
          new MethodCard(
              "of the clients that Krum chooses, the mean of what is nearest to their median",
              "θ clients by Krum, θ = N − 2f; of each element the mean of the θ − 2f values nearest"
                  + " to the median; N ≥ 4f + 3",
              "Up to f hostile clients that know the rule, and hide in single elements.",
              "El Mhamdi et al. 2018, The hidden vulnerability of distributed learning in"
                  + " Byzantium, arXiv:1802.07927",
              Cost.LOOK));

  private static Optional<String> tooFewForBulyan(TensorTerms terms) {
    int clients = terms.besideBase().size();
    int f = terms.merge().get(BYZANTINE);
    return clients >= 4 * f + 3
        ? Optional.empty()
        : Optional.of(
            "f is %s, which takes at least 4f + 3 clients, but there are %s; lower f to %s or wait for more"
                .formatted(f, clients, Math.max(0, (clients - 3) / 4)));
  }

  @Override
  public Optional<String> problemWith(TensorTerms terms) {
    return problem.apply(terms);
  }

  @Override
  public Optional<String> notice(TensorTerms terms) {
    if (!parameters.contains(CUT)) {
      return Optional.empty();
    }
    int clients = terms.besideBase().size();
    double share = terms.merge().get(CUT);
    int cut = RobustMethods.trimmed(share, clients);
    return cut == 0 && share > 0
        ? Optional.of(
            "beta is %s of %s clients, less than one at either end: this is the plain mean"
                .formatted(share, clients))
        : Optional.empty();
  }

  @Override
  public Round.Rule rule(TensorTerms terms) {
    return new Rule(terms.baseOf(name), middle.apply(terms));
  }

  private record Rule(int base, Middle middle) implements Round.Rule {
    @Override
    public Round.Decided decide(Clients clients) {
      Clients.Told told = clients.new Told();
      List<Integer> chosen = middle.chosen(clients, told);
      chosen.forEach(i -> told.weight(i, 1.0 / chosen.size()));
      List<Integer> inputs = chosen.stream().map(clients.places()::get).toList();
      return new Round.Decided(
          inputs.isEmpty()
              ? AverageMethods.weightedSum(List.of(base), List.of(1f), 1)
              : middle.of(inputs),
          told.judgement(Map.of()));
    }
  }

  /** Without a share of both ends; a half leaves the median. */
  private record Trimmed(double share) implements Middle {
    @Override
    public MergeProgram of(List<Integer> inputs) {
      int most = (inputs.size() - 1) / 2; // one or two remain
      return RobustMethods.sortedMean(
          inputs, Math.min(most, RobustMethods.trimmed(share, inputs.size())));
    }
  }

  private record Bulyan(int byzantine, boolean isIterated) implements Middle {
    @Override
    public List<Integer> chosen(Clients clients, Clients.Told told) {
      int all = clients.places().size();
      int count = Math.min(clients.sound().size(), all - 2 * byzantine);
      return new Selection(byzantine, isIterated).of(clients, count, told);
    }

    @Override
    public MergeProgram of(List<Integer> inputs) {
      return new NearMedian(inputs, Math.max(1, inputs.size() - 2 * byzantine));
    }
  }
}
