package dev.stockpot.merge.engine;

import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.plan.OutputShard;
import dev.stockpot.merge.plan.PartTask;
import dev.stockpot.merge.plan.SharedReads;
import dev.stockpot.merge.storage.PartTicket;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Parts of several merges that are made of the same.
 *
 * @param shards of which merge each is, and of which of its shards
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
      return plans.get(merge).shards().get(place);
    }
  }

  private record Key(int shard, int number, SharedReads reads) {}

  /** All parts of the merges, in the order of the first, those together that read the same. */
  static List<PartBundle> of(List<MergePlan> plans) {
    if (plans.size() == 1) {
      return plans.get(0).parts().stream()
          .map(task -> new PartBundle(List.of(task), List.of(new Shard(0, task.shard()))))
          .toList();
    }
    Map<Key, List<PartTask>> tasks = new LinkedHashMap<>();
    Map<Key, List<Shard>> shards = new LinkedHashMap<>();
    for (int merge = 0; merge < plans.size(); merge++) {
      for (PartTask task : plans.get(merge).parts()) {
        Key key = new Key(task.shard(), task.number(), SharedReads.of(task.slices()));
        tasks.computeIfAbsent(key, any -> new ArrayList<>()).add(task);
        shards.computeIfAbsent(key, any -> new ArrayList<>()).add(new Shard(merge, task.shard()));
      }
    }
    return tasks.keySet().stream()
        .map(key -> new PartBundle(tasks.get(key), shards.get(key)))
        .toList();
  }

  /** Those of each shard, the shard with the largest part first. */
  static Collection<List<PartBundle>> byShard(List<MergePlan> plans) {
    Map<Integer, List<PartBundle>> shards = new LinkedHashMap<>();
    for (PartBundle bundle : of(plans)) {
      shards.computeIfAbsent(bundle.shard(), any -> new ArrayList<>()).add(bundle);
    }
    return shards.values();
  }

  /** How many parts of each shard of each merge there are among some. */
  static Map<Shard, Integer> partsOf(List<PartBundle> bundles) {
    Map<Shard, Integer> parts = new HashMap<>();
    bundles.forEach(
        bundle -> bundle.shards().forEach(shard -> parts.merge(shard, 1, Integer::sum)));
    return parts;
  }

  private int shard() {
    return tasks.get(0).shard();
  }

  OutputShard outputShard(List<MergePlan> plans) {
    return shards.get(0).of(plans);
  }

  PartJob job(MergeTasks.Tickets tickets) {
    List<PartTicket> given = new ArrayList<>();
    for (int i = 0; i < tasks.size(); i++) {
      given.add(tickets.of(shards.get(i).merge(), tasks.get(i)));
    }
    return new PartJob(tasks, given);
  }
}
