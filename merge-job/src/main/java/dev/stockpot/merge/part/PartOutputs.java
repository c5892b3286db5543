package dev.stockpot.merge.part;

import dev.stockpot.merge.plan.PartTask;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.PartReceipt;
import dev.stockpot.merge.storage.PartTicket;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The same part of several merges, while they are made. */
final class PartOutputs implements Closeable {
  private final Stopwatch watch;
  private final List<PartOutput> outputs = new ArrayList<>();

  private PartOutputs(Stopwatch watch) {
    this.watch = watch;
  }

  /**
   * Opens each part.
   *
   * @param tickets in the order of the tasks
   */
  static PartOutputs open(
      ObjectStore store, List<PartTask> tasks, List<PartTicket> tickets, PartTools tools)
      throws IOException {
    if (tasks.isEmpty() || tasks.size() != tickets.size()) {
      throw new IllegalArgumentException(
          "%s tickets for %s parts".formatted(tickets.size(), tasks.size()));
    }
    PartOutputs opened = new PartOutputs(tools.watch());
    try {
      for (int i = 0; i < tasks.size(); i++) {
        opened.outputs.add(
            new PartOutput(
                tasks.get(i), store.open(tickets.get(i), tools.memory()), tools.watch()));
      }
      return opened;
    } catch (IOException | RuntimeException e) {
      opened.close(e);
      throw e;
    }
  }

  List<PartOutput> all() {
    return outputs;
  }

  void begin() throws IOException {
    for (PartOutput output : outputs) {
      output.begin();
    }
  }

  /** Ends all parts. */
  List<PartResult> finish() throws IOException {
    List<PartReceipt> receipts = new ArrayList<>();
    for (PartOutput output : outputs) {
      receipts.add(output.finish());
    }
    List<PartResult> results = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      PartTimes share = watch.times().share(i, outputs.size());
      results.add(outputs.get(i).result(receipts.get(i), share));
    }
    return results;
  }

  private void close(Exception failure) {
    try {
      close();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  @Override
  public void close() throws IOException {
    IOException failure = null;
    for (PartOutput output : outputs) {
      try {
        output.close();
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
