package dev.stockpot.merge.part;

import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.number.Bfloat16;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Float8;
import dev.stockpot.kernels.statistic.LostUpdates;
import dev.stockpot.kernels.statistic.NonFinite;
import dev.stockpot.kernels.statistic.UpdateLengths;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.plan.Requantised;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import org.apache.arrow.memory.ArrowBuf;

/**
 * Writes numbers as FP8 codes with scales. A scale is kept where the block's largest number would
 * have a code from half the largest on: then numbers that nothing changed get the codes that they
 * had. Another scale than a power of two times the old one would round all of them again.
 */
final class RequantisedMaker implements SliceMaker {
  private final Requantised work;
  private final PartTools tools;
  private final PartOutput output;

  RequantisedMaker(Requantised work, PartTools tools, PartOutput output) {
    this.work = work;
    this.tools = tools;
    this.output = output;
  }

  @Override
  public void make(Block all, Loaded inputs) throws IOException {
    FloatBuffer merged = inputs.operand(0).floats();
    FloatBuffer before = inputs.operand(1).floats();
    Operand kept = inputs.operand(2);
    float[] scales = new float[kept.elements()];
    for (int i = 0; i < scales.length; i++) {
      scales[i] = (float) kept.at(i);
    }
    float[] news = scales(merged, scales);
    try (ArrowBuf codes = tools.buffer(work.codes().byteCount());
        ArrowBuf stored = tools.buffer(work.scales().byteCount())) {
      write(merged, before, news, codes);
      put(news, stored);
      tools.watch().merged();
      output.write(codes.nioBuffer(0, Math.toIntExact(work.codes().byteCount())));
      output.endTensor(work.codes());
      output.write(stored.nioBuffer(0, Math.toIntExact(work.scales().byteCount())));
      output.endTensor(work.scales());
    }
  }

  private ElementSpan span() {
    return ElementSpan.all(work.codes().shape());
  }

  /** The scale of each block, of its largest number. */
  private float[] scales(FloatBuffer merged, float[] base) {
    float[] largest = new float[base.length];
    work.base()
        .eachRun(
            span(),
            run -> {
              int first = Math.toIntExact(run.first());
              float most = largest[run.scale()];
              for (int i = first; i < first + run.count(); i++) {
                float size = Math.abs(merged.get(i));
                most = size > most && size < Float.POSITIVE_INFINITY ? size : most;
              }
              largest[run.scale()] = most;
            });
    for (int i = 0; i < base.length; i++) {
      largest[i] = scale(largest[i], base[i]);
    }
    return largest;
  }

  private float scale(float largest, float base) {
    boolean isUsable = base > 0 && base < Float.POSITIVE_INFINITY;
    if (isUsable && (largest == 0 || fits(largest, base))) {
      return base;
    }
    if (largest == 0) {
      return 1;
    }
    float exact = largest / Float8.MOST_E4M3;
    if (work.powersOfTwo()) {
      float power = Math.scalb(1f, Math.getExponent(exact));
      return power < exact ? 2 * power : power;
    }
    if (work.scales().dtype() != DType.BF16) {
      return exact == 0 ? Float.MIN_VALUE : exact;
    }
    float rounded = Bfloat16.toFloat(Bfloat16.fromFloat(exact));
    return rounded == 0 ? Bfloat16.toFloat((short) 1) : rounded; // zeros over zero would be NaN
  }

  private static boolean fits(float largest, float base) {
    double code = (double) largest / base;
    return code <= Float8.MOST_E4M3 * (1 + 1e-6) && code >= Float8.MOST_E4M3 / 2;
  }

  private void write(FloatBuffer merged, FloatBuffer before, float[] scales, ArrowBuf codes) {
    ByteBuffer bytes = codes.nioBuffer(0, Math.toIntExact(work.codes().byteCount()));
    long[] counts = new long[4]; // changed, lost, infinite, NaN
    double[] squares = new double[3]; // of the base, of changes, of what rounding adds
    work.base()
        .eachRun(
            span(),
            run -> {
              float scale = scales[run.scale()];
              int first = Math.toIntExact(run.first());
              for (int i = first; i < first + run.count(); i++) {
                float number = merged.get(i);
                byte code = Float8.toE4m3(number / scale);
                bytes.put(i, code);
                float stored = Float8.e4m3ToFloat(code) * scale;
                boolean isChanged = number != before.get(i);
                counts[0] += isChanged ? 1 : 0;
                counts[1] += isChanged && stored == before.get(i) ? 1 : 0;
                addSquares(before.get(i), number, stored, squares);
                counts[2] += Float.isInfinite(number) ? 1 : 0;
                counts[3] += Float.isNaN(number) ? 1 : 0;
              }
            });
    UpdateLengths lengths =
        new UpdateLengths(Math.sqrt(squares[0]), Math.sqrt(squares[1]), Math.sqrt(squares[2]));
    output.addUpdates(work.name(), new LostUpdates(counts[0], counts[1], lengths));
    output.addNonFinite(work, new NonFinite(0, counts[3], 0, counts[2]));
  }

  /** What is no finite number has no length, and is told by itself. */
  private static void addSquares(float before, float number, float stored, double[] squares) {
    double change = (double) number - before;
    double error = (double) stored - number;
    if (Double.isFinite(change) && Double.isFinite(error)) {
      squares[0] += (double) before * before;
      squares[1] += change * change;
      squares[2] += error * error;
    }
  }

  private void put(float[] scales, ArrowBuf stored) {
    boolean isNarrow = work.scales().dtype() == DType.BF16;
    for (int i = 0; i < scales.length; i++) {
      if (isNarrow) {
        stored.setShort(2L * i, Bfloat16.fromFloat(scales[i]));
      } else {
        stored.setFloat(4L * i, scales[i]);
      }
    }
  }
}
