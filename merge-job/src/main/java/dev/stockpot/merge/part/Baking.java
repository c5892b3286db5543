package dev.stockpot.merge.part;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.model.Addition;
import dev.stockpot.merge.model.Baked;
import dev.stockpot.merge.model.Change;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.LowRank;
import dev.stockpot.merge.model.RowLengths;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;

/**
 * Changes a tensor as it was read: some of its rows at a time are widened to float32, changed, and
 * rounded into their place.
 *
 * @param span elements that are wanted
 * @param base the buffer of the rows in which they lie
 * @param tile a buffer for the rows that are worked on
 * @param needed what the changes need, in order
 * @param place of the first wanted byte in the target
 */
record Baking(
    Baked baked, ElementSpan span, int base, int tile, List<Factor> needed, int to, long place)
    implements AssemblyStep {

  /**
   * What a change needs.
   *
   * @param stored the buffer that it is read into
   * @param wide a buffer for it as float32: the same, if it is that
   */
  record Factor(Change.Needed what, int stored, int wide) {}

  Baking {
    needed = List.copyOf(needed);
  }

  @Override
  public void run(List<ArrowBuf> buffers, KernelProvider cpu) {
    Change.Rows rows = baked.reached(span);
    try (Kernels<?> kernels = cpu.open()) {
      List<FloatBuffer> factors = new ArrayList<>();
      needed.forEach(factor -> factors.add(widened(factor, buffers, kernels)));
      long step = Baked.tileRows(rows);
      for (long row = 0; row < rows.count(); row += step) {
        Tile part = new Tile(rows, row, Math.min(step, rows.count() - row));
        bake(part, factors, buffers, kernels);
      }
    }
  }

  private static FloatBuffer widened(Factor factor, List<ArrowBuf> buffers, Kernels<?> kernels) {
    int count = Math.toIntExact(factor.what().span().count());
    DType dtype = factor.what().source().dtype();
    Operand stored = new Operand(buffers.get(factor.stored()), dtype, count);
    if (!factor.what().isWidened()) {
      return stored.floats();
    }
    Operand wide = new Operand(buffers.get(factor.wide()), DType.F32, count);
    FloatOperands.convert(kernels, stored, wide);
    kernels.returnVectors();
    return wide.floats();
  }

  /** Some of the rows, counted from the first that is there. */
  private record Tile(Change.Rows all, long first, long count) {
    int elements() {
      return Math.toIntExact(count * all.columns());
    }

    /** Its place in the tensor. */
    ElementSpan span() {
      long columns = all.columns();
      return new ElementSpan((all.first() + first) * columns, count * columns);
    }
  }

  private void bake(
      Tile part, List<FloatBuffer> factors, List<ArrowBuf> buffers, Kernels<?> kernels) {
    DType type = baked.base().dtype();
    long begin = part.first() * part.all().columns();
    Operand read = operand(buffers.get(base), begin * type.bytes(), type, part.elements());
    Operand work = operand(buffers.get(tile), 0, DType.F32, part.elements());
    FloatOperands.convert(kernels, read, work);
    kernels.returnVectors();
    int next = 0;
    for (Change change : baked.changes()) {
      int parts = change.needed(baked.shape(), part.all()).size();
      List<FloatBuffer> own = factors.subList(next, next + parts);
      change.accept(new Changing(part, work.floats(), own));
      next += parts;
    }
    store(part.span(), buffers, kernels);
  }

  /** Rounds those of the tile that are wanted. */
  private void store(ElementSpan part, List<ArrowBuf> buffers, Kernels<?> kernels) {
    long first = Math.max(span.first(), part.first());
    int count = Math.toIntExact(Math.min(span.end(), part.end()) - first);
    long from = (first - part.first()) * Float.BYTES;
    long target = place + (first - span.first()) * baked.dtype().bytes();
    FloatOperands.convert(
        kernels,
        operand(buffers.get(tile), from, DType.F32, count),
        operand(buffers.get(to), target, baked.dtype(), count));
    kernels.returnVectors();
  }

  private static Operand operand(ArrowBuf buffer, long begin, DType type, int count) {
    return new Operand(buffer.slice(begin, (long) count * type.bytes()), type, count);
  }

  /** Does each kind of change to a tile. */
  private final class Changing implements Change.Visitor<Void> {
    private final Tile part;
    private final FloatBuffer work;
    private final List<FloatBuffer> factors;

    Changing(Tile part, FloatBuffer work, List<FloatBuffer> factors) {
      this.part = part;
      this.work = work;
      this.factors = factors;
    }

    @Override
    public Void lowRank(LowRank change) {
      int rank = Math.toIntExact(change.rank());
      int columns = Math.toIntExact(part.all().columns());
      int matrix = Math.multiplyExact(rank, columns);
      long batch = change.rowsPerBatch();
      long before = part.all().first() / batch; // batches of which nothing is here
      long row = part.all().first() + part.first();
      long end = row + part.count();
      int done = 0;
      while (row < end) {
        int rows = (int) (Math.min(end, (row / batch + 1) * batch) - row);
        int first = Math.toIntExact((part.first() + done) * rank);
        FloatBuffer left = factors.get(0).slice(first, rows * rank);
        int side = Math.toIntExact((row / batch - before) * matrix);
        FloatBuffer right = factors.get(1).slice(side, matrix);
        new LowRankProduct(left, right, rank, change.scale())
            .addTo(work.slice(done * columns, rows * columns), rows, columns);
        row += rows;
        done += rows;
      }
      return null;
    }

    @Override
    public Void rowLengths(RowLengths change) {
      int columns = Math.toIntExact(part.all().columns());
      float[] row = new float[columns];
      for (int i = 0; i < part.count(); i++) {
        work.get(i * columns, row);
        double length = Lengths.of(row);
        if (length == 0) {
          throw new ZeroLengthException(baked.place(part.span().first() + (long) i * columns));
        }
        float wanted = factors.get(0).get(Math.toIntExact(part.first()) + i);
        float factor = (float) (wanted / length);
        for (int j = 0; j < columns; j++) {
          row[j] *= factor;
        }
        work.put(i * columns, row);
      }
      return null;
    }

    @Override
    public Void addition(Addition change) {
      int first = Math.toIntExact(part.first() * part.all().columns());
      for (int i = 0; i < part.elements(); i++) {
        work.put(i, work.get(i) + change.scale() * factors.get(0).get(first + i));
      }
      return null;
    }
  }
}
