package dev.stockpot.merge.hub;

import static java.util.stream.Collectors.toCollection;

import dev.stockpot.merge.FirstFew;
import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * What a snapshot in the cache lacks of a model.
 *
 * @param weights that are needed to merge
 * @param others that go with them
 */
record MissingFiles(Set<String> weights, Set<String> others) {
  private static final String INDEX = "model.safetensors.index.json";
  private static final String SINGLE = "model.safetensors";
  private static final String CONFIG = "config.json";
  private static final int MOST_INDEX_BYTES = 100_000_000;

  private static final Pattern WEIGHTS = Pattern.compile("(?!adapter_).+\\.safetensors");
  private static final Pattern BESIDE =
      Pattern.compile("(?!pytorch_model|tf_model|flax_model).+\\.(json|jinja|model|txt)");
  private static final Pattern TOKENIZER =
      Pattern.compile("tokenizer\\.(json|model)|vocab\\..*|.*\\.model|tekken\\.json");

  /** A set of shards without an index says in their names how many there are. */
  private static final Pattern NUMBERED =
      Pattern.compile("(?<prefix>.+)-(?<number>\\d{1,6})-of-(?<count>\\d{1,5})\\.safetensors");

  MissingFiles {
    weights = Set.copyOf(weights);
    others = Set.copyOf(others);
  }

  boolean isNone() {
    return weights.isEmpty() && others.isEmpty();
  }

  /**
   * What is missing of a model.
   *
   * @param folder of the repository that holds it; empty for the repository itself
   * @param listed what is in the repository, if that is known
   */
  static MissingFiles of(Snapshot snapshot, String folder, Optional<Map<String, HubFile>> listed)
      throws IOException {
    Set<String> there = directlyIn(folder, snapshot.cached().keySet());
    Set<String> all = listed.map(tree -> directlyIn(folder, tree.keySet())).orElse(there);
    Set<String> weights = new TreeSet<>(weights(all, index(snapshot, folder)));
    Set<String> others = new TreeSet<>();
    if (listed.isPresent()) {
      all.stream().filter(BESIDE.asMatchPredicate()).forEach(others::add);
    } else {
      others.add(CONFIG);
      if (there.stream().noneMatch(TOKENIZER.asMatchPredicate())) {
        others.add("a tokenizer");
      }
    }
    weights.removeAll(there);
    others.removeAll(there);
    return new MissingFiles(weights, others);
  }

  private static Set<String> weights(Set<String> all, Optional<Set<String>> indexed) {
    if (all.contains(INDEX)) {
      return indexed.orElse(Set.of(INDEX));
    }
    Set<String> found =
        all.stream().filter(WEIGHTS.asMatchPredicate()).collect(toCollection(TreeSet::new));
    if (found.isEmpty() || found.contains(SINGLE)) {
      return Set.of(SINGLE);
    }
    Matcher numbers = NUMBERED.matcher(found.iterator().next());
    return numbers.matches() ? setOf(numbers) : found;
  }

  private static Set<String> setOf(Matcher numbers) {
    int digits = numbers.group("number").length();
    return IntStream.rangeClosed(1, Integer.parseInt(numbers.group("count")))
        .mapToObj(
            number ->
                "%s-%s-of-%s.safetensors"
                    .formatted(
                        numbers.group("prefix"),
                        String.format(Locale.ROOT, "%0" + digits + "d", number),
                        numbers.group("count")))
        .collect(toCollection(TreeSet::new));
  }

  /** The shards that the index names, if it is in the cache. */
  private static Optional<Set<String>> index(Snapshot snapshot, String folder) throws IOException {
    Optional<Path> file =
        snapshot.cached(folder.isEmpty() ? INDEX : folder + "/" + INDEX).map(Path::of);
    if (file.isEmpty() || Files.size(file.get()) > MOST_INDEX_BYTES) {
      return Optional.empty();
    }
    try {
      return Json.parse(Files.readAllBytes(file.get()))
          .object()
          .flatMap(index -> index.object("weight_map"))
          .map(JsonObject::fields)
          .map(
              shards ->
                  shards.values().stream()
                      .map(JsonValue::text)
                      .flatMap(Optional::stream)
                      .collect(toCollection(TreeSet::new)));
    } catch (JsonException e) { // whoever opens the model says so
      return Optional.empty();
    }
  }

  private static Set<String> directlyIn(String folder, Set<String> paths) {
    String prefix = folder.isEmpty() ? "" : folder + "/";
    return paths.stream()
        .filter(path -> path.startsWith(prefix))
        .map(path -> path.substring(prefix.length()))
        .filter(path -> path.indexOf('/') < 0)
        .collect(toCollection(TreeSet::new));
  }

  /** In words: the weights first, five at most. */
  String described() {
    return FirstFew.of(new TreeSet<>(weights.isEmpty() ? others : weights));
  }
}
