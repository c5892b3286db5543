package dev.stockpot.merge.part;

import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.model.Assembly;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.Gathered;
import dev.stockpot.merge.model.Made;
import dev.stockpot.merge.model.RowMean;
import dev.stockpot.merge.model.Stored;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.model.View;
import java.util.ArrayList;
import java.util.List;

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

  /** A new buffer with elements of a source. */
  private int filled(TensorSource source, ElementSpan span, boolean isChecked) {
    int buffer = buffers.size();
    buffers.add(span.bytes(source.dtype()).length());
    fill(source, span, buffer, 0, isChecked);
    return buffer;
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
          public Void gathered(Gathered gathered) {
            assemble(gathered, Assembly.of(gathered, span), buffer, place, isChecked);
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
    List<Integer> operands = new ArrayList<>();
    made.inputs().forEach(input -> operands.add(filled(input, span, true)));
    steps.add(new Making(made, span, operands, buffer, place));
  }
}
