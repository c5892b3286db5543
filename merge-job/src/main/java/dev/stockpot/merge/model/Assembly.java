package dev.stockpot.merge.model;

import dev.stockpot.kernels.number.DType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How some elements of a view, or of gathered rows, are put together.
 *
 * @param span the elements
 * @param leaves what is to be had of other sources
 * @param zeros elements that nothing is to be had for, counted from the beginning of the span
 */
public record Assembly(DType dtype, ElementSpan span, List<Leaf> leaves, List<ElementSpan> zeros) {
  /** Reading over a gap of that many bytes takes about as long as another request. */
  private static final long GAP_BYTES = 1 << 20;

  /** Rows may be scattered all over a tensor: what lies between them would fill the memory. */
  private static final long ROW_GAP_BYTES = 1 << 17;

  /**
   * Consecutive elements of another source, all those in between that are not wanted among them.
   *
   * @param patches where the wanted ones go, counted from the beginnings of both spans
   */
  public record Leaf(TensorSource source, ElementSpan span, List<Patch> patches) {
    public Leaf {
      patches = List.copyOf(patches);
    }

    /** Whether all are wanted and stay beside each other, so that they need no buffer of theirs. */
    public boolean isDirect() {
      return patches.size() == 1
          && patches.get(0).isRun()
          && patches.get(0).elements() == span.count();
    }

    /** Whether they can be read straight into a buffer of elements of that type. */
    public boolean isDirect(DType dtype) {
      return isDirect() && source.dtype() == dtype;
    }

    /** Place of the first one among the elements of the view, where all stay beside each other. */
    public long place() {
      return patches.get(0).to();
    }
  }

  public Assembly {
    leaves = List.copyOf(leaves);
    zeros = List.copyOf(zeros);
  }

  /** Puts together some elements of a view. */
  public static Assembly of(View view, ElementSpan span) {
    List<SpanBoxes.Range> cuts = SpanBoxes.of(view.shape().dimensions(), span);
    List<Long> rows = Box.strides(view.shape().dimensions());
    Map<TensorSource, List<Patch>> patches = new LinkedHashMap<>();
    for (Box box : view.boxes()) {
      for (SpanBoxes.Range cut : cuts) {
        box.patch(cut, rows, span.first())
            .ifPresent(
                patch -> patches.computeIfAbsent(box.leaf(), any -> new ArrayList<>()).add(patch));
      }
    }
    List<Leaf> leaves = new ArrayList<>();
    patches.forEach((source, wanted) -> leaves.addAll(leaves(source, wanted, GAP_BYTES)));
    return new Assembly(view.dtype(), span, leaves, List.of());
  }

  /** Puts together some elements of gathered rows. */
  public static Assembly of(Gathered gathered, ElementSpan span) {
    long row = gathered.rowElements();
    Map<Integer, List<Patch>> patches = new TreeMap<>();
    List<ElementSpan> zeros = new ArrayList<>();
    long end = span.count() == 0 ? span.first() : (span.end() - 1) / row + 1;
    for (RowMap.Run run : gathered.map().runs(span.first() / row, end)) {
      long begin = Math.max(span.first(), run.first() * row);
      long count = Math.min(span.end(), run.end() * row) - begin;
      long to = begin - span.first();
      if (run.source() == RowMap.NOWHERE) {
        zeros.add(new ElementSpan(to, count));
      } else {
        long from = run.row() * row + (begin - run.first() * row);
        patches
            .computeIfAbsent(run.source(), any -> new ArrayList<>())
            .add(Patch.run(from, to, count));
      }
    }
    List<Leaf> leaves = new ArrayList<>();
    patches.forEach(
        (source, wanted) ->
            leaves.addAll(leaves(gathered.sources().get(source), wanted, ROW_GAP_BYTES)));
    return new Assembly(gathered.dtype(), span, leaves, zeros);
  }

  /** What is to be had of one source: neighbours at once, what is far apart each for itself. */
  private static List<Leaf> leaves(TensorSource source, List<Patch> wanted, long gapBytes) {
    long gap = gapBytes / source.dtype().bytes();
    List<Patch> inOrder =
        wanted.stream()
            .flatMap(patch -> patch.splitAt(gap).stream())
            .sorted(Comparator.comparingLong(Patch::from).thenComparingLong(Patch::to))
            .toList();
    List<Leaf> leaves = new ArrayList<>();
    List<Patch> near = new ArrayList<>();
    long end = 0;
    for (Patch patch : inOrder) {
      if (!near.isEmpty() && patch.from() - end > gap) {
        leaves.add(leaf(source, near, end));
        near.clear();
        end = 0;
      }
      near.add(patch);
      end = Math.max(end, patch.fromEnd());
    }
    if (!near.isEmpty()) {
      leaves.add(leaf(source, near, end));
    }
    return leaves;
  }

  private static Leaf leaf(TensorSource source, List<Patch> near, long end) {
    long begin = near.get(0).from();
    List<Patch> patches = new ArrayList<>();
    for (Patch patch : near) {
      Patch next = patch.movedFrom(-begin);
      int last = patches.size() - 1;
      if (last >= 0 && patches.get(last).isContinuedBy(next)) {
        Patch before = patches.get(last);
        patches.set(
            last, Patch.run(before.from(), before.to(), before.elements() + next.elements()));
      } else {
        patches.add(next);
      }
    }
    return new Leaf(source, new ElementSpan(begin, end - begin), patches);
  }

  Footprint footprint() {
    List<StoredRange> ranges = new ArrayList<>();
    long memory = Footprint.pages(span.bytes(dtype).length());
    for (Leaf leaf : leaves) {
      Footprint ofLeaf = leaf.source().footprint(leaf.span());
      long spared = leaf.isDirect(dtype) ? Footprint.pages(leaf.span().bytes(dtype).length()) : 0;
      ranges.addAll(ofLeaf.ranges());
      memory += ofLeaf.memory() - spared;
    }
    return new Footprint(ranges, memory);
  }

  /** Where the first of its elements comes from. */
  ElementPlace place() {
    Leaf leaf = leaves.get(0);
    return leaf.source().place(leaf.span().first());
  }
}
