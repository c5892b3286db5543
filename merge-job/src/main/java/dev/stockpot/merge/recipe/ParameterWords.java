package dev.stockpot.merge.recipe;

import static java.util.stream.Collectors.joining;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** What a recipe gives its parameters, in the words of people who look at a result. */
public final class ParameterWords {
  private ParameterWords() {}

  /**
   * Of each model that has some of its own, by its name: {@code weight 0.5, density 0.3}; and of
   * the merge as a whole, by the empty text. A model of several slices has what each of them gives
   * it.
   */
  public static Map<String, String> of(Recipe recipe) {
    Map<String, Set<String>> words = new LinkedHashMap<>();
    add(words, "", recipe.parameters());
    for (Slice slice : recipe.slices()) {
      add(words, "", slice.parameters());
      slice.sources().forEach(source -> add(words, source.model().path(), source.parameters()));
    }
    Map<String, String> all = new LinkedHashMap<>();
    words.forEach((model, each) -> all.put(model, String.join("; ", each)));
    return all;
  }

  private static void add(Map<String, Set<String>> words, String model, ParameterBlock block) {
    if (!block.settings().isEmpty()) {
      words
          .computeIfAbsent(model, any -> new LinkedHashSet<>())
          .add(
              block.settings().entrySet().stream()
                  .map(entry -> entry.getKey() + " " + text(entry.getValue()))
                  .collect(joining(", ")));
    }
  }

  private static String text(ParameterSetting setting) {
    return setting.choices().stream()
        .map(choice -> text(choice.value()) + choice.filter().map(" (%s)"::formatted).orElse(""))
        .collect(joining(" / "));
  }

  private static String text(ParameterValue value) {
    return value.given().stream().map(ParameterWords::plain).collect(joining(" … "));
  }

  private static String plain(Object value) {
    return value instanceof Double number && number == Math.rint(number) && Math.abs(number) < 1e15
        ? String.valueOf(number.longValue())
        : value.toString();
  }
}
