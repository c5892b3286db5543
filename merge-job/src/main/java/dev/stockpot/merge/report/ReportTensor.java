package dev.stockpot.merge.report;

import dev.stockpot.kernels.observe.Figures;
import dev.stockpot.kernels.statistic.LostUpdates;
import dev.stockpot.kernels.statistic.NonFinite;
import dev.stockpot.merge.output.OutputTensor;
import java.util.List;
import java.util.Optional;

/**
 * A tensor of the report.
 *
 * @param models names of those that were merged, in the order of the figures' vectors
 * @param figures empty for a tensor that was copied
 * @param updates what rounding left of the updates to it, where they were counted
 * @param nonFinite what is not finite of it, if anything is
 */
record ReportTensor(
    OutputTensor tensor,
    TensorPlace place,
    List<String> models,
    Optional<Figures> figures,
    Optional<LostUpdates> updates,
    Optional<NonFinite> nonFinite) {
  ReportTensor {
    models = List.copyOf(models);
    if (figures.isPresent() && figures.get().view().models().size() != models.size()) {
      throw new IllegalArgumentException(
          "%s models of %s are named".formatted(models.size(), figures.get().view()));
    }
  }
}
