package dev.stockpot.merge.model;

import dev.stockpot.kernels.number.Bfloat16;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Float16;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.RangeReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** Reads a few numbers of stored tensors before a merge begins. */
public final class StoredNumbers {
  private final ObjectSource store;

  public StoredNumbers(ObjectSource store) {
    this.store = store;
  }

  /** Whether elements of a source lie in a file as they are, and beside each other. */
  public static boolean canRead(TensorSource source) {
    return source.parts().isEmpty()
        && source.footprint(ElementSpan.all(source.shape())).ranges().size() == 1;
  }

  /** Some elements of a stored tensor; NaN where its type has no numbers. */
  public double[] read(TensorSource source, ElementSpan span) throws IOException {
    if (span.count() == 0) {
      return new double[0];
    }
    StoredRange range = source.footprint(span).ranges().get(0);
    byte[] bytes = new byte[Math.toIntExact(range.bytes().length())];
    try (RangeReader reader = store.open(range.object())) {
      reader.read(range.bytes().begin(), ByteBuffer.wrap(bytes));
    }
    ByteBuffer stored = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    double[] numbers = new double[Math.toIntExact(span.count())];
    if (source.dtype() == DType.F32) { // most statistics are, and there are millions of them
      FloatBuffer floats = stored.asFloatBuffer();
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = floats.get(i);
      }
      return numbers;
    }
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = number(stored, source.dtype(), i);
    }
    return numbers;
  }

  private static double number(ByteBuffer stored, DType dtype, int place) {
    return switch (dtype) {
      case F64 -> stored.getDouble(place * Double.BYTES);
      case F32 -> stored.getFloat(place * Float.BYTES);
      case BF16 -> Bfloat16.toFloat(stored.getShort(place * Short.BYTES));
      case F16 -> Float16.toFloat(stored.getShort(place * Short.BYTES));
      case I64 -> stored.getLong(place * Long.BYTES);
      case I32 -> stored.getInt(place * Integer.BYTES);
      default -> Double.NaN; // no number that counts anything
    };
  }
}
