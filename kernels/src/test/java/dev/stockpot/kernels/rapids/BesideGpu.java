package dev.stockpot.kernels.rapids;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.Samples;
import dev.stockpot.kernels.rapids.cudf.Gpu;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** A GPU beside the model that stands for it where there is none. */
@Tag("gpu")
abstract class BesideGpu {
  static final int ROWS = 10_000;

  @BeforeAll
  static void requireGpu() {
    Gpu.require();
  }

  static Column bitsOf(Scratch s, Column a) {
    return s.bits(a, ColumnType.UINT32);
  }

  static Column floats(Scratch s, long seed) {
    return s.own(s.device().uploadFloats(Samples.awkward(ROWS, seed), ROWS));
  }

  static Column bits(Scratch s, long seed) {
    return s.bits(floats(s, seed), ColumnType.UINT32);
  }

  /** The same bytes of both devices, all NaN being one. */
  static void assertSame(Function<Scratch, Column> operation) {
    JavaDevice model = new JavaDevice(new ModelMemory());
    Device gpu = Gpu.device();
    assertThat(result(gpu, operation)).isEqualTo(result(model, operation));
    gpu.close();
  }

  static List<Object> result(Device device, Function<Scratch, Column> operation) {
    try (Scratch s = new Scratch(device);
        BufferAllocator allocator = new RootAllocator()) {
      Column column = operation.apply(s);
      int bytes = column.rows() * column.type().bytes();
      List<Object> elements = new ArrayList<>(List.of(column.type(), column.rows()));
      try (ArrowBuf buffer = allocator.buffer(bytes)) {
        device.download(column, buffer, 0);
        for (int at = 0; at < bytes; at += column.type().bytes()) {
          elements.add(element(column.type(), buffer, at));
        }
      }
      return elements;
    }
  }

  static Object element(ColumnType type, ArrowBuf buffer, int at) {
    return switch (type) {
      case FLOAT32 -> Float.floatToIntBits(buffer.getFloat(at));
      case FLOAT64 -> Double.doubleToLongBits(buffer.getDouble(at));
      default ->
          switch (type.bytes()) {
            case 1 -> buffer.getByte(at);
            case 2 -> buffer.getShort(at);
            case 4 -> buffer.getInt(at);
            default -> buffer.getLong(at);
          };
    };
  }
}
