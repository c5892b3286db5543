package dev.stockpot.merge.output;

import static java.util.stream.Collectors.joining;

import dev.stockpot.merge.json.JsonStyle;
import dev.stockpot.merge.json.JsonValue;
import dev.stockpot.merge.json.JsonWriter;
import dev.stockpot.merge.storage.Location;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the README.md of an output says to a hub of the models that it was made of.
 *
 * @param library that loads it; empty where that is not known
 * @param baseModels names on the hub, of the models or of what they are made of
 * @param licence keys and values, where all models have the same; else empty
 * @param notice of licences that differ
 */
public record CardFacts(
    String library, List<String> baseModels, Map<String, String> licence, Optional<String> notice) {
  private static final String LICENCE = "license";

  /** What one says: the rest matters where it is {@code other}. */
  private static final List<String> LICENCE_KEYS = List.of(LICENCE, "license_name", "license_link");

  /** Of models of which nothing is known. */
  public static final CardFacts NONE = new CardFacts("", List.of(), Map.of(), Optional.empty());

  public CardFacts {
    baseModels = List.copyOf(baseModels);
    licence = Collections.unmodifiableMap(new LinkedHashMap<>(licence));
  }

  /**
   * A model that something is made of.
   *
   * @param name as a recipe has it
   * @param folder where it lies
   * @param card text of its README.md; empty if it has none
   */
  public record Input(String name, Location folder, String card) {}

  /** What can be said of something that is made of these. */
  public static CardFacts of(String library, List<Input> inputs) {
    Set<String> baseModels = new LinkedHashSet<>();
    List<Map<String, String>> licences = new ArrayList<>();
    for (Input input : inputs) {
      FrontMatter card = FrontMatter.of(input.card());
      HubId.of(input.name(), input.folder())
          .ifPresentOrElse(
              baseModels::add,
              () -> card.texts("base_model").stream().filter(HubId::isId).forEach(baseModels::add));
      Map<String, String> licence = new LinkedHashMap<>();
      LICENCE_KEYS.forEach(key -> card.text(key).ifPresent(value -> licence.put(key, value)));
      licences.add(licence);
    }
    boolean areSame = licences.stream().distinct().count() == 1;
    boolean isAny = licences.stream().anyMatch(licence -> licence.containsKey(LICENCE));
    return new CardFacts(
        library,
        List.copyOf(baseModels),
        areSame && isAny ? licences.get(0) : Map.of(),
        areSame || !isAny ? Optional.empty() : Optional.of(difference(inputs, licences)));
  }

  /** What stands at the top of a README.md, where programs read it: YAML between dashes. */
  public String frontMatter(boolean isAdapter) {
    StringBuilder matter = new StringBuilder("---\n");
    if (!library.isEmpty()) {
      matter.append("library_name: ").append(library).append('\n');
    }
    if (baseModels.isEmpty()) {
      matter.append("# base_model: none of the models is known by its name on a hub\n");
    } else {
      matter.append("base_model:\n");
      baseModels.forEach(model -> matter.append("- ").append(model).append('\n'));
      matter.append("base_model_relation: ").append(isAdapter ? "adapter" : "merge").append('\n');
    }
    if (licence.isEmpty()) {
      matter.append("# license: the models do not say the same, or nothing\n");
    }
    licence.forEach(
        (key, value) -> matter.append(key).append(": ").append(scalar(value)).append('\n'));
    return matter
        .append("tags:\n- ")
        .append(isAdapter ? "lora" : "merge")
        .append("\n- stockpot\n---\n")
        .toString();
  }

  /** A value of YAML, in quotes unless it is plainly a word. */
  private static String scalar(String text) {
    return text.matches("[a-zA-Z][a-zA-Z0-9._-]*")
        ? text
        : JsonWriter.text(JsonStyle.COMPACT, JsonValue.of(text));
  }

  private static String difference(List<Input> inputs, List<Map<String, String>> licences) {
    Map<String, List<String>> byLicence = new LinkedHashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      String licence =
          licences.get(i).isEmpty() ? "none" : String.join(", ", licences.get(i).values());
      byLicence.computeIfAbsent(licence, any -> new ArrayList<>()).add(inputs.get(i).name());
    }
    return "README.md names no licence, because the models' own do not agree: %s. See under which the result may be passed on, and name it there"
        .formatted(
            byLicence.entrySet().stream()
                .map(
                    licence ->
                        "%s (%s)"
                            .formatted(licence.getKey(), String.join(", ", licence.getValue())))
                .collect(joining(", ")));
  }
}
