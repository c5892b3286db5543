package dev.stockpot.merge.cli;

import dev.stockpot.kernels.statistic.UpdateLengths;
import dev.stockpot.merge.run.LostChanges;
import java.util.ArrayList;
import java.util.List;

/**
 * What rounding left of a merge's changes, in words.
 *
 * @param lines what is told
 * @param warnings what somebody should act on
 */
record RoundingTalk(List<String> lines, List<String> warnings) {
  private static final int NAMED = 3;

  RoundingTalk {
    lines = List.copyOf(lines);
    warnings = List.copyOf(warnings);
  }

  static RoundingTalk of(LostChanges lost) {
    List<String> lines = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    if (lost.share() > 0) {
      lines.add(
          ("%.0f %% of the parameters that the merge changed are stored as in the base, because"
                  + " the change is too small for %s. To keep such changes on average, merge with"
                  + " --set rounding=stochastic; to keep them as they are, with --dtype float32.")
              .formatted(100 * lost.share(), String.join(" and ", lost.types())));
    }
    lost.codes()
        .ifPresent(
            codes -> {
              lines.add(line(codes));
              if (!codes.drowned().isEmpty()) {
                warnings.add(warning(codes));
              }
            });
    return new RoundingTalk(lines, warnings);
  }

  private static String line(LostChanges.OfCodes codes) {
    UpdateLengths lengths = codes.lengths();
    return "Written as F8_E4M3, in %s: the merge changes them by %.2g %% of their size, and rounding moves that by %.2g %%; %.0f %% of the parameters that changed were lost, stored as in the base."
        .formatted(
            Sizes.count(codes.tensors(), "tensor"),
            100 * lengths.relativeChange(),
            100 * lengths.relativeError(),
            100 * codes.share());
  }

  private static String warning(LostChanges.OfCodes codes) {
    List<String> drowned = codes.drowned();
    int more = drowned.size() - NAMED;
    return "in %s of these %s, rounding to F8_E4M3 moves numbers about as far as the merge does, or further, so that what it changed drowns: %s%s. Write bfloat16 (`out_dtype: bfloat16`) to keep it"
        .formatted(
            drowned.size(),
            Sizes.count(codes.tensors(), "tensor"),
            String.join(", ", drowned.subList(0, Math.min(NAMED, drowned.size()))),
            more > 0 ? " and %s more".formatted(more) : "");
  }

  void tell(Console console) {
    lines.forEach(console::say);
    warnings.forEach(console::notice);
  }
}
