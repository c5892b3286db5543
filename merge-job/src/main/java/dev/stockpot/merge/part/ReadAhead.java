package dev.stockpot.merge.part;

import static java.util.stream.Collectors.joining;

import dev.stockpot.kernels.HostMemory;
import dev.stockpot.merge.DaemonThreads;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/**
 * The loads of a task in their order. While one is worked on, those that follow are read on other
 * threads, as many as fit into a window of memory: usually one.
 *
 * <pre>
 * task      wait |  merge load 1  |  merge load 2  | ...
 * read  load 1   |  load 2   ·    |  load 3   ·    | ...
 * </pre>
 *
 * <p>Objects whose store says so are read side by side, each in the order of its loads, so that
 * their latencies are waited for once. Others are read one after another: there is nothing to wait
 * for. All methods are for the task's thread, which alone takes and returns memory.
 */
final class ReadAhead implements AutoCloseable {
  private static final ExecutorService READS =
      Executors.newCachedThreadPool(new DaemonThreads("stockpot-read"));

  private final TensorReader reader;
  private final HostMemory host;
  private final BufferAllocator memory;
  private final Stopwatch watch;
  private final Iterator<Load> rest;
  private final Deque<Reading> reading = new ArrayDeque<>();
  private final Map<Optional<StoredObject>, CompletableFuture<Void>> lanes = new HashMap<>();
  private final long window;
  private Load following;
  private long reserved;
  private volatile boolean isOver;

  /**
   * Reads nothing yet.
   *
   * @param most bytes of the loads that are in memory at once, unless a single one has more
   */
  ReadAhead(
      List<Load> loads,
      TensorReader reader,
      HostMemory host,
      BufferAllocator memory,
      long most,
      Stopwatch watch) {
    this.reader = reader;
    this.host = host;
    this.memory = memory;
    this.watch = watch;
    this.rest = loads.iterator();
    this.following = rest.hasNext() ? rest.next() : null;
    long largest = loads.stream().mapToLong(Load::memory).max().orElse(0);
    this.window = Math.min(most, 2 * largest);
  }

  /** A load that is on its way. */
  private record Reading(Load load, List<ArrowBuf> buffers, CompletableFuture<Void> arrival) {}

  /**
   * The next load, once it is there. The one before may be closed first, to make room.
   *
   * @throws NonFiniteException if elements are to be checked and one is NaN or infinite
   */
  Loaded next() throws IOException {
    if (reading.isEmpty()) {
      begin(); // whatever is reserved: nobody else could make room
    }
    fill();
    Reading next = reading.element();
    watch.merged();
    await(next);
    watch.waited();
    reading.remove();
    return new Loaded(next.load(), next.buffers(), () -> release(next));
  }

  private void release(Reading done) {
    done.buffers().forEach(ArrowBuf::close);
    reserved -= done.load().memory();
    fill();
  }

  /** Begins to read, for a task that has something else to do before it needs the first load. */
  void start() {
    fill();
  }

  private void fill() {
    while (!isOver && following != null && reserved + following.memory() <= window) {
      begin();
    }
  }

  private void begin() {
    Load load = following;
    following = rest.hasNext() ? rest.next() : null;
    List<ArrowBuf> buffers = new ArrayList<>();
    try {
      load.buffers().forEach(bytes -> buffers.add(host.buffer(memory, bytes)));
    } catch (RuntimeException e) {
      buffers.forEach(ArrowBuf::close);
      throw e;
    }
    reserved += load.memory();
    reading.add(new Reading(load, buffers, read(load, buffers)));
  }

  private CompletableFuture<Void> read(Load load, List<ArrowBuf> buffers) {
    Map<Optional<StoredObject>, List<Integer>> places = new LinkedHashMap<>();
    for (int i = 0; i < load.pieces().size(); i++) {
      StoredObject shard = load.pieces().get(i).object();
      Optional<StoredObject> lane = Optional.of(shard).filter(reader::readsSideBySide);
      places.computeIfAbsent(lane, any -> new ArrayList<>()).add(i);
    }
    List<CompletableFuture<Void>> arrivals = new ArrayList<>();
    places.forEach(
        (lane, pieces) -> {
          CompletableFuture<Void> before =
              lanes.getOrDefault(lane, CompletableFuture.completedFuture(null));
          CompletableFuture<Void> arrival =
              before.thenRunAsync(() -> read(load, buffers, pieces), READS);
          lanes.put(lane, arrival);
          arrivals.add(arrival);
        });
    return CompletableFuture.allOf(arrivals.toArray(CompletableFuture<?>[]::new));
  }

  private void read(Load load, List<ArrowBuf> buffers, List<Integer> places) {
    for (int place : places) {
      if (isOver) {
        return;
      }
      try {
        Load.Piece piece = load.pieces().get(place);
        reader.read(piece, buffers.get(piece.buffer()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static void await(Reading reading) throws IOException {
    try {
      reading.arrival().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted =
          new InterruptedIOException("waiting for " + inputs(reading.load()));
      interrupted.initCause(e);
      throw interrupted;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UncheckedIOException failure) {
        throw failure.getCause();
      }
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(
          "%s could not be read".formatted(inputs(reading.load())), e.getCause());
    }
  }

  private static String inputs(Load load) {
    return load.pieces().stream()
        .map(piece -> piece.object().location().path())
        .distinct()
        .collect(joining(", "));
  }

  /** Waits for reads that have begun, because they fill our memory, and returns it. */
  @Override
  public void close() {
    isOver = true;
    for (CompletableFuture<Void> lane : lanes.values()) {
      lane.exceptionally(told -> null).join(); // who wanted those bytes knows of a failure
    }
    reading.forEach(left -> left.buffers().forEach(ArrowBuf::close));
    reading.clear();
  }
}
