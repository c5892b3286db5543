package dev.stockpot.merge.safetensors;

import dev.stockpot.merge.checkpoint.NaturalOrder;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.RangeReader;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The headers of a checkpoint's shards, as far as they can be read.
 *
 * @param headers in the order of the shards
 */
record ShardHeaders(List<ShardHeader> headers) {
  /** Waiting for a store is all these threads do. */
  private static final int THREADS = 16;

  ShardHeaders {
    headers = List.copyOf(headers);
  }

  /**
   * Reads them side by side.
   *
   * @param folder for messages
   * @param problems takes those of headers that break a rule
   */
  static ShardHeaders read(
      ObjectSource store, Location folder, List<StoredObject> shards, List<String> problems)
      throws IOException {
    if (shards.isEmpty()) {
      return new ShardHeaders(List.of());
    }
    ExecutorService pool = Executors.newFixedThreadPool(Math.min(THREADS, shards.size()));
    try {
      List<Callable<ShardHeader>> reads =
          shards.stream().map(shard -> (Callable<ShardHeader>) () -> read(store, shard)).toList();
      List<ShardHeader> headers = new ArrayList<>();
      List<Future<ShardHeader>> read = pool.invokeAll(reads);
      if (Thread.interrupted()) { // invokeAll does not look if all was done before it would wait
        throw new InterruptedException();
      }
      for (Future<ShardHeader> header : read) {
        try {
          headers.add(header.get());
        } catch (ExecutionException e) {
          problems.add(problem(folder, e.getCause()));
        }
      }
      return new ShardHeaders(headers);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted = new InterruptedIOException("opening " + folder);
      interrupted.initCause(e);
      throw interrupted;
    } finally {
      pool.shutdownNow();
    }
  }

  private static ShardHeader read(ObjectSource store, StoredObject shard) throws IOException {
    try (RangeReader reader = store.open(shard)) {
      return ShardHeader.parse(shard, reader);
    }
  }

  private static String problem(Location folder, Throwable failure) throws IOException {
    if (failure instanceof CorruptShardException) {
      return failure.getMessage();
    }
    if (failure instanceof IOException e) {
      throw e;
    }
    throw new IllegalStateException("Opening " + folder, failure);
  }

  /** Every tensor by name. Names that several shards have are problems. */
  NavigableMap<String, TensorInfo> tensors(List<String> problems) {
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

  /** Nothing that the index promises is missing, and nothing that a shard holds is dropped. */
  void compare(ShardIndex index, List<String> problems) {
    Map<String, Set<String>> listed = new HashMap<>();
    index
        .weightMap()
        .forEach(
            (tensor, shard) -> listed.computeIfAbsent(shard, any -> new HashSet<>()).add(tensor));
    for (ShardHeader header : headers) {
      String shard = nameOf(header.shard());
      Set<String> missing = listed.getOrDefault(shard, new HashSet<>());
      Set<String> unlisted = new HashSet<>();
      for (TensorInfo tensor : header.tensors()) {
        missing.remove(tensor.name());
        if (!index.weightMap().containsKey(tensor.name())) {
          unlisted.add(tensor.name());
        }
      }
      addDifference(shard, "lacks, but the index lists,", missing, problems);
      addDifference(shard, "holds, but the index lacks,", unlisted, problems);
    }
  }

  private static void addDifference(
      String shard, String what, Set<String> tensors, List<String> problems) {
    if (!tensors.isEmpty()) {
      problems.add(
          "%s %s %s. Fetch the shard and the index again, from the same place"
              .formatted(
                  Quoted.of(shard), what, Quoted.of(NaturalOrder.sort(tensors, name -> name))));
    }
  }

  private static String nameOf(StoredObject shard) {
    return shard.location().name();
  }
}
