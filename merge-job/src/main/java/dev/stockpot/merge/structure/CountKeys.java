package dev.stockpot.merge.structure;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import dev.stockpot.merge.structure.CountKey.Form;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Finds the key that counts a stack's blocks: by the names that families use, and by its value. */
final class CountKeys {
  private static final List<String> OF_ENCODERS =
      List.of("encoder_layers", "num_encoder_layers", "encoder_num_layers");
  private static final List<String> OF_DECODERS =
      List.of("decoder_layers", "num_decoder_layers", "decoder_num_layers");
  private static final List<String> OF_ALL =
      List.of(
          "num_hidden_layers",
          "n_layer",
          "n_layers",
          "num_layers",
          "depth",
          "layers",
          "num_blocks",
          "encoder_layers");
  private static final List<String> LISTS = List.of("layers_block_type", "depths");
  private static final Set<String> COUNT_WORDS =
      Set.of("layers", "depth", "blocks", "groups", "num");
  private static final Pattern LIKE_A_COUNT =
      Pattern.compile("(?:.*_)?(?:layers|depth|blocks|groups)");

  private final Configuration root;
  private final ConfigParts parts;

  CountKeys(Configuration root, ConfigParts parts) {
    this.root = root;
    this.parts = parts;
  }

  /** The key that says how many blocks there are. */
  Optional<CountKey> counting(String prefix, int blocks) {
    for (String place : parts.placesFor(prefix)) {
      Configuration object = root.at(place).orElse(root);
      Optional<CountKey> found =
          usual(prefix).stream()
              .filter(key -> counts(object, key, blocks))
              .findFirst()
              .map(key -> new CountKey(place, key, Form.NUMBER))
              .or(() -> list(place, object, blocks))
              .or(() -> alike(place, object, prefix, blocks));
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /**
   * The key that ought to count blocks, whatever it says.
   *
   * @param place path of the object
   */
  Optional<CountKey> stated(String prefix, String place) {
    Configuration object = root.at(place).orElse(root);
    return usual(prefix).stream()
        .filter(key -> object.number(key).isPresent())
        .findFirst()
        .map(key -> new CountKey(place, key, Form.NUMBER));
  }

  private static List<String> usual(String prefix) {
    List<String> keys = new ArrayList<>();
    if (prefix.contains("decoder")) {
      keys.addAll(OF_DECODERS);
    }
    if (prefix.contains("encoder")) {
      keys.addAll(OF_ENCODERS);
    }
    keys.addAll(OF_ALL);
    return keys;
  }

  private static Optional<CountKey> list(String place, Configuration object, int blocks) {
    return LISTS.stream()
        .filter(key -> object.length(key).orElse(-1) == blocks)
        .findFirst()
        .map(key -> new CountKey(place, key, Form.LIST));
  }

  /** The one key that sounds like a count and has the most words in common with the prefix. */
  private static Optional<CountKey> alike(
      String place, Configuration object, String prefix, int blocks) {
    Set<String> words = new HashSet<>(Arrays.asList(prefix.split("[._]", -1)));
    words.removeAll(COUNT_WORDS);
    Map<Long, List<String>> byCommonWords =
        object.keys().stream()
            .filter(key -> counts(object, key, blocks) && LIKE_A_COUNT.matcher(key).matches())
            .collect(
                groupingBy(
                    key -> Arrays.stream(key.split("_", -1)).filter(words::contains).count(),
                    TreeMap::new,
                    toList()));
    return byCommonWords.values().stream()
        .reduce((fewer, more) -> more)
        .filter(best -> best.size() == 1)
        .map(best -> new CountKey(place, best.get(0), Form.NUMBER));
  }

  private static boolean counts(Configuration object, String key, int blocks) {
    return object.number(key).orElse(-1) == blocks;
  }
}
