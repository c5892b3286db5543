package dev.stockpot.merge.cli;

import dev.stockpot.kernels.number.Bfloat16;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Float16;
import dev.stockpot.merge.checkpoint.Checkpoint;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.safetensors.CheckpointReader;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.RangeReader;
import dev.stockpot.merge.storage.local.LocalStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/** Reads tensors back from a folder. */
final class Tensors {
  private final LocalStore store = new LocalStore();
  private final Checkpoint checkpoint;

  Tensors(Path folder) throws IOException {
    checkpoint = CheckpointReader.open(store, new Location(folder.toString()));
  }

  Checkpoint checkpoint() {
    return checkpoint;
  }

  ByteBuffer bytes(String name) throws IOException {
    TensorInfo tensor = checkpoint.tensors().get(name);
    ByteBuffer bytes = ByteBuffer.allocate((int) tensor.bytes().length());
    try (RangeReader reader = store.open(tensor.shard())) {
      reader.read(tensor.bytes().begin(), bytes);
    }
    return bytes.flip().order(ByteOrder.LITTLE_ENDIAN);
  }

  double[] values(String name) throws IOException {
    DType dtype = checkpoint.tensors().get(name).dtype();
    ByteBuffer bytes = bytes(name);
    double[] values = new double[bytes.remaining() / dtype.bytes()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (dtype) {
            case F64 -> bytes.getDouble();
            case F32 -> bytes.getFloat();
            case BF16 -> Bfloat16.toFloat(bytes.getShort());
            case I64 -> bytes.getLong();
            case F16 -> Float16.toFloat(bytes.getShort());
            default -> throw new IllegalArgumentException(dtype.toString());
          };
    }
    return values;
  }
}
