package dev.stockpot.merge.part;

import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.block.Rows;
import dev.stockpot.kernels.method.Scan;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.plan.SliceTask;
import dev.stockpot.merge.plan.TensorWork;
import java.util.ArrayList;
import java.util.List;

/** Cuts slices into chunks, and says what is read for them. */
record SliceLoads(PartSettings settings) {

  /** What a part reads for a slice: all at once, if it must be gone through several times. */
  List<Load> ofPart(SliceTask slice) {
    if (slice.work() instanceof TensorWork.Copy copy) {
      return copied(copy, slice);
    }
    TensorWork.Merge work = (TensorWork.Merge) slice.work();
    if (work.program().scan().isPresent() && slice.elements() > 0) {
      int elements = Math.toIntExact(slice.elements());
      return List.of(
          Load.of(
              work.inputs(), slice.firstElement(), elements, chunkElements(slice) * width(work)));
    }
    return streamed(slice);
  }

  /** What is read for a slice that is gone through once. */
  private List<Load> streamed(SliceTask slice) {
    return loads(slice, chunks(slice));
  }

  /** What is read for one scan of a slice. */
  List<Load> scanned(SliceTask slice, Scan scan) {
    return loads(slice, chunks(slice, scan));
  }

  private static List<Load> loads(SliceTask slice, List<Block> chunks) {
    TensorWork.Merge work = (TensorWork.Merge) slice.work();
    return chunks.stream()
        .map(
            chunk ->
                Load.of(
                    work.inputs(),
                    chunk.firstElement(),
                    chunk.count(),
                    chunk.count() * width(work)))
        .toList();
  }

  private List<Load> copied(TensorWork.Copy work, SliceTask slice) {
    int step = settings.chunkElements();
    List<Load> loads = new ArrayList<>();
    for (long begin = slice.bytes().begin(); begin < slice.bytes().end(); begin += step) {
      int bytes = (int) Math.min(step, slice.bytes().end() - begin);
      loads.add(new Load(List.of(new Load.Piece(work.input(), begin, bytes)), 0, 0));
    }
    return loads;
  }

  /** Where a merge's work on the slice begins anew, each time with other elements. */
  List<Block> chunks(SliceTask slice) {
    int step = chunkElements(slice);
    List<Block> chunks = new ArrayList<>();
    long end = slice.firstElement() + slice.elements();
    for (long first = slice.firstElement(); first < end; first += step) {
      chunks.add(new Block(first, 0, (int) Math.min(step, end - first)));
    }
    return chunks;
  }

  /** Whether every chunk begins with a reduction block, as slices do. */
  boolean chunksAreWhole(SliceTask slice) {
    Rows rows = ((TensorWork.Merge) slice.work()).program().rows();
    int step = chunkElements(slice);
    return step % rows.reductionElements() == 0 || step >= slice.elements();
  }

  /** Those that a scan wants to see. */
  List<Block> chunks(SliceTask slice, Scan scan) {
    return chunks(slice).stream().filter(scan::wants).toList();
  }

  /** Elements of one chunk: two must fit a task, the one that is merged and the one being read. */
  int chunkElements(SliceTask slice) {
    TensorWork.Merge work = (TensorWork.Merge) slice.work();
    long bytes = width(work);
    for (TensorInfo input : work.inputs()) {
      bytes += input.dtype().bytes();
    }
    long spare = TensorWork.PAGE_BYTES * (work.inputs().size() + 1);
    int row = work.program().rows().elements();
    int chunk = settings.chunkElements(2 * bytes, row, 2 * spare);
    return (int) Math.min(chunk, slice.elements());
  }

  private static long width(TensorWork work) {
    return work.output().dtype().bytes();
  }
}
