package dev.stockpot.merge.recipe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which values of lists with filters were given to tensors. What stands in one line of a recipe
 * counts as one, also where an alias or a pattern reads it several times.
 */
final class FilterUse {
  private final Map<Place, Seen> seen = new LinkedHashMap<>();

  private record Place(String parameter, int line, int index) {}

  private static final class Seen {
    private final Choice choice;
    private boolean isGiven;
    private boolean matches;

    Seen(Choice choice) {
      this.choice = choice;
    }
  }

  /** A tensor that is merged was looked up in a list. */
  void lookedUp(String parameter, ParameterSetting setting, String tensor) {
    boolean isDecided = false;
    for (int i = 0; i < setting.choices().size(); i++) {
      Choice choice = setting.choices().get(i);
      Place place = new Place(parameter, setting.line(), i);
      Seen use = seen.computeIfAbsent(place, any -> new Seen(choice));
      if (choice.matches(tensor)) {
        use.matches = true;
        use.isGiven |= !isDecided;
        isDecided = true;
      }
    }
  }

  List<UnusedValue> unused() {
    List<UnusedValue> unused = new ArrayList<>();
    seen.forEach(
        (place, use) -> {
          if (!use.isGiven) {
            unused.add(
                new UnusedValue(
                    place.parameter(), place.line(), false, reason(place.index(), use)));
          }
        });
    return unused;
  }

  /** Whether the list was asked for any tensor. */
  boolean isLookedUp(String parameter, ParameterSetting setting) {
    return seen.containsKey(new Place(parameter, setting.line(), 0));
  }

  private static String reason(int index, Seen use) {
    String which =
        use.choice
            .filter()
            .map("the value with filter `%s`"::formatted)
            .orElse("the value without a filter");
    return use.matches
        ? "%s, entry %s of its list, is never reached: entries before it match all that it matches"
            .formatted(which, index + 1)
        : "%s matches no tensor that is merged".formatted(which);
  }
}
