package dev.stockpot.merge.part;

import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.block.Rows;
import dev.stockpot.kernels.method.Scan;
import dev.stockpot.kernels.statistic.Statistic;
import dev.stockpot.merge.plan.TensorWork;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds what the works of several merges want to know of a slice, going through it once. */
record ScanRun(PartTools tools, SharedSlice slice) {

  /** A scan, and how it goes through the slice. */
  private record Pass(Scan scan, Rows rows) {
    static Pass of(TensorWork work) {
      return new Pass(work.scan().orElseThrow().scan(), work.rows());
    }
  }

  /** What each of the merges wants to know, in their order. */
  List<Statistic> run(ReadAhead inputs) throws IOException {
    List<Pass> wanted = slice.works().map(Pass::of).toList();
    Map<Pass, SliceKernels.ScanPass> passes = new LinkedHashMap<>(); // equal ones are one
    Map<Pass, Statistic> found = new LinkedHashMap<>();
    try (SliceKernels kernels = tools.kernels(0)) {
      try {
        for (Pass pass : wanted) {
          if (!passes.containsKey(pass)) {
            passes.put(
                pass, kernels.scan(pass.scan(), pass.rows(), tools.isOnDevice(slice, pass.rows())));
          }
        }
        scan(passes, inputs);
        tools.watch().merged();
        passes.forEach((pass, look) -> found.put(pass, look.found()));
      } finally {
        passes.values().forEach(SliceKernels.ScanPass::close);
      }
    }
    return wanted.stream().map(found::get).toList();
  }

  /** The scans that are wanted, each once. */
  static List<Scan> scans(SharedSlice slice) {
    return slice.works().map(work -> work.scan().orElseThrow().scan()).distinct().toList();
  }

  private void scan(Map<Pass, SliceKernels.ScanPass> passes, ReadAhead inputs) throws IOException {
    List<Block> chunks = tools.loads().chunks(slice, scans(slice));
    if (slice.streams()) {
      for (Block chunk : chunks) {
        try (Loaded loaded = inputs.next()) {
          loaded.assemble(tools.cpu());
          scan(passes, chunk, loaded);
        }
      }
    } else if (!chunks.isEmpty()) {
      try (Loaded held = inputs.next()) {
        held.assemble(tools.cpu());
        chunks.forEach(chunk -> scan(passes, chunk, held));
      }
    }
  }

  private static void scan(Map<Pass, SliceKernels.ScanPass> passes, Block chunk, Loaded loaded) {
    passes.forEach(
        (pass, look) -> {
          if (pass.scan().wants(chunk)) {
            look.run(chunk, loaded.operands(chunk), List.of());
          }
        });
  }

  /** Adds up what was found of slices that follow each other, for each merge. */
  static List<Statistic> sums(List<List<Statistic>> slices) {
    List<Statistic> sums = new ArrayList<>();
    for (int merge = 0; merge < slices.get(0).size(); merge++) {
      int place = merge;
      sums.add(Statistic.sum(slices.stream().map(found -> found.get(place)).toList()));
    }
    return sums;
  }
}
