package dev.stockpot.merge.predict;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.UserException;
import java.util.List;
import java.util.Map;

/**
 * Soft labels that are wanted of teachers.
 *
 * @param tables one a teacher
 * @param weights by teacher; those that are not named count 1
 * @param temperature that logits of each teacher are divided by, before anything else
 * @param most classes of an example that are written; 0 for all
 */
public record TeachRequest(
    EnsembleRequest.Inputs inputs,
    List<NamedTable> tables,
    Method method,
    Map<String, Double> weights,
    double temperature,
    int most) {
  public TeachRequest {
    requireNonNull(inputs, "inputs is null");
    tables = List.copyOf(tables);
    weights = Map.copyOf(weights);
    if (tables.stream().map(NamedTable::name).distinct().count() < tables.size()) {
      throw new UserException("Two of %s are called alike. Name them: a=TABLE".formatted(tables));
    }
    if (method.isFitted()) {
      throw new UserException(
          "Soft labels are no ensemble by %s: fit its weights with `stockpot ensemble`, and give them here: --weight NAME=WEIGHT"
              .formatted(method.word()));
    }
    if (!(temperature > 0 && temperature < Double.POSITIVE_INFINITY)) {
      throw new UserException("The temperature is %s, must be over 0".formatted(temperature));
    }
    if (most < 0) {
      throw new UserException("--top-k is %s, must be 1 or more".formatted(most));
    }
  }

  List<String> names() {
    return tables.stream().map(NamedTable::name).toList();
  }
}
