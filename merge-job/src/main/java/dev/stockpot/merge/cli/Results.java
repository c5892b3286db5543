package dev.stockpot.merge.cli;

import dev.stockpot.kernels.method.MethodCard;
import dev.stockpot.merge.report.LayerChange;
import dev.stockpot.merge.run.Difference;
import dev.stockpot.merge.run.PlannedMerge;
import dev.stockpot.merge.run.Verification;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** What commands print with {@code --json}, where that is not a result of the API as it is. */
final class Results {
  private Results() {}

  /** Of {@code plan}: sums, the plan, and how its models are related, where that is asked for. */
  record Plan(
      int tensors,
      int parts,
      long bytesRead,
      long bytesWritten,
      PlannedMerge plan,
      Optional<Related> kinship) {
    static Plan of(PlannedMerge plan, Optional<Related> kinship) {
      return new Plan(
          plan.tensors(), plan.parts(), plan.bytesRead(), plan.bytesWritten(), plan, kinship);
    }
  }

  /**
   * Of {@code verify}.
   *
   * @param problems everything that differs from the manifest, a line each
   */
  record Verified(
      String folder,
      boolean intact,
      int tensors,
      long bytes,
      List<String> problems,
      Map<String, String> sha256) {
    static Verified of(String folder, Verification found) {
      return new Verified(
          folder,
          found.isIntact(),
          found.tensors(),
          found.bytes(),
          found.problems(),
          found.sha256());
    }
  }

  /**
   * Of {@code diff}.
   *
   * @param tensors whose elements were all compared: with a sample, none
   * @param report the page, where one was asked for
   * @param related how the two are related
   */
  record Compared(int tensors, List<Layer> layers, Optional<String> report, Related related) {
    /**
     * A layer.
     *
     * @param change its length, in units of the length of what is changed; nothing where that is 0
     * @param largest the tensor that changed most
     */
    record Layer(
        String layer, OptionalDouble change, String largest, OptionalDouble largestChange) {
      static Layer of(LayerChange change) {
        return new Layer(
            "%s".formatted(change.layer()),
            change.change(),
            change.largest(),
            change.largestChange());
      }
    }

    static Compared of(Difference difference, Optional<String> report, Related related) {
      return new Compared(
          difference.tensors(),
          difference.layers().stream().map(Layer::of).toList(),
          report,
          related);
    }

    static Compared ofSample(Related related) {
      return new Compared(0, List.of(), Optional.empty(), related);
    }
  }

  /** Of {@code methods}. */
  record Methods(List<Method> methods) {
    /**
     * A merge method, or a step behind merges.
     *
     * @param takes which models
     */
    record Method(
        String name,
        String summary,
        String formula,
        String takes,
        String use,
        String reference,
        List<Parameter> parameters) {
      static Method of(String name, MethodCard card, String takes, List<Parameter> parameters) {
        return new Method(
            name, card.summary(), card.formula(), takes, card.use(), card.reference(), parameters);
      }
    }

    /**
     * A parameter.
     *
     * @param perModel whether each model can have its own
     * @param range in words
     * @param standard what it is where nobody says; nothing: it must be said
     */
    record Parameter(String name, boolean perModel, String range, Optional<String> standard) {}
  }

  /** Of {@code doctor}. */
  record Machine(String version, List<Offers.Offer> offers) {}
}
