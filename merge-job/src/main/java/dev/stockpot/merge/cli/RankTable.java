package dev.stockpot.merge.cli;

import dev.stockpot.merge.output.RankCut;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How near an adapter comes to the change of each module, and of all together. */
final class RankTable {
  private RankTable() {}

  static List<String> lines(Map<String, RankCut> cuts) {
    List<String> lines = new ArrayList<>();
    if (cuts.isEmpty()) {
      return lines;
    }
    lines.add("%6s %10s %12s  %s".formatted("rank", "error", "stable rank", "module"));
    double all = 0;
    double left = 0;
    for (Map.Entry<String, RankCut> entry : cuts.entrySet()) {
      RankCut cut = entry.getValue();
      lines.add(
          String.format(
              Locale.ROOT,
              "%6d %8.2f %% %12.2f  %s",
              cut.rank(),
              100 * cut.error(),
              cut.stableRank(),
              entry.getKey()));
      all += cut.norm() * cut.norm();
      left += cut.norm() * cut.norm() * cut.error() * cut.error();
    }
    lines.add(
        String.format(
            Locale.ROOT,
            "The adapter leaves out %.2f %% of the change of %s (lengths, all together).",
            all == 0 ? 0 : 100 * Math.sqrt(left / all),
            Sizes.count(cuts.size(), "module")));
    return lines;
  }
}
