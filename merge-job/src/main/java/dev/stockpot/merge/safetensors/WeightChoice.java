package dev.stockpot.merge.safetensors;

import dev.stockpot.merge.safetensors.ShardName.Kind;
import dev.stockpot.merge.storage.StoredObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Chooses, by their names, the files of a folder that are its checkpoint: those that the library
 * would load that the folder is made for.
 */
final class WeightChoice {
  private static final Pattern NUMBER = Pattern.compile("-(\\d+)(?=-of-\\d+)");

  /** A second copy of weights, for other code than the first. */
  private static final String COPY = "consolidated";

  private final FolderFiles files;
  private final List<String> problems;
  private final List<String> remarks;
  private final Map<String, ShardName> named = new LinkedHashMap<>();

  /**
   * What was chosen.
   *
   * @param weights what the files are called
   * @param index the file that says which they are, if there is one
   */
  record Chosen(String weights, Optional<StoredObject> index) {}

  /**
   * For a folder.
   *
   * @param problems takes what is wrong
   * @param remarks takes what a user should know
   */
  WeightChoice(FolderFiles files, List<String> problems, List<String> remarks) {
    this.files = files;
    this.problems = problems;
    this.remarks = remarks;
    for (String name : files.names()) {
      if (!FolderFiles.isAdapter(name)) {
        ShardName.of(name).ifPresent(known -> named.put(name, known));
      }
    }
  }

  /** Whether there is anything to choose. */
  boolean isEmpty() {
    return named.isEmpty();
  }

  /** What to load; nothing if that cannot be told, which is then a problem. */
  Optional<Chosen> choose() {
    Set<String> all = new LinkedHashSet<>();
    named.values().forEach(name -> all.add(name.weights()));
    Optional<String> plain = SafetensorsLayout.STEMS.stream().filter(all::contains).findFirst();
    if (plain.isPresent()) {
      return plain.map(this::chosen);
    }
    List<String> variants = all.stream().filter(WeightChoice::isVariant).toList();
    if (variants.size() > 1) {
      problems.add(
          "it holds %s variants and no weights without one: %s. Name the file of one of them, or remove the others"
              .formatted(variants.size(), Quoted.of(variants)));
      return Optional.empty();
    }
    List<String> indexed =
        named.values().stream()
            .filter(name -> name.is(Kind.INDEX))
            .map(ShardName::weights)
            .toList();
    if (variants.size() == 1 || indexed.size() == 1 || all.size() == 1) {
      return Optional.of(
          chosen(
              variants.size() == 1
                  ? variants.get(0)
                  : indexed.size() == 1 ? indexed.get(0) : all.iterator().next()));
    }
    problems.add(ambiguous());
    return Optional.empty();
  }

  private static boolean isVariant(String weights) {
    return SafetensorsLayout.STEMS.stream().anyMatch(stem -> weights.startsWith(stem + "."));
  }

  private Chosen chosen(String weights) {
    Optional<String> index = names(weights, name -> name.is(Kind.INDEX)).stream().findFirst();
    return new Chosen(weights, index.flatMap(files::find));
  }

  private List<String> names(String weights, Predicate<ShardName> which) {
    return named.entrySet().stream()
        .filter(name -> name.getValue().weights().equals(weights) && which.test(name.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The shards that an index names, as far as they are there. */
  List<StoredObject> shardsOf(Chosen chosen, ShardIndex index) {
    NavigableSet<String> wanted = new TreeSet<>(index.weightMap().values());
    List<String> missing = wanted.stream().filter(name -> !files.has(name)).toList();
    List<String> whole =
        names(chosen.weights(), name -> name.is(Kind.WHOLE)).stream()
            .filter(name -> !wanted.contains(name))
            .toList();
    String file = chosen.index().map(object -> object.location().name()).orElse("");
    Optional<String> instead = instead(chosen.weights(), wanted, whole);
    if (!missing.isEmpty() && instead.isPresent() && missing.size() == wanted.size()) {
      problems.add(
          "%s is left over from another save: it names %s, of which none is there, and the folder holds %s. Remove %s"
              .formatted(file, Quoted.of(missing), instead.get(), file));
    } else if (!missing.isEmpty()) {
      problems.add(
          "%s names %s of %s shards that are not there: %s. Fetch them"
              .formatted(file, missing.size(), wanted.size(), Quoted.of(missing)));
    } else if (!whole.isEmpty()) {
      problems.add(
          "%s and the shards of %s are both there, and programs differ in which they read: transformers reads %s. Remove %s if it is what you want, else %s"
              .formatted(whole.get(0), file, whole.get(0), file, whole.get(0)));
    }
    List<String> others = new ArrayList<>(names(chosen.weights(), name -> name.is(Kind.SHARD)));
    others.removeAll(wanted);
    if (missing.isEmpty() && !others.isEmpty()) {
      remarks.add("its index does not name %s: not read".formatted(Quoted.of(others)));
    }
    return files.named(wanted);
  }

  /** What the folder holds of the weights whole, and an index does not name. */
  private Optional<String> instead(String weights, Set<String> wanted, List<String> whole) {
    if (!whole.isEmpty()) {
      return Optional.of(Quoted.of(whole.get(0)));
    }
    List<String> shards =
        names(weights, name -> name.is(Kind.SHARD)).stream()
            .filter(name -> !wanted.contains(name))
            .toList();
    return shards.isEmpty() || !missing(shards).isEmpty()
        ? Optional.empty()
        : Optional.of("all of " + Quoted.of(shards));
  }

  /** The shards of a folder that has no index. */
  List<StoredObject> shardsWithoutIndex(Chosen chosen) {
    List<String> whole = names(chosen.weights(), name -> name.is(Kind.WHOLE));
    if (!whole.isEmpty()) {
      return files.named(whole);
    }
    List<String> shards = names(chosen.weights(), name -> name.is(Kind.SHARD));
    List<String> others = new ArrayList<>(files.weights());
    others.removeAll(shards);
    List<String> copies =
        others.stream().filter(name -> named.get(name).weights().equals(COPY)).toList();
    others.removeAll(copies);
    others.removeIf(name -> named.get(name).weights().startsWith(chosen.weights() + "."));
    List<String> missing = missing(shards);
    if (!others.isEmpty()
        || shards.stream().anyMatch(name -> count(name) != count(shards.get(0)))) {
      problems.add(ambiguous());
    } else if (!missing.isEmpty()) {
      problems.add(
          "%s of %s shards are not there: %s. Fetch them"
              .formatted(missing.size(), count(shards.get(0)), Quoted.of(missing)));
    } else if (!copies.isEmpty()) {
      remarks.add(
          "%s is another copy of the weights, and is not read: %s are"
              .formatted(Quoted.of(copies), Quoted.of(shards)));
    }
    return files.named(shards);
  }

  private int count(String shard) {
    return named.get(shard).count();
  }

  /** Names that a set of shards lacks, spelled as its first. */
  private List<String> missing(List<String> shards) {
    String first = shards.get(0);
    Matcher digits = NUMBER.matcher(first);
    int width = digits.find() ? digits.group(1).length() : 1;
    List<String> missing = new ArrayList<>();
    for (int number = 1; number <= count(first); number++) {
      String text = String.valueOf(number);
      String padded = "0".repeat(Math.max(0, width - text.length())) + text;
      String name = NUMBER.matcher(first).replaceFirst("-" + padded);
      if (!shards.contains(name)) {
        missing.add(name);
      }
    }
    return missing;
  }

  private String ambiguous() {
    List<String> candidates = files.weights();
    return "it has no %s, and %s safetensors files that are no one set: %s. Fetch the index, remove what is of another checkpoint, or name one file as the model"
        .formatted(
            SafetensorsLayout.CHECKPOINT.indexFile(), candidates.size(), Quoted.of(candidates));
  }
}
