package dev.stockpot.merge.safetensors;

import dev.stockpot.merge.checkpoint.NaturalOrder;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.RangeReader;
import dev.stockpot.merge.storage.StoredObject;
import dev.stockpot.merge.storage.WaitingCalls;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;

/** The headers of a checkpoint's shards, as far as they can be read. */
final class ShardHeaders {
  private final Location folder;
  private final List<String> problems;
  private final List<ShardHeader> headers = new ArrayList<>();

  private ShardHeaders(Location folder, List<String> problems) {
    this.folder = folder;
    this.problems = problems;
  }

  /**
   * Reads them, side by side.
   *
   * @param folder where they are, for whoever waits
   * @param problems takes what is wrong with those that cannot be read
   */
  static ShardHeaders read(
      ObjectSource store, Location folder, List<StoredObject> shards, List<String> problems)
      throws IOException {
    ShardHeaders read = new ShardHeaders(folder, problems);
    read.readAll(store, shards);
    return read;
  }

  private void readAll(ObjectSource store, List<StoredObject> shards) throws IOException {
    String doing = "opening " + folder;
    List<Callable<ShardHeader>> reads =
        shards.stream().map(shard -> (Callable<ShardHeader>) () -> header(store, shard)).toList();
    for (Future<ShardHeader> header : WaitingCalls.over(doing, reads)) {
      try {
        headers.add(WaitingCalls.result(doing, header));
      } catch (CorruptShardException e) {
        problems.add(e.getMessage());
      }
    }
  }

  private static ShardHeader header(ObjectSource store, StoredObject shard) throws IOException {
    try (RangeReader reader = store.open(shard)) {
      return ShardHeader.parse(shard, reader);
    }
  }

  /** Their tensors by name. One that is there twice is a problem. */
  NavigableMap<String, TensorInfo> tensors() {
    NavigableMap<String, TensorInfo> tensors = new TreeMap<>();
    Map<String, List<String>> twice = new TreeMap<>();
    for (ShardHeader header : headers) {
      for (TensorInfo tensor : header.tensors()) {
        TensorInfo before = tensors.putIfAbsent(tensor.name(), tensor);
        if (before != null) {
          String shards = "%s and %s".formatted(nameOf(before.shard()), nameOf(header.shard()));
          twice.computeIfAbsent(shards, s -> new ArrayList<>()).add(tensor.name());
        }
      }
    }
    twice.forEach(
        (shards, names) ->
            problems.add(
                "%s both hold %s. Remove the one that is of another checkpoint"
                    .formatted(shards, Quoted.of(names))));
    return tensors;
  }

  /**
   * Compares them with an index: what it promises and they lack is a problem.
   *
   * @return what they hold and it does not list
   */
  Set<String> unlisted(ShardIndex index) {
    Map<String, Set<String>> listed = new HashMap<>();
    index
        .weightMap()
        .forEach(
            (tensor, shard) -> listed.computeIfAbsent(shard, any -> new HashSet<>()).add(tensor));
    Set<String> unlisted = new TreeSet<>();
    for (ShardHeader header : headers) {
      String shard = nameOf(header.shard());
      Set<String> missing = listed.getOrDefault(shard, new HashSet<>());
      for (TensorInfo tensor : header.tensors()) {
        missing.remove(tensor.name());
        if (!index.weightMap().containsKey(tensor.name())) {
          unlisted.add(tensor.name());
        }
      }
      if (!missing.isEmpty()) {
        problems.add(
            "%s lacks, but the index lists, %s. Fetch the shard and the index again, from the same place"
                .formatted(Quoted.of(shard), Quoted.of(NaturalOrder.sort(missing, name -> name))));
      }
    }
    return unlisted;
  }

  private static String nameOf(StoredObject shard) {
    return shard.location().name();
  }
}
