package dev.stockpot.merge.cli;

import dev.stockpot.merge.predict.Diversity;
import dev.stockpot.merge.predict.EnsembleResult;
import dev.stockpot.merge.predict.Measures;
import dev.stockpot.merge.run.PredictionOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What was measured of an ensemble, as lines of text. */
final class MeasureTable {
  private MeasureTable() {}

  static List<String> lines(PredictionOutcome<EnsembleResult> outcome) {
    EnsembleResult result = outcome.result();
    List<String> lines = new ArrayList<>();
    lines.addAll(measures(result.measures()));
    if (!result.alternatives().isEmpty()) {
      lines.add("");
      lines.add("Soup or ensemble?");
      for (EnsembleResult.Alternative one : result.alternatives()) {
        lines.add(
            "  %s%s, %s an example: accuracy %s, NLL %s, ECE %s"
                .formatted(
                    one.what(),
                    one.what().equals(one.measures().name())
                        ? ""
                        : " (%s)".formatted(one.measures().name()),
                    Sizes.count(one.models(), "model"),
                    number(one.measures().accuracy()),
                    number(one.measures().nll()),
                    number(one.measures().ece())));
      }
    }
    if (!result.pairs().isEmpty()) {
      lines.add("");
      for (Diversity pair : result.pairs()) {
        lines.add(
            String.format(
                Locale.ROOT,
                "%s and %s disagree on %.2f %%; Q %.3f, errors correlate %.3f",
                pair.first(),
                pair.second(),
                100 * pair.disagreement(),
                pair.q(),
                pair.correlation()));
      }
    }
    lines.add("");
    lines.add(
        String.format(
            Locale.ROOT,
            "Combined %s of %s by %s into %s in %.1f s.",
            Sizes.count(result.examples(), "example"),
            Sizes.count(result.ensemble().models().size(), "model"),
            result.ensemble().method().word(),
            outcome.folder(),
            outcome.seconds()));
    lines.add("Report   " + outcome.page());
    return lines;
  }

  static List<String> measures(List<Measures> measures) {
    List<String> lines = new ArrayList<>();
    if (measures.isEmpty()) {
      lines.add("No example has a label, so that nothing is measured.");
      return lines;
    }
    int width = measures.stream().mapToInt(row -> row.name().length()).max().orElse(0);
    String row =
        String.format(Locale.ROOT, "%%-%ds  %%9s  %%9s  %%9s  %%9s  %%9s", Math.max(5, width));
    lines.add(row.formatted("Model", "accuracy", "NLL", "Brier", "ECE", "ECE mass"));
    for (Measures one : measures) {
      lines.add(
          row.formatted(
              one.name(),
              number(one.accuracy()),
              number(one.nll()),
              number(one.brier()),
              number(one.ece()),
              number(one.eceMass())));
    }
    return lines;
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.5f", value);
  }
}
