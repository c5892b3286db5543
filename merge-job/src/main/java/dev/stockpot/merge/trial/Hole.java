package dev.stockpot.merge.trial;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.recipe.Node;
import dev.stockpot.merge.recipe.ScalarNode;
import java.util.List;

/**
 * A value of a recipe that a search fills: a place in [0, 1) is turned into what stands there.
 *
 * @param name what it is of, for journals: {@code models[1].parameters.weight}
 * @param start where a search begins, in [0, 1]
 * @param line where the recipe has it
 */
record Hole(String name, Values values, double start, int line) {
  Hole {
    requireNonNull(name, "name is null");
    requireNonNull(values, "values are null");
  }

  /** What may stand in a hole. */
  sealed interface Values {
    Node at(double place, int line);

    /** How many there are; 0 for an interval. */
    int count();
  }

  /**
   * Numbers from {@code least} to {@code most}, both included.
   *
   * @param isLogarithmic whether equal steps are equal factors; both are above 0 then
   */
  record Range(double least, double most, boolean isLogarithmic) implements Values {
    @Override
    public Node at(double place, int line) {
      double number = number(place);
      return new ScalarNode(number, String.valueOf(number), line);
    }

    double number(double place) {
      double number =
          isLogarithmic
              ? least * StrictMath.pow(most / least, place)
              : least + place * (most - least);
      return Math.min(most, Math.max(least, number));
    }

    double placeOf(double number) {
      return isLogarithmic
          ? StrictMath.log(number / least) / StrictMath.log(most / least)
          : (number - least) / (most - least);
    }

    @Override
    public int count() {
      return 0;
    }
  }

  /** One of some values. */
  record Choice(List<Node> nodes) implements Values {
    Choice {
      nodes = List.copyOf(nodes);
    }

    @Override
    public Node at(double place, int line) {
      return nodes.get(Math.min(nodes.size() - 1, (int) (place * nodes.size())));
    }

    @Override
    public int count() {
      return nodes.size();
    }
  }
}
