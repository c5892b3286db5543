package dev.stockpot.merge.part;

import dev.stockpot.kernels.observe.Observation;
import dev.stockpot.kernels.statistic.LostUpdates;
import dev.stockpot.kernels.statistic.NonFinite;
import dev.stockpot.merge.plan.PartTask;
import dev.stockpot.merge.plan.SliceTask;
import dev.stockpot.merge.storage.PartReceipt;
import dev.stockpot.merge.storage.PartSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

/** One part of one merge while it is made: its bytes, and what was found on the way. */
final class PartOutput implements AutoCloseable {
  private final PartTask task;
  private final PartSink sink;
  private final Stopwatch watch;
  private final List<PartResult.SliceChecksum> checksums = new ArrayList<>();
  private final Map<String, LostUpdates> updates = new HashMap<>();
  private final Map<String, NonFinite> nonFinite = new HashMap<>();
  private final Map<String, Observation> observations = new HashMap<>();
  private CRC32C crc = new CRC32C();

  PartOutput(PartTask task, PartSink sink, Stopwatch watch) {
    this.task = task;
    this.sink = sink;
    this.watch = watch;
  }

  /** Writes what stands before the first tensor. */
  void begin() throws IOException {
    Optional<ByteBuffer> front = task.front();
    if (front.isPresent()) {
      sink.write(front.get());
    }
  }

  SliceTask slice(int place) {
    return task.slices().get(place);
  }

  /** Writes the next bytes of the present slice. */
  void write(ByteBuffer bytes) throws IOException {
    int count = bytes.remaining();
    crc.update(bytes.duplicate());
    sink.write(bytes);
    watch.wrote(count);
  }

  /** The present slice is whole. */
  void endSlice(int place) {
    SliceTask slice = slice(place);
    checksums.add(
        new PartResult.SliceChecksum(
            slice.work().outputs().get(0).name(),
            slice.bytes().begin(),
            slice.bytes().length(),
            (int) crc.getValue()));
    crc = new CRC32C();
  }

  void addUpdates(String tensor, LostUpdates found) {
    if (found.updated() > 0) {
      updates.merge(tensor, found, LostUpdates::plus);
    }
  }

  void addNonFinite(String tensor, NonFinite found) {
    if (!found.equals(NonFinite.NONE)) {
      nonFinite.merge(tensor, found, NonFinite::plus);
    }
  }

  void addObservation(String tensor, Observation seen) {
    observations.merge(tensor, seen, Observation::plus);
  }

  /** Ends the part. */
  PartReceipt finish() throws IOException {
    PartReceipt receipt = sink.finish();
    watch.wrote(0);
    return receipt;
  }

  PartResult result(PartReceipt receipt, PartTimes times) {
    return new PartResult(
        task.shard(), receipt, checksums, updates, nonFinite, observations, times);
  }

  @Override
  public void close() throws IOException {
    sink.close();
  }
}
