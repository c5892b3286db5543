package dev.stockpot.merge.trial;

import dev.stockpot.merge.choose.Point;
import dev.stockpot.merge.choose.Score;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What ensembles of models were measured to be, and what those models score. */
final class MeasuredEnsembles {
  private MeasuredEnsembles() {}

  /** As {@code metrics.json} has it: models, and measures by name with their accuracies. */
  static String metrics(List<String> models, Map<String, Double> measures) {
    return "{\"ensemble\": {\"models\": [%s]}, \"measures\": [%s]}"
        .formatted(
            models.stream()
                .map("{\"name\": \"%s\", \"weights\": [1]}"::formatted)
                .collect(Collectors.joining(", ")),
            measures.entrySet().stream()
                .map(
                    one ->
                        String.format(
                            Locale.ROOT,
                            "{\"name\": \"%s\", \"accuracy\": %s, \"nll\": %s, \"brier\": 0.5, \"ece\": null}",
                            one.getKey(),
                            one.getValue(),
                            1 - one.getValue()))
                .collect(Collectors.joining(", ")));
  }

  /** A trial that was scored, or failed where its accuracy is NaN. */
  static Trial trial(double accuracy, double... weights) {
    Point point = Point.of(weights);
    String what =
        IntStream.range(0, weights.length)
            .filter(i -> weights[i] != 0)
            .mapToObj(i -> "m" + i)
            .collect(Collectors.joining(" + "));
    String id = Arrays.toString(weights);
    if (Double.isNaN(accuracy)) {
      return Trial.failed(id, point, what, "it printed nothing", 0);
    }
    Score score = new Score(OptionalDouble.of(accuracy), OptionalDouble.of(.01), List.of());
    return Trial.scored(id, point, what, new Judges.Verdict(score, Map.of("acc", accuracy)), 0);
  }
}
