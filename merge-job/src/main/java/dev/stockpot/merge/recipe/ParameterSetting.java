package dev.stockpot.merge.recipe;

import java.util.List;
import java.util.Optional;

/**
 * What one {@code parameters} block says of one parameter.
 *
 * @param choices the first that matches a tensor counts
 * @param line of the parameter's name
 */
record ParameterSetting(List<Choice> choices, int line) {
  public ParameterSetting {
    choices = List.copyOf(choices);
    if (choices.isEmpty()) {
      throw new IllegalArgumentException("setting in line %s has no choices".formatted(line));
    }
  }

  /** What counts for a tensor; empty if no filter matches its name. */
  public Optional<Choice> choice(String tensor) {
    return choices.stream().filter(choice -> choice.matches(tensor)).findFirst();
  }

  /** The value for a tensor; empty if no filter matches its name. */
  public Optional<Object> at(String tensor, double t) {
    return choice(tensor).map(choice -> choice.value().at(t));
  }
}
