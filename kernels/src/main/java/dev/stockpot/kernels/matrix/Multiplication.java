package dev.stockpot.kernels.matrix;

import dev.stockpot.kernels.MatrixKernels;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * {@code c += sign a b}, or {@code c = sign a b}. Each element is one chain of fused multiply-adds
 * over the terms in their order, begun with c or zero, however the work is cut.
 *
 * <p>The loops are those of Goto and van de Geijn (2008), with a panel of a that stays in the first
 * cache while those of b go by: a is packed once, and b once for every {@link Blocking#rows()} of
 * a.
 */
final class Multiplication {
  private final MatrixKernels kernels;
  private final Blocking blocking;
  private final Workers workers;
  private final Queue<Workspace> idle = new ConcurrentLinkedQueue<>();

  /** Which elements of c are wanted. */
  enum Wanted {
    ALL,
    /** The others are left as they are, or hold part of a sum: c is symmetric. */
    LOWER
  }

  Multiplication(MatrixKernels kernels, Blocking blocking, Workers workers) {
    this.kernels = kernels;
    this.blocking = blocking;
    this.workers = workers;
  }

  void add(double sign, Matrix a, Matrix b, Matrix c, Wanted wanted) {
    run(sign, a, b, c, true, wanted);
  }

  void set(double sign, Matrix a, Matrix b, Matrix c, Wanted wanted) {
    run(sign, a, b, c, false, wanted);
  }

  private void run(double sign, Matrix a, Matrix b, Matrix c, boolean add, Wanted wanted) {
    if (a.columns() != b.rows() || a.rows() != c.rows() || b.columns() != c.columns()) {
      throw new IllegalArgumentException("%s times %s is no %s".formatted(a, b, c));
    }
    if (c.isTransposed()) {
      run(sign, b.transposed(), a.transposed(), c.transposed(), add, wanted);
      return;
    }
    boolean byRows = wanted == Wanted.LOWER || c.rows() >= c.columns();
    int unit = byRows ? kernels.tileRows() : kernels.tileColumns();
    int length = byRows ? c.rows() : c.columns();
    int units = (length + unit - 1) / unit;
    int shares = (long) length * a.columns() < 1 << 14 ? 1 : Math.min(workers.count(), units);
    workers.each(
        shares,
        share -> {
          int begin = share(units, share, shares, wanted) * unit;
          int end = Math.min(length, share(units, share + 1, shares, wanted) * unit);
          if (begin >= end) {
            return;
          }
          Workspace workspace = Optional.ofNullable(idle.poll()).orElseGet(Workspace::new);
          new Product(
                  kernels,
                  blocking,
                  workspace,
                  sign,
                  a,
                  b,
                  c,
                  add,
                  wanted,
                  byRows ? begin : 0,
                  byRows ? end : c.rows(),
                  byRows ? 0 : begin,
                  byRows ? c.columns() : end)
              .run();
          idle.add(workspace);
        });
  }

  /** Where a worker's share begins; of a triangle, so that all have as much to do. */
  private static int share(int units, int share, int shares, Wanted wanted) {
    double part = (double) share / shares;
    return (int) Math.round(units * (wanted == Wanted.LOWER ? Math.sqrt(part) : part));
  }
}
