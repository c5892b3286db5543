package dev.stockpot.merge.engine;

import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.plan.OutputShard;
import dev.stockpot.merge.plan.PartFile;
import dev.stockpot.merge.plan.PartTask;
import dev.stockpot.merge.plan.SharedInputs;
import dev.stockpot.merge.plan.SharedReads;
import dev.stockpot.merge.storage.PartTicket;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Parts of several merges that are made of the same.
 *
 * @param shards the files that they fill, of all parts in order: of which merge each is, and which
 */
record PartBundle(List<PartTask> tasks, List<Shard> shards) {
  PartBundle {
    tasks = List.copyOf(tasks);
    shards = List.copyOf(shards);
  }

  /** A shard of one of the merges. */
  record Shard(int merge, int place) {
    String file(List<MergePlan> plans) {
      return of(plans).file();
    }

    private OutputShard of(List<MergePlan> plans) {
      return plans.get(merge).files().get(place);
    }
  }

  private record Key(int shard, int number, SharedReads reads) {
    Key ofAnyInputs() {
      return new Key(shard, number, reads.ofAnyInputs());
    }
  }

  /** All parts of the merges, in the order of the first, those together that one reading serves. */
  static List<PartBundle> of(List<MergePlan> plans) {
    if (plans.size() == 1) {
      return plans.get(0).parts().stream()
          .map(task -> new PartBundle(List.of(task), shards(0, task)))
          .toList();
    }
    Map<Key, List<PartTask>> tasks = new LinkedHashMap<>();
    Map<Key, List<Shard>> shards = new LinkedHashMap<>();
    for (int merge = 0; merge < plans.size(); merge++) {
      for (PartTask task : plans.get(merge).parts()) {
        Key key = new Key(task.shard(), task.number(), SharedReads.of(task.slices()));
        tasks.computeIfAbsent(key, any -> new ArrayList<>()).add(task);
        shards.computeIfAbsent(key, any -> new ArrayList<>()).addAll(shards(merge, task));
      }
    }
    Map<Key, PartBundle> bundles = new LinkedHashMap<>();
    for (Key key : tasks.keySet()) {
      PartBundle bundle = new PartBundle(tasks.get(key), shards.get(key));
      Key joined = bundle.mayJoin() ? key.ofAnyInputs() : key;
      bundles.merge(joined, bundle, PartBundle::and);
    }
    return List.copyOf(bundles.values());
  }

  /** Whether parts that read something else can be made with these: all of it is read once. */
  private boolean mayJoin() {
    return tasks.stream()
        .flatMap(task -> task.slices().stream())
        .allMatch(slice -> SharedInputs.mayDiffer(slice.work()));
  }

  private PartBundle and(PartBundle other) {
    List<PartTask> allTasks = new ArrayList<>(tasks);
    allTasks.addAll(other.tasks);
    List<Shard> allShards = new ArrayList<>(shards);
    allShards.addAll(other.shards);
    return new PartBundle(allTasks, allShards);
  }

  private static List<Shard> shards(int merge, PartTask task) {
    return task.files().stream().map(file -> new Shard(merge, file.shard())).toList();
  }

  /** Those of each shard, the shard with the largest part first. */
  static Collection<List<PartBundle>> byShard(List<MergePlan> plans) {
    Map<Integer, List<PartBundle>> shards = new LinkedHashMap<>();
    for (PartBundle bundle : of(plans)) {
      shards.computeIfAbsent(bundle.shard(), any -> new ArrayList<>()).add(bundle);
    }
    return shards.values();
  }

  /**
   * What each task makes of a shard.
   *
   * @param together whether one makes all of it, in the order of its bytes
   */
  static List<List<PartBundle>> ofTasks(List<PartBundle> ofShard, boolean together) {
    return together
        ? List.of(ofShard.stream().sorted(Comparator.comparingInt(PartBundle::number)).toList())
        : ofShard.stream().map(List::of).toList();
  }

  /** How many parts of each shard of each merge tasks make. */
  static Map<Shard, Integer> partsOf(List<List<Shard>> tasks) {
    Map<Shard, Integer> parts = new HashMap<>();
    tasks.forEach(shards -> shards.forEach(shard -> parts.merge(shard, 1, Integer::sum)));
    return parts;
  }

  private int number() {
    return tasks.get(0).number();
  }

  private int shard() {
    return tasks.get(0).shard();
  }

  OutputShard outputShard(List<MergePlan> plans) {
    return shards.get(0).of(plans);
  }

  PartJob job(Tickets tickets) {
    List<PartTicket> given = new ArrayList<>();
    for (PartTask task : tasks) {
      for (PartFile file : task.files()) {
        given.add(tickets.of(shards.get(given.size()).merge(), file));
      }
    }
    return new PartJob(tasks, given);
  }
}
