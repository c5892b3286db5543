package dev.stockpot.merge.model;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * One row: the mean of all rows of another tensor, of which each stands for a token. It fills the
 * rows that no token has. It is made of float64 sums in the order of the rows, as float32.
 */
public final class RowMean implements TensorSource {
  private static final long serialVersionUID = 1;

  /** Most bytes of buffers that it takes to go through all rows, unless a single row takes more. */
  private static final long SCRATCH_BYTES = 4 << 20;

  private final Gathered rows;
  private transient Cost cost; // known once it is asked for: it goes through all rows

  /**
   * What it takes to go through all rows.
   *
   * @param blocks spans of whole rows that fill the tensor, each of which fits into the buffers
   * @param scratch bytes of the buffers
   */
  private record Cost(List<ElementSpan> blocks, List<StoredRange> ranges, long scratch) {}

  /**
   * The mean of rows.
   *
   * @param rows the tensor, of at least one row
   */
  public RowMean(Gathered rows) {
    this.rows = requireNonNull(rows, "rows is null");
    if (rows.map().rows() == 0) {
      throw new IllegalArgumentException("%s has no rows, so no mean".formatted(rows.shape()));
    }
  }

  /** The tensor whose rows they are. */
  public Gathered rows() {
    return rows;
  }

  private synchronized Cost cost() {
    if (cost == null) {
      List<ElementSpan> blocks = cut();
      List<StoredRange> ranges = new ArrayList<>();
      long scratch = 0;
      for (ElementSpan block : blocks) {
        Footprint ofBlock = rows.footprint(block);
        ranges.addAll(ofBlock.ranges());
        scratch = Math.max(scratch, ofBlock.memory());
      }
      cost = new Cost(blocks, List.copyOf(ranges), scratch);
    }
    return cost;
  }

  @Override
  public DType dtype() {
    return DType.F32;
  }

  @Override
  public DType storedType() {
    return rows.storedType();
  }

  @Override
  public Shape shape() {
    return Box.with(rows.shape(), rows.axis(), 1);
  }

  /** Spans of whole rows that fill the tensor, each of which fits into the scratch buffers. */
  public List<ElementSpan> blocks() {
    return cost().blocks();
  }

  private List<ElementSpan> cut() {
    long row = rows.rowElements();
    long most = Math.max(1, SCRATCH_BYTES / (row * Float.BYTES));
    List<ElementSpan> blocks = new ArrayList<>();
    long first = 0;
    while (first < rows.map().rows()) {
      long count = Math.min(most, rows.map().rows() - first);
      while (count > 1 && footprint(first, count).memory() > SCRATCH_BYTES) {
        count = (count + 1) / 2;
      }
      blocks.add(new ElementSpan(first * row, count * row));
      first += count;
    }
    return blocks;
  }

  private Footprint footprint(long first, long count) {
    return rows.footprint(new ElementSpan(first * rows.rowElements(), count * rows.rowElements()));
  }

  @Override
  public List<TensorSource> parts() {
    return List.of(rows);
  }

  @Override
  public Footprint footprint(ElementSpan span) {
    long bytes = span.bytes(dtype()).length();
    return new Footprint(cost().ranges(), Footprint.pages(bytes) + cost().scratch());
  }

  /** Bytes of the buffers that it takes to go through all rows. */
  public long scratch() {
    return cost().scratch();
  }

  /** It goes through all rows once, whatever is wanted of it. */
  @Override
  public boolean streams() {
    return true;
  }

  @Override
  public boolean isUneven() {
    return false;
  }

  @Override
  public ElementPlace place(long element) {
    ElementPlace first = rows.place(element);
    return new ElementPlace(first.origin(), "the mean of all rows of " + first.tensor(), element);
  }

  @Override
  public List<Object> identity() {
    return TensorSource.identity(List.of("mean of rows"), parts());
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.rowMean(this);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RowMean mean && rows.equals(mean.rows);
  }

  @Override
  public int hashCode() {
    return rows.hashCode();
  }

  @Override
  public String toString() {
    return "the mean of all rows of " + rows;
  }
}
