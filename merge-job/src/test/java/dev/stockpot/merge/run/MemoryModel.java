package dev.stockpot.merge.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stockpot.kernels.number.Bfloat16;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.safetensors.SafetensorsLayout;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.MemoryStore;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A folder of tensors and small files, written to a store in memory. */
final class MemoryModel {
  private final MemoryStore store;
  private final Location folder;
  private final List<OutputTensor> tensors = new ArrayList<>();
  private final List<ByteBuffer> contents = new ArrayList<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();

  private MemoryModel(MemoryStore store, Location folder) {
    this.store = store;
    this.folder = folder;
  }

  static MemoryModel in(MemoryStore store, String folder) {
    return new MemoryModel(store, new Location(folder));
  }

  Location folder() {
    return folder;
  }

  /** A file beside the tensors. */
  MemoryModel file(String name, String text) {
    store.write(folder.descendant(name), text.getBytes(UTF_8));
    return this;
  }

  /** What the next file of tensors says of them. */
  MemoryModel says(String key, String value) {
    metadata.put(key, value);
    return this;
  }

  /** Float32 numbers in one dimension. */
  MemoryModel floats(String name, double... numbers) {
    return tensor(name, DType.F32, Shape.of(numbers.length), numbers);
  }

  MemoryModel tensor(String name, DType dtype, Shape shape, double... numbers) {
    ByteBuffer bytes =
        ByteBuffer.allocate(numbers.length * dtype.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (double number : numbers) {
      switch (dtype) {
        case F64 -> bytes.putDouble(number);
        case F32 -> bytes.putFloat((float) number);
        case BF16 -> bytes.putShort(Bfloat16.fromFloat((float) number));
        case I64 -> bytes.putLong((long) number);
        default -> throw new IllegalArgumentException(dtype.name());
      }
    }
    tensors.add(new OutputTensor(name, dtype, shape));
    contents.add(bytes.flip());
    return this;
  }

  /** Writes what was given so far as one file, and begins the next. */
  MemoryModel write(String file) {
    ByteBuffer front = SafetensorsLayout.front(tensors, metadata);
    ByteBuffer all =
        ByteBuffer.allocate(
            front.remaining() + contents.stream().mapToInt(ByteBuffer::remaining).sum());
    all.put(front);
    contents.forEach(all::put);
    store.write(folder.descendant(file), all.array());
    tensors.clear();
    contents.clear();
    metadata.clear();
    return this;
  }

  MemoryModel write() {
    return write("model.safetensors");
  }
}
