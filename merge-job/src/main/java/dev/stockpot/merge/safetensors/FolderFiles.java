package dev.stockpot.merge.safetensors;

import dev.stockpot.merge.storage.StoredObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The files of a folder, and which of them are the shards of its checkpoint. */
final class FolderFiles {
  private static final String SINGLE = "model.safetensors";
  private static final String SAFETENSORS = ".safetensors";
  private static final String ADAPTER = "adapter_";
  private static final Pattern NUMBERED =
      Pattern.compile("(?<prefix>.+)-(?<number>\\d{1,6})-of-(?<count>\\d{1,6})\\.safetensors");
  private static final Pattern PICKLE = Pattern.compile(".+\\.(bin|pt|pth|ckpt|pkl)");

  private final Map<String, StoredObject> byName = new LinkedHashMap<>();
  private final List<String> problems;

  /**
   * Files of a folder.
   *
   * @param problems takes what is wrong with the choice of shards
   */
  FolderFiles(List<StoredObject> files, List<String> problems) {
    this.problems = problems;
    files.forEach(file -> byName.put(file.location().name(), file));
  }

  static boolean isSafetensors(String name) {
    return name.endsWith(SAFETENSORS);
  }

  Optional<StoredObject> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  List<StoredObject> named(Collection<String> names) {
    return byName.values().stream().filter(file -> names.contains(file.location().name())).toList();
  }

  /** The shards that an index names, as far as they are there. */
  List<StoredObject> shardsOf(ShardIndex index) {
    NavigableSet<String> names = new TreeSet<>(index.weightMap().values());
    List<String> missing = names.stream().filter(name -> !byName.containsKey(name)).toList();
    if (!missing.isEmpty()) {
      problems.add(
          "%s names %s of %s shards that are not there: %s. Fetch them"
              .formatted(ShardIndex.FILE_NAME, missing.size(), names.size(), Quoted.of(missing)));
    }
    if (byName.containsKey(SINGLE) && !names.contains(SINGLE)) {
      problems.add(
          "%s and %s are both there, and programs differ in which they read. Remove the older one"
              .formatted(SINGLE, ShardIndex.FILE_NAME));
    }
    return named(names);
  }

  /** The shards of a folder that has no index. */
  List<StoredObject> shardsWithoutIndex() {
    if (byName.containsKey(SINGLE)) {
      return List.of(byName.get(SINGLE));
    }
    List<String> candidates =
        byName.keySet().stream()
            .filter(name -> name.endsWith(SAFETENSORS) && !name.startsWith(ADAPTER))
            .toList();
    if (candidates.isEmpty()) {
      problems.add(whyNoWeights());
      return List.of();
    }
    Matcher first = NUMBERED.matcher(candidates.get(0));
    if (first.matches()) {
      requireComplete(candidates, first);
    } else if (candidates.size() > 1) {
      problems.add(ambiguous(candidates));
    }
    return named(candidates);
  }

  private void requireComplete(List<String> candidates, Matcher first) {
    int count = Integer.parseInt(first.group("count"));
    int width = first.group("number").length();
    NavigableSet<String> missing = new TreeSet<>();
    for (int number = 1; number <= count; number++) {
      String digits = String.valueOf(number);
      missing.add(
          "%s-%s-of-%s%s"
              .formatted(
                  first.group("prefix"),
                  "0".repeat(Math.max(0, width - digits.length())) + digits,
                  first.group("count"),
                  SAFETENSORS));
    }
    List<String> others = new ArrayList<>();
    for (String candidate : candidates) {
      if (!missing.remove(candidate)) {
        others.add(candidate);
      }
    }
    if (!others.isEmpty()) {
      problems.add(ambiguous(candidates));
    } else if (!missing.isEmpty()) {
      problems.add(
          "%s of %s shards are not there: %s. Fetch them"
              .formatted(missing.size(), count, Quoted.of(List.copyOf(missing))));
    }
  }

  private static String ambiguous(List<String> candidates) {
    return "it has no %s, and %s safetensors files that are no one set: %s. Fetch the index, or remove what is of another checkpoint"
        .formatted(ShardIndex.FILE_NAME, candidates.size(), Quoted.of(candidates));
  }

  private String whyNoWeights() {
    List<String> names = List.copyOf(byName.keySet());
    if (names.isEmpty()) {
      return "the folder is empty. Fetch the model first";
    }
    if (names.stream().anyMatch(name -> name.startsWith(ADAPTER))) {
      return "it holds a LoRA adapter and no model. Name its base before it, joined by a plus:"
          + " BASE+ADAPTER";
    }
    List<String> pickles = names.stream().filter(PICKLE.asMatchPredicate()).toList();
    if (!pickles.isEmpty()) {
      return "its weights are pickles: %s. %s, or for a transformers model:"
              .formatted(Quoted.of(pickles), ForeignFormat.CONVERT)
          + " AutoModelForCausalLM.from_pretrained('IN', torch_dtype='auto')"
          + ".save_pretrained('OUT', safe_serialization=True)";
    }
    return "it holds no safetensors file, only %s. Give the folder of the weights"
        .formatted(Quoted.of(names));
  }
}
