package dev.stockpot.merge.part;

import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.model.Assembly;
import dev.stockpot.merge.model.Baked;
import dev.stockpot.merge.model.Change;
import dev.stockpot.merge.model.Dequantised;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.Gathered;
import dev.stockpot.merge.model.Generated;
import dev.stockpot.merge.model.Indexed;
import dev.stockpot.merge.model.Initialised;
import dev.stockpot.merge.model.Made;
import dev.stockpot.merge.model.Reduced;
import dev.stockpot.merge.model.Reordered;
import dev.stockpot.merge.model.RowMean;
import dev.stockpot.merge.model.Solved;
import dev.stockpot.merge.model.Stored;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.model.Unpacked;
import dev.stockpot.merge.model.View;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Finds out what is to be read for elements of sources. A stored tensor is read straight into the
 * buffer that its operand is; whatever can be is read into its place there, too.
 */
final class LoadBuilder {
  private final boolean checkFinite;
  private final RowMeans means;
  private long scratchBytes;
  private final List<Load.Input> inputs = new ArrayList<>();
  private final List<Load.Piece> pieces = new ArrayList<>();
  private final List<AssemblyStep> steps = new ArrayList<>();
  private final List<Long> buffers = new ArrayList<>();
  private final Map<Filled, Integer> filled = new HashMap<>();

  /** The same source is one object wherever it is used: equal ones would take long to compare. */
  private record Filled(TensorSource source, ElementSpan span, boolean isChecked) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Filled filled
          && source == filled.source
          && span.equals(filled.span)
          && isChecked == filled.isChecked;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(source) + 31 * span.hashCode();
    }
  }

  /**
   * @param checkFinite whether NaN and infinity are refused
   * @param means who finds those of all rows of a tensor
   */
  LoadBuilder(boolean checkFinite, RowMeans means) {
    this.checkFinite = checkFinite;
    this.means = means;
  }

  /** Adds the next input. */
  LoadBuilder add(TensorSource source, ElementSpan span) {
    inputs.add(new Load.Input(source, span, filled(source, span, true)));
    return this;
  }

  Load load(long outputBytes) {
    return new Load(inputs, pieces, steps, buffers, outputBytes + scratchBytes);
  }

  /** A buffer with elements of a source, the same for all who want them. */
  private int filled(TensorSource source, ElementSpan span, boolean isChecked) {
    Filled wanted = new Filled(source, span, isChecked);
    Integer there = filled.get(wanted);
    if (there != null) { // nobody writes into what is read
      return there;
    }
    int buffer = buffer(source.dtype(), span);
    fill(source, span, buffer, 0, isChecked);
    filled.put(wanted, buffer);
    return buffer;
  }

  private int buffer(DType dtype, ElementSpan span) {
    buffers.add(span.bytes(dtype).length());
    return buffers.size() - 1;
  }

  private void fill(
      TensorSource source, ElementSpan span, int buffer, long place, boolean isChecked) {
    source.accept(
        new TensorSource.Visitor<Void>() {
          @Override
          public Void stored(Stored stored) {
            pieces.add(new Load.Piece(stored, span, buffer, place, isChecked));
            return null;
          }

          @Override
          public Void view(View view) {
            assemble(view, Assembly.of(view, span), buffer, place, isChecked);
            return null;
          }

          @Override
          public Void made(Made made) {
            make(made, span, buffer, place);
            return null;
          }

          @Override
          public Void reduced(Reduced reduced) {
            reduce(reduced, span, buffer, place);
            return null;
          }

          @Override
          public Void generated(Generated generated) {
            steps.add(new Generating(generated, span, buffer, place));
            return null;
          }

          @Override
          public Void initialised(Initialised fresh) {
            scratchBytes = Math.max(scratchBytes, fresh.scratchBytes()); // one after the other
            steps.add(new Initialising(fresh, span, buffer, place));
            return null;
          }

          @Override
          public Void solved(Solved solved) {
            solve(solved, span, buffer, place);
            return null;
          }

          @Override
          public Void baked(Baked baked) {
            bake(baked, span, buffer, place);
            return null;
          }

          @Override
          public Void gathered(Gathered gathered) {
            assemble(gathered, Assembly.of(gathered, span), buffer, place, isChecked);
            return null;
          }

          @Override
          public Void dequantised(Dequantised numbers) {
            dequantise(numbers, span, buffer, place, isChecked);
            return null;
          }

          @Override
          public Void unpacked(Unpacked codes) {
            int packed = filled(codes.packed(), codes.packedOf(span), isChecked);
            steps.add(new Unpacking(codes, span, packed, buffer, place));
            return null;
          }

          @Override
          public Void indexed(Indexed columns) {
            int table = filled(columns.table(), columns.tableOf(span), isChecked);
            ElementSpan all = ElementSpan.all(columns.index().shape());
            int index = filled(columns.index(), all, isChecked);
            steps.add(new Indexing(columns, span, table, index, buffer, place));
            return null;
          }

          @Override
          public Void reordered(Reordered columns) {
            int whole = filled(columns.source(), columns.needed(span), isChecked);
            steps.add(new Reordering(columns, span, whole, buffer, place));
            return null;
          }

          @Override
          public Void rowMean(RowMean mean) {
            scratchBytes = Math.max(scratchBytes, mean.scratch()); // one after the other
            steps.add((all, cpu) -> means.write(mean, span, all.get(buffer), place));
            return null;
          }
        });
  }

  private void dequantise(
      Dequantised numbers, ElementSpan span, int buffer, long place, boolean isChecked) {
    OptionalInt codes = OptionalInt.empty();
    if (numbers.isInPlace()) {
      fill(numbers.codes(), span, buffer, place, isChecked);
    } else {
      codes = OptionalInt.of(filled(numbers.codes(), span, isChecked));
    }
    int scales = filled(numbers.scales(), numbers.scalesOf(span), isChecked);
    steps.add(new Dequantising(numbers, span, codes, scales, buffer, place));
  }

  private void assemble(
      TensorSource source, Assembly assembly, int buffer, long place, boolean isChecked) {
    DType dtype = assembly.dtype();
    int width = dtype.bytes();
    boolean isPatched = false;
    for (Assembly.Leaf leaf : assembly.leaves()) {
      if (leaf.isDirect(dtype)) {
        fill(leaf.source(), leaf.span(), buffer, place + leaf.place() * width, isChecked);
      } else {
        int apart = filled(leaf.source(), leaf.span(), /* isChecked= */ false);
        steps.add(
            leaf.source().dtype() == dtype
                ? new Patching(leaf.patches(), width, apart, buffer, place)
                : new Widening(leaf.patches(), leaf.source().dtype(), apart, buffer, place));
        isPatched = true;
      }
    }
    for (ElementSpan zeros : assembly.zeros()) {
      steps.add(
          (all, cpu) ->
              all.get(buffer).setZero(place + zeros.first() * width, zeros.count() * width));
    }
    if (isPatched && isChecked && checkFinite && dtype.isReadable()) {
      ElementSpan span = assembly.span();
      steps.add(
          (all, cpu) ->
              NonFiniteException.check(
                  source,
                  span.first(),
                  new Operand(
                      all.get(buffer).slice(place, span.count() * width),
                      dtype,
                      Math.toIntExact(span.count()))));
    }
  }

  private void make(Made made, ElementSpan span, int buffer, long place) {
    ElementSpan needed = made.madeOf(span);
    List<Integer> operands = new ArrayList<>();
    made.inputs().forEach(input -> operands.add(filled(input, needed, true)));
    if (needed.equals(span)) {
      steps.add(new Making(made, span, operands, buffer, place));
      return;
    }
    int whole = buffer(made.dtype(), needed);
    steps.add(new Making(made, needed, operands, whole, 0));
    int width = made.dtype().bytes();
    steps.add(
        (all, cpu) ->
            all.get(buffer)
                .setBytes(place, all.get(whole), span.first() * width, span.count() * width));
  }

  private void bake(Baked baked, ElementSpan span, int buffer, long place) {
    Change.Rows rows = baked.reached(span);
    int base = filled(baked.base(), rows.elements(), true);
    int tile = buffer(Baked.tileRows(rows) * rows.columns() * Float.BYTES);
    List<Baking.Factor> factors = new ArrayList<>();
    for (Change change : baked.changes()) {
      for (Change.Needed needed : change.needed(baked.shape(), rows)) {
        int stored = filled(needed.source(), needed.span(), true);
        int wide = needed.isWidened() ? buffer(needed.span().count() * Float.BYTES) : stored;
        factors.add(new Baking.Factor(needed, stored, wide));
      }
    }
    steps.add(new Baking(baked, span, base, tile, factors, buffer, place));
  }

  private void reduce(Reduced reduced, ElementSpan span, int buffer, long place) {
    int whole = filled(reduced.base(), ElementSpan.all(reduced.shape()), true);
    int tile = buffer(reduced.rows(span).elements().count() * Float.BYTES);
    scratchBytes = Math.max(scratchBytes, reduced.scratchBytes()); // one after the other
    steps.add(new Reducing(reduced, span, whole, tile, buffer, place));
  }

  private void solve(Solved solved, ElementSpan span, int buffer, long place) {
    List<Integer> inputs = new ArrayList<>();
    for (TensorSource input : solved.inputs()) {
      inputs.add(filled(input, ElementSpan.all(input.shape()), true));
    }
    int whole = buffer(solved.shape().elements() * Float.BYTES);
    scratchBytes = Math.max(scratchBytes, solved.program().demand().bytes()); // one after the other
    steps.add(new Solving(solved, span, inputs, whole, buffer, place));
  }

  private int buffer(long bytes) {
    buffers.add(bytes);
    return buffers.size() - 1;
  }
}
