package dev.stockpot.merge.statistics;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the writer of statistics says in the metadata of its files.
 *
 * @param kind what they are: {@code fisher_diag}, {@code gram}, …
 * @param isSum whether they are sums over samples, rather than means
 * @param isTransposed whether matrices are stored as inputs x outputs, as GPT-2's Conv1D does
 * @param shared the last part of a module's name to that of the module whose inputs it has
 * @param model SHA-256 of the weights that they were made of: of the file or, of several, of the
 *     lines that {@code sha256sum} prints for them
 * @param second the same of the other model, where they are of two
 */
public record StatisticsNotes(
    Optional<String> kind,
    Optional<Boolean> isSum,
    boolean isTransposed,
    Map<String, String> shared,
    Optional<String> model,
    Optional<String> second) {
  public static final StatisticsNotes NONE =
      new StatisticsNotes(
          Optional.empty(), Optional.empty(), false, Map.of(), Optional.empty(), Optional.empty());

  private static final String DIGEST = "model_sha256";
  private static final String SECOND = "model_b_sha256";

  public StatisticsNotes {
    requireNonNull(kind, "kind is null");
    requireNonNull(isSum, "isSum is null");
    requireNonNull(model, "model is null");
    requireNonNull(second, "second is null");
    shared = Map.copyOf(shared);
  }

  /**
   * Reads metadata.
   *
   * @param problems takes what is wrong with it
   */
  public static StatisticsNotes of(Map<String, String> metadata, List<String> problems) {
    Optional<String> normalised = word(metadata, "normalised", List.of("mean", "sum"), problems);
    Optional<String> layout = word(metadata, "layout", List.of("linear", "conv1d"), problems);
    Optional<String> digest = digest(metadata, DIGEST, problems);
    Optional<String> second = digest(metadata, SECOND, problems);
    return new StatisticsNotes(
        Optional.ofNullable(metadata.get("kind")),
        normalised.map("sum"::equals),
        layout.filter("conv1d"::equals).isPresent(),
        shared(metadata, problems),
        digest,
        second);
  }

  private static Optional<String> digest(
      Map<String, String> metadata, String key, List<String> problems) {
    Optional<String> digest = Optional.ofNullable(metadata.get(key));
    if (digest.filter(hex -> !hex.matches("[0-9a-f]{64}")).isPresent()) {
      problems.add(
          "its metadata say %s is '%s', which is no SHA-256 in lower-case hexadecimal digits"
              .formatted(key, digest.get()));
    }
    return digest;
  }

  private static Optional<String> word(
      Map<String, String> metadata, String key, List<String> known, List<String> problems) {
    Optional<String> word = Optional.ofNullable(metadata.get(key));
    if (word.isPresent() && !known.contains(word.get())) {
      problems.add(
          "its metadata say %s is '%s', must be %s"
              .formatted(key, word.get(), String.join(" or ", known)));
    }
    return word;
  }

  private static Map<String, String> shared(Map<String, String> metadata, List<String> problems) {
    String text = metadata.get("shared");
    Map<String, String> shared = new LinkedHashMap<>();
    if (text == null) {
      return shared;
    }
    try {
      JsonObject map =
          Json.parse(text.getBytes(StandardCharsets.UTF_8)).object().orElse(JsonObject.EMPTY);
      for (Map.Entry<String, JsonValue> entry : map.fields().entrySet()) {
        entry.getValue().text().ifPresent(other -> shared.put(entry.getKey(), other));
      }
      if (!map.fields().isEmpty() && shared.size() == map.fields().size()) {
        return shared;
      }
    } catch (JsonException e) {
      shared.clear();
    }
    problems.add(
        "its metadata say shared is '%s', must be a JSON object from names to names, such as {\"k_proj\": \"q_proj\"}"
            .formatted(text));
    return Map.of();
  }
}
