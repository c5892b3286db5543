package dev.stockpot.merge.cli;

import dev.stockpot.merge.advice.Kinship;
import dev.stockpot.merge.advice.Pair;
import dev.stockpot.merge.advice.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** What is told of how models are related. */
final class KinshipTable {
  private KinshipTable() {}

  static List<String> lines(Kinship kinship) {
    List<String> lines = new ArrayList<>();
    lines.add(source(kinship));
    if (kinship.view().hasBase()) {
      lines.addAll(changes(kinship));
    }
    for (Pair pair : kinship.pairs()) {
      lines.add("");
      lines.addAll(lines(pair));
    }
    return lines;
  }

  private static String source(Kinship kinship) {
    return kinship.sampled() == kinship.elements()
        ? String.format(Locale.ROOT, "By all %,d elements of each model:", kinship.elements())
        : String.format(
            Locale.ROOT,
            "By a sample of %,d of %,d elements of each model:",
            kinship.sampled(),
            kinship.elements());
  }

  private static List<String> changes(Kinship kinship) {
    List<String> lines = new ArrayList<>();
    String base = kinship.models().get(kinship.view().base());
    List<Pair> pairs = kinship.pairsWithBase();
    for (int i = 0; i < pairs.size(); i++) {
      int model = kinship.view().tuned().get(i);
      Pair pair = pairs.get(i);
      lines.add(
          "%s: changes %s by %s of its length, and leaves %s of the elements as they are"
              .formatted(
                  pair.other(),
                  base,
                  percent(kinship.change(model)),
                  percent(kinship.unchanged(model))));
      if (pair.verdict() == Verdict.TRAINED_APART) {
        lines.add(
            "%s is not the base of %s: they were trained apart".formatted(base, pair.other()));
      }
    }
    return lines;
  }

  private static List<String> lines(Pair pair) {
    List<String> lines = new ArrayList<>();
    lines.add("%s and %s".formatted(pair.one(), pair.other()));
    lines.add("  cosine of the weights            %s".formatted(number(pair.cosine())));
    lines.add("  distance, of their length        %s".formatted(percent(pair.relative())));
    lines.add("  units in the same places         %s".formatted(percent(pair.fixed())));
    if (pair.taskCosine().isPresent()) {
      lines.add("  cosine of the task vectors       %s".formatted(number(pair.taskCosine())));
      lines.add("  signs of changes that agree      %s".formatted(percent(pair.signs())));
    }
    lines.add("  They %s.".formatted(pair.verdict().finding()));
    lines.add("  To do: %s.".formatted(pair.verdict().remedy()));
    return lines;
  }

  private static String number(OptionalDouble value) {
    return value.isPresent()
        ? String.format(Locale.ROOT, "%.4f", value.getAsDouble())
        : "makes no sense here";
  }

  private static String percent(OptionalDouble share) {
    return share.isPresent()
        ? String.format(Locale.ROOT, "%.2f %%", 100 * share.getAsDouble())
        : "makes no sense here";
  }
}
