package dev.stockpot.merge.structure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Which objects of a configuration describe which part of a model. */
final class ConfigParts {
  /** Where families keep the configuration of their language model, first things first. */
  private static final List<String> LANGUAGE_MODELS =
      List.of(
          "text_config",
          "llm_config",
          "language_config",
          "decoder_config",
          "decoder",
          "generator",
          "text_encoder",
          "vlm_config.text_config",
          "thinker_config.text_config",
          "thinker_config");

  private static final List<String> INNER_LANGUAGE_MODELS =
      List.of("text_config", "llm_config", "language_config");

  /** Words in the names of tensors, by the stem of the object that describes them. */
  private static final Map<String, List<String>> STEMS =
      Map.of(
          "vision", List.of("vision", "visual", "image", "vit"),
          "audio", List.of("audio", "speech", "sound"),
          "text", List.of("language_model", "text", "llm"));

  private final Configuration root;
  private final List<String> paths;

  ConfigParts(Configuration root) {
    this.root = root;
    this.paths = root.partPaths();
  }

  /** Path of the object that describes the language model; empty: the configuration itself. */
  String languageModel() {
    return LANGUAGE_MODELS.stream()
        .filter(path -> root.at(path).isPresent())
        .findFirst()
        .orElse("");
  }

  /** Paths of the objects that are named as a tensor's prefix is, the closest first. */
  List<String> namedAs(String prefix) {
    String name = prefix.toLowerCase(Locale.ROOT);
    List<String> named = new ArrayList<>();
    for (String path : paths) {
      if (words(stem(path)).stream().anyMatch(name::contains)) {
        named.add(path);
      }
    }
    named.sort(
        Comparator.comparingLong((String path) -> stemsIn(path, name))
            .reversed()
            .thenComparing(String::length, Comparator.reverseOrder()));
    return named;
  }

  /** Where to look for a key of blocks with this prefix, the likeliest place first. */
  List<String> placesFor(String prefix) {
    Set<String> places = new LinkedHashSet<>();
    for (String path : namedAs(prefix)) {
      places.add(path);
      INNER_LANGUAGE_MODELS.stream()
          .map(inner -> path + "." + inner)
          .filter(paths::contains)
          .forEach(places::add);
    }
    places.add(languageModel());
    places.add("");
    return List.copyOf(places);
  }

  /** The word for blocks of a kind that has words: vision, audio, text. */
  static List<String> wordsOf(String kind) {
    return STEMS.get(kind);
  }

  private static long stemsIn(String path, String name) {
    return Arrays.stream(path.split("\\.", -1))
        .filter(key -> words(stem(key)).stream().anyMatch(name::contains))
        .count();
  }

  private static List<String> words(String stem) {
    return STEMS.getOrDefault(stem, List.of(stem));
  }

  /** {@code qformer} of {@code qformer_config}. */
  static String stem(String path) {
    String key = path.substring(path.lastIndexOf('.') + 1);
    return key.endsWith("_config") ? key.substring(0, key.length() - "_config".length()) : key;
  }
}
