package dev.stockpot.merge.commit;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.Sha256;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.plan.Input;
import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.plan.OutputShard;
import dev.stockpot.merge.plan.Statistics;
import dev.stockpot.merge.storage.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the bytes of a merge hang on. Two merges of one identity make the same shards, so one can go
 * on where the other stopped. How shards are cut into parts is no part of it: a shard that is
 * finished has all its parts, and every other shard is made anew.
 *
 * @param recipe its text, as the user wrote it
 * @param plan digest of every output tensor, where it comes from and with which parameters: what a
 *     recipe includes or takes from the environment shows here
 * @param settings those that change bytes, by key
 * @param inputs size and version of every file, by path
 * @param versions of what makes it, by name
 */
public record MergeIdentity(
    String recipe,
    String plan,
    Map<String, String> settings,
    Map<String, String> inputs,
    Map<String, String> versions) {
  public MergeIdentity {
    requireNonNull(recipe, "recipe is null");
    requireNonNull(plan, "plan is null");
    settings = new TreeMap<>(settings); // one order: they are written out
    inputs = new TreeMap<>(inputs);
    versions = new TreeMap<>(versions);
  }

  /**
   * The identity of a planned merge.
   *
   * @param settings those that change bytes, by key
   * @param models every model of the recipe
   */
  public static MergeIdentity of(
      MergeFacts facts, Map<String, String> settings, List<Model> models, MergePlan plan) {
    Map<String, String> inputs = new TreeMap<>();
    for (Model model : models) {
      model.shards().forEach(file -> inputs.put(file.location().path(), version(file)));
      model
          .companions()
          .values()
          .forEach(file -> inputs.put(file.location().path(), version(file)));
      if (!model.configText().isEmpty()) {
        inputs.put(
            model.folder().child("config.json").path(), "sha256:" + Sha256.of(model.configText()));
      }
    }
    for (Statistics statistics : plan.statistics()) {
      statistics
          .checkpoint()
          .shards()
          .forEach(file -> inputs.put(file.location().path(), version(file)));
    }
    return new MergeIdentity(
        facts.recipe(), digest(facts, plan), settings, inputs, facts.versions());
  }

  private static String version(StoredObject file) {
    return "%s bytes, %s".formatted(file.size(), file.version());
  }

  private static String digest(MergeFacts facts, MergePlan plan) {
    Sha256 digest = new Sha256();
    add(digest, facts.method(), facts.seed());
    for (OutputShard shard : plan.files()) {
      add(digest, shard.file(), shard.size());
      for (OutputShard.Placed placed : shard.tensors()) {
        add(digest, placed.tensor().output(), placed.bytes());
        for (Input input : placed.tensor().work().inputs()) {
          add(digest, input.source().identity().toArray());
        }
        add(digest, placed.tensor().merge().values());
        placed.tensor().models().forEach(m -> add(digest, m.getKey(), m.getValue().values()));
      }
    }
    return digest.hexadecimal();
  }

  private static void add(Sha256 digest, Object... values) {
    for (Object value : values) {
      digest.addValue(value);
    }
  }

  /** What is different now, a line each; nothing if the merges are the same. */
  List<String> changesTo(MergeIdentity now) {
    List<String> changes = new ArrayList<>();
    if (!recipe.equals(now.recipe)) {
      changes.add(recipeChange(now.recipe));
    }
    changes.addAll(changes(settings, now.settings));
    changes.addAll(changes(inputs, now.inputs));
    changes.addAll(changes(versions, now.versions));
    if (changes.isEmpty() && !plan.equals(now.plan)) {
      changes.add("recipe: what it includes or takes from the environment is different");
    }
    return changes;
  }

  private String recipeChange(String now) {
    List<String> before = recipe.lines().toList();
    List<String> after = now.lines().toList();
    int line = 0;
    while (line < before.size()
        && line < after.size()
        && before.get(line).equals(after.get(line))) {
      line++;
    }
    return "recipe: line %s was '%s', is '%s'"
        .formatted(line + 1, lineOf(before, line), lineOf(after, line));
  }

  private static String lineOf(List<String> lines, int line) {
    return line < lines.size() ? lines.get(line).strip() : "";
  }

  private static List<String> changes(Map<String, String> before, Map<String, String> now) {
    TreeSet<String> names = new TreeSet<>(before.keySet());
    names.addAll(now.keySet());
    return names.stream()
        .filter(name -> !before.getOrDefault(name, "").equals(now.getOrDefault(name, "")))
        .map(
            name ->
                "%s: was %s, is %s"
                    .formatted(
                        name,
                        before.getOrDefault(name, "not there"),
                        now.getOrDefault(name, "not there")))
        .toList();
  }
}
