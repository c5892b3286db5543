package dev.stockpot.merge.part;

import dev.stockpot.merge.plan.PartFile;
import dev.stockpot.merge.plan.PartTask;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.PartTicket;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

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
   * @param tickets in the order of the tasks, and of the files of each
   * @param digests of files that all bytes are added to, where that is wanted
   */
  static PartOutputs open(
      ObjectStore store,
      List<PartTask> tasks,
      List<PartTicket> tickets,
      Optional<FileDigests> digests,
      PartTools tools)
      throws IOException {
    int files = tasks.stream().mapToInt(task -> task.files().size()).sum();
    if (tasks.isEmpty() || files != tickets.size()) {
      throw new IllegalArgumentException(
          "%s tickets for %s files of %s parts".formatted(tickets.size(), files, tasks.size()));
    }
    PartOutputs opened = new PartOutputs(tools.watch());
    try {
      Iterator<PartTicket> next = tickets.iterator();
      for (PartTask task : tasks) {
        PartOutput output = new PartOutput(task, tools.watch());
        opened.outputs.add(output);
        for (PartFile file : task.files()) {
          PartTicket ticket = next.next();
          output.add(new FileOutput(file, ticket, store.open(ticket, tools.memory()), digests));
        }
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

  /** Ends all parts: what came of the files of each, in order. */
  List<PartResult> finish() throws IOException {
    for (PartOutput output : outputs) {
      output.finish();
    }
    int files = outputs.stream().mapToInt(PartOutput::files).sum();
    List<PartResult> results = new ArrayList<>();
    for (PartOutput output : outputs) {
      for (int file = 0; file < output.files(); file++) {
        results.add(output.result(file, watch.times().share(results.size(), files)));
      }
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
