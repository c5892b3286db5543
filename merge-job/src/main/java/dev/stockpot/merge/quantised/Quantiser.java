package dev.stockpot.merge.quantised;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a configuration says of how weights were quantised.
 *
 * @param config values by dotted path
 */
record Quantiser(Map<String, String> config) {
  private static final Pattern BLOCK_KEY =
      Pattern.compile("(.*\\.)?(weight_block_size|weights\\.block_structure)");

  private static final Pattern TWO_NUMBERS = Pattern.compile("\\D*(\\d{1,9})\\D+(\\d{1,9})\\D*");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

  /** Rows and columns of a block of scales. */
  Optional<List<Long>> block() {
    return config.entrySet().stream()
        .filter(entry -> BLOCK_KEY.matcher(entry.getKey()).matches())
        .map(entry -> TWO_NUMBERS.matcher(entry.getValue()))
        .filter(Matcher::matches)
        .map(sizes -> List.of(Long.valueOf(sizes.group(1)), Long.valueOf(sizes.group(2))))
        .filter(sizes -> !sizes.contains(0L))
        .findFirst();
  }

  /** Bits of a packed integer; empty if groups of layers have others. */
  Optional<Long> bits() {
    return same("num_bits");
  }

  /** Columns that share a scale, where groups of them do. */
  Optional<Long> groupSize() {
    return same("group_size");
  }

  /** Whether zero stands for itself in all of them. */
  boolean isSymmetric() {
    return values("weights.symmetric").noneMatch("false"::equals);
  }

  /** What all groups of layers say of their weights: which layer is in which is not looked at. */
  private Optional<Long> same(String key) {
    List<String> said =
        values("weights." + key).filter(value -> NUMBER.matcher(value).matches()).toList();
    return said.stream().distinct().count() == 1
        ? Optional.of(Long.valueOf(said.get(0)))
        : Optional.empty();
  }

  /** Whether compressed-tensors stored them in a format of that name, and in no other. */
  boolean isFormat(String format) {
    return config.keySet().stream().anyMatch(key -> key.contains("config_groups."))
        && values("format").anyMatch(format::equals)
        && values("format").allMatch(format::equals);
  }

  private Stream<String> values(String end) {
    return config.entrySet().stream()
        .filter(entry -> entry.getKey().contains("quantization_config."))
        .filter(entry -> entry.getKey().endsWith("." + end))
        .map(Map.Entry::getValue);
  }
}
