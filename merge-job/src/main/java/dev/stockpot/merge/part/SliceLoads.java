package dev.stockpot.merge.part;

import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.block.Rows;
import dev.stockpot.kernels.method.Scan;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.Footprint;
import dev.stockpot.merge.plan.Input;
import dev.stockpot.merge.plan.SharedInputs;
import dev.stockpot.merge.plan.TensorWork;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Cuts slices into chunks, and says what is read for them.
 *
 * @param means who finds those of all rows of a tensor
 */
record SliceLoads(PartSettings settings, RowMeans means) {

  /** What a part reads for a slice: all at once, or chunk by chunk. */
  List<Load> ofPart(SharedSlice slice) {
    return slice.isHeld()
        ? List.of(held(slice, chunkElements(slice) * slice.widestOutput()))
        : streamed(slice, chunks(slice), slice.outputWidth());
  }

  /** What is read to look at a slice once: what no scan wants is not. */
  List<Load> scanned(SharedSlice slice, Collection<Scan> scans) {
    if (slice.streams()) {
      return streamed(slice, chunks(slice, scans), slice.outputWidth());
    }
    return chunks(slice, scans).isEmpty() ? List.of() : List.of(held(slice, 0));
  }

  private Load held(SharedSlice slice, long outputBytes) {
    return load(slice, slice.span(), outputBytes);
  }

  private List<Load> streamed(SharedSlice slice, List<Block> chunks, long outputWidth) {
    return chunks.stream()
        .map(
            chunk ->
                load(
                    slice,
                    new ElementSpan(chunk.firstElement(), chunk.count()),
                    chunk.count() * outputWidth))
        .toList();
  }

  private Load load(SharedSlice slice, ElementSpan span, long outputBytes) {
    LoadBuilder load = new LoadBuilder(settings.checkFinite(), means);
    for (Input input : slice.inputs().all()) {
      load.add(input.source(), input.span(span, slice.first().shape()));
    }
    return load.load(outputBytes + slice.workingBytes());
  }

  /** Where work on the slice begins anew, each time with other elements. */
  List<Block> chunks(SharedSlice slice) {
    long step = chunkElements(slice);
    List<Block> chunks = new ArrayList<>();
    ElementSpan span = slice.span();
    for (long first = span.first(); first < span.end(); first += step) {
      chunks.add(new Block(first, 0, (int) Math.min(step, span.end() - first)));
    }
    return chunks;
  }

  /** Whether every chunk begins with a reduction block, as slices do. */
  boolean chunksAreWhole(SharedSlice slice, Rows rows) {
    int step = chunkElements(slice);
    return step % rows.reductionElements() == 0 || step >= slice.span().count();
  }

  /** Those that one of the scans wants to see. */
  List<Block> chunks(SharedSlice slice, Collection<Scan> scans) {
    return chunks(slice).stream()
        .filter(chunk -> scans.stream().anyMatch(scan -> scan.wants(chunk)))
        .toList();
  }

  /**
   * Elements of one chunk: two must fit a task, the one that is worked on and the one being read.
   */
  int chunkElements(SharedSlice slice) {
    long elements = slice.span().count();
    List<Input> inputs = slice.inputs().all();
    if (inputs.stream().anyMatch(input -> input.reach() == Input.Reach.WHOLE)) {
      return Math.toIntExact(elements);
    }
    if (slice.works().noneMatch(TensorWork::readsNumbers)) {
      return (int) Math.min(copiedElements(inputs.get(0).source().dtype()), elements);
    }
    long bytes = slice.outputWidth();
    for (Input input : inputs) {
      bytes += input.source().dtype().bytes();
    }
    long spare = Footprint.PAGE_BYTES * (inputs.size() + slice.outputCount());
    int row = slice.rows().elements();
    int chunk = settings.chunkElements(2 * bytes, row, 2 * spare);
    return (int) Math.min(slice.isHeld() ? chunk : fitting(slice, chunk), elements);
  }

  /** As many bytes as a chunk has elements otherwise, in whole elements. */
  private long copiedElements(DType dtype) {
    long elements = (long) settings.chunkElements() * Byte.SIZE / dtype.bits();
    return elements / Byte.SIZE * Byte.SIZE;
  }

  /** Smaller chunks where inputs must be put together of more than what they are. */
  private int fitting(SharedSlice slice, int most) {
    int row = slice.rows().elements();
    int chunk = most;
    long memory = memory(slice, chunk);
    while (2 * memory > settings.taskBytes()) {
      int half = settings.halved(chunk, row);
      if (half == chunk) {
        return chunk;
      }
      chunk = half;
      memory = memory(slice, chunk);
    }
    return chunk;
  }

  /** What the largest chunk takes: the first, or, where they differ, any. */
  private long memory(SharedSlice slice, int chunk) {
    ElementSpan span = slice.span();
    SharedInputs all = slice.inputs();
    boolean isUneven = all.all().stream().anyMatch(input -> input.source().isUneven());
    long last = isUneven ? span.end() : span.first() + 1;
    long most = 0;
    for (long first = span.first(); first < last; first += chunk) {
      long count = Math.min(chunk, span.end() - first);
      Footprint inputs = all.footprint(new ElementSpan(first, count));
      most = Math.max(most, inputs.memory() + Footprint.pages(count * slice.outputWidth()));
    }
    return most;
  }
}
