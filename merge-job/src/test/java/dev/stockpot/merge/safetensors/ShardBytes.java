package dev.stockpot.merge.safetensors;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.output.OutputTensor;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** Makes shards for tests. */
public final class ShardBytes {
  private ShardBytes() {}

  /** A shard with any text as its header, and that many zeros behind it. */
  public static byte[] shard(String header, int dataBytes) {
    return shard(header.getBytes(UTF_8), dataBytes);
  }

  static byte[] shard(byte[] header, int dataBytes) {
    return ByteBuffer.allocate(8 + header.length + dataBytes)
        .order(LITTLE_ENDIAN)
        .putLong(header.length)
        .put(header)
        .array();
  }

  /** A shard of zeros. */
  public static byte[] shard(OutputTensor... tensors) {
    ByteBuffer front = ShardHeaderWriter.encode(List.of(tensors));
    long data = Arrays.stream(tensors).mapToLong(OutputTensor::byteCount).sum();
    return ByteBuffer.allocate(front.remaining() + (int) data).put(front).array();
  }

  /** A shard of small tensors of those names. */
  public static byte[] shardOf(String... names) {
    return shard(
        Arrays.stream(names)
            .map(name -> new OutputTensor(name, DType.BF16, Shape.of(2, 3)))
            .toArray(OutputTensor[]::new));
  }
}
