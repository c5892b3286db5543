package dev.stockpot.merge.run;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.checkpoint.NaturalOrder;
import dev.stockpot.merge.engine.MergeTotals;
import dev.stockpot.merge.output.RankCut;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What became of a merge that did not fail.
 *
 * @param folder the merged checkpoint
 * @param alreadyThere whether an earlier merge had published the same, so that nothing was done
 * @param method as the recipe names it
 * @param models that were merged, base included
 * @param tensors in the output
 * @param files of tensors in the output
 * @param bytes of these files
 * @param seconds from the call on
 * @param totals what tasks and this process did, for all merges of one reading together; nothing if
 *     it was there already
 * @param lost changes that were too small for the output's type, if they are many
 * @param broken what is not finite in the output
 * @param cuts how near an adapter comes to changes, by module in their order; nothing of a
 *     checkpoint
 * @param measured what programs told of matrices
 */
public record MergeOutcome(
    String folder,
    boolean alreadyThere,
    String method,
    int models,
    int tensors,
    int files,
    long bytes,
    double seconds,
    MergeTotals totals,
    Optional<LostChanges> lost,
    BrokenNumbers broken,
    Map<String, RankCut> cuts,
    MeasuredMatrices measured) {
  public MergeOutcome {
    requireNonNull(folder, "folder is null");
    requireNonNull(totals, "totals is null");
    requireNonNull(lost, "lost is null");
    requireNonNull(broken, "broken is null");
    requireNonNull(measured, "measured is null");
    Map<String, RankCut> inOrder = new LinkedHashMap<>();
    for (String module : NaturalOrder.sort(cuts.keySet(), name -> name)) {
      inOrder.put(module, cuts.get(module));
    }
    cuts = Collections.unmodifiableMap(inOrder);
  }
}
