package dev.stockpot.merge.part;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.statistic.Statistic;
import dev.stockpot.merge.align.Match;
import dev.stockpot.merge.align.Matched;
import dev.stockpot.merge.plan.Factors;
import dev.stockpot.merge.plan.PartTask;
import dev.stockpot.merge.plan.SliceTask;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.PartTicket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Makes parts on this machine. Safe to repeat: the same task writes the same bytes to the same
 * place.
 */
public final class PartRunner {
  private final ObjectStore store;
  private final PartTools tools;

  /**
   * A runner for one task.
   *
   * @param memory whose limit is that of the task's inputs and outputs, and of the parts that it
   *     makes, for stores that hold them until they are uploaded
   */
  public PartRunner(
      ObjectStore store, KernelProvider provider, PartSettings settings, BufferAllocator memory) {
    this.store = store;
    this.tools = PartTools.of(store, provider, KernelChoice.cpu(), settings, memory);
  }

  /** Makes a part and writes it where its ticket says. */
  public PartResult run(PartTask task, PartTicket ticket) throws IOException {
    return run(List.of(task), List.of(ticket)).get(0);
  }

  /**
   * Makes the same part of several merges, whose inputs are read once.
   *
   * @param tasks of equal slices on equal inputs, one of each merge
   * @param tickets where each part goes: its shard, then the files beside it
   * @return what came of each of these files
   */
  public List<PartResult> run(List<PartTask> tasks, List<PartTicket> tickets) throws IOException {
    return run(tasks, tickets, Optional.empty());
  }

  /**
   * The same.
   *
   * @param digests of files that all bytes are added to, where that is wanted
   */
  public List<PartResult> run(
      List<PartTask> tasks, List<PartTicket> tickets, Optional<FileDigests> digests)
      throws IOException {
    List<SharedSlice> slices = shared(tasks.stream().map(PartTask::slices).toList());
    List<Load> wanted = new ArrayList<>();
    slices.forEach(slice -> wanted.addAll(tools.loads().ofPart(slice)));
    try (PartOutputs outputs = PartOutputs.open(store, tasks, tickets, digests, tools);
        TensorReader reader = reader();
        ReadAhead inputs = readAhead(slices, wanted, reader)) {
      inputs.start();
      outputs.begin();
      for (int place = 0; place < slices.size(); place++) {
        new SliceRun(tools, slices.get(place), place, outputs.all()).run(inputs);
      }
      return outputs.finish();
    }
  }

  /** Copies a file as it is. */
  public CopyResult copy(CopyTask task) throws IOException {
    return new FileCopier(store, tools).run(task);
  }

  /** Finds in consecutive slices what their works want to know, added up. */
  public Statistic scan(List<SliceTask> slices) throws IOException {
    return scanAll(List.of(slices)).get(0);
  }

  /**
   * Finds what several merges want to know of the same slices, which are read once.
   *
   * @param merges consecutive slices of each of them
   * @return what was found for each, added up
   */
  public List<Statistic> scanAll(List<List<SliceTask>> merges) throws IOException {
    List<SharedSlice> slices = shared(merges);
    List<Load> wanted = new ArrayList<>();
    slices.forEach(slice -> wanted.addAll(tools.loads().scanned(slice, ScanRun.scans(slice))));
    List<List<Statistic>> found = new ArrayList<>();
    try (TensorReader reader = reader();
        ReadAhead inputs = readAhead(slices, wanted, reader)) {
      for (SharedSlice slice : slices) {
        found.add(new ScanRun(tools, slice).run(inputs));
      }
    }
    return ScanRun.sums(found);
  }

  /** How many singular values of a change its rule keeps; 0 if none. */
  public int rank(Factors work) throws IOException {
    List<SharedSlice> slices = List.of(new SharedSlice(List.of(new SliceTask(work, work.all()))));
    List<Load> wanted = tools.loads().ofPart(slices.get(0));
    try (TensorReader reader = reader();
        ReadAhead inputs = readAhead(slices, wanted, reader)) {
      inputs.start();
      try (Loaded loaded = inputs.next()) {
        loaded.assemble(tools.cpu());
        try (MatrixChange change = MatrixChange.of(work, loaded, tools.cpu(), tools.memory())) {
          int rank = change.rank(work);
          tools.watch().merged();
          return rank;
        }
      }
    }
  }

  /** Finds which units of one model are most alike to which of another. */
  public Matched match(Match match) throws IOException {
    MatchRun run = new MatchRun(match, tools);
    // an assignment has no answer where likeness is no number
    try (TensorReader reader = new TensorReader(store, /* checkFinite= */ true, tools.watch());
        ReadAhead inputs =
            new ReadAhead(
                run.loads(), reader, tools.host(), tools.memory(), run.window(), tools.watch())) {
      inputs.start();
      return run.run(inputs);
    }
  }

  /** Where the time went so far, and what was moved. */
  public PartTimes times() {
    return tools.watch().times();
  }

  /** What lies at the same place in each merge. */
  private static List<SharedSlice> shared(List<List<SliceTask>> merges) {
    for (List<SliceTask> slices : merges) {
      if (slices.size() != merges.get(0).size()) {
        throw new IllegalArgumentException(
            "%s slices are not the same as %s".formatted(slices.size(), merges.get(0).size()));
      }
    }
    return IntStream.range(0, merges.get(0).size())
        .mapToObj(
            place -> new SharedSlice(merges.stream().map(slices -> slices.get(place)).toList()))
        .toList();
  }

  private TensorReader reader() {
    return new TensorReader(store, tools.settings().checkFinite(), tools.watch());
  }

  private ReadAhead readAhead(List<SharedSlice> slices, List<Load> wanted, TensorReader reader) {
    reader.announce(slices);
    return new ReadAhead(
        wanted, reader, tools.host(), tools.memory(), tools.settings().taskBytes(), tools.watch());
  }
}
