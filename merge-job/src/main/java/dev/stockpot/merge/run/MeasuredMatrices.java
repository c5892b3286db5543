package dev.stockpot.merge.run;

import dev.stockpot.merge.checkpoint.NaturalOrder;
import dev.stockpot.merge.output.MatrixFindings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Numbers that were found of matrices while these were made, such as the share that a map explains
 * (R²) or the rank of what a matrix was solved with.
 *
 * @param byMeasure what they are; then the tensors, in their order, with the numbers
 */
public record MeasuredMatrices(Map<String, Map<String, Double>> byMeasure) {
  private static final int NAMED = 3;

  public MeasuredMatrices {
    byMeasure = Collections.unmodifiableMap(new LinkedHashMap<>(byMeasure)); // order is kept
  }

  static MeasuredMatrices of(MatrixFindings found) {
    Map<String, Map<String, Double>> byMeasure = new TreeMap<>();
    for (String tensor : NaturalOrder.sort(found.measures().keySet(), name -> name)) {
      found
          .measures()
          .get(tensor)
          .forEach(
              (name, value) ->
                  byMeasure.computeIfAbsent(name, any -> new LinkedHashMap<>()).put(tensor, value));
    }
    return new MeasuredMatrices(byMeasure);
  }

  /** A sentence for each measure: all numbers where they are few, else the least and the range. */
  public List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    byMeasure.forEach((name, tensors) -> sentences.add(sentence(name, tensors)));
    return sentences;
  }

  private static String sentence(String name, Map<String, Double> tensors) {
    List<Map.Entry<String, Double>> sorted = new ArrayList<>(tensors.entrySet());
    sorted.sort(Map.Entry.comparingByValue(Comparator.naturalOrder()));
    List<String> named =
        sorted.stream()
            .limit(NAMED)
            .map(entry -> "%s of %s".formatted(number(entry.getValue()), entry.getKey()))
            .toList();
    if (sorted.size() <= NAMED) {
      return "%s: %s".formatted(name, String.join(", ", named));
    }
    return "%s: from %s to %s, half of %s below %s; the least are %s"
        .formatted(
            name,
            number(sorted.get(0).getValue()),
            number(sorted.get(sorted.size() - 1).getValue()),
            sorted.size(),
            number(sorted.get(sorted.size() / 2).getValue()),
            String.join(", ", named));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.5g", value);
  }
}
