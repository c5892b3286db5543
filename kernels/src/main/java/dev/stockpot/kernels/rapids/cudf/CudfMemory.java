package dev.stockpot.kernels.rapids.cudf;

import ai.rapids.cudf.BaseDeviceMemoryBuffer;
import ai.rapids.cudf.DeviceMemoryBuffer;
import ai.rapids.cudf.HostMemoryBuffer;
import ai.rapids.cudf.PinnedMemoryPool;
import dev.stockpot.kernels.rapids.PinnedMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.arrow.memory.ArrowBuf;

/**
 * Bytes between the host and the device. Those of pinned buffers go straight; others through a
 * buffer of cudf's, which costs another copy.
 */
final class CudfMemory {
  private static final int STAGE_BYTES = 16 << 20;

  private final PinnedMemory pinned;

  CudfMemory(PinnedMemory pinned) {
    this.pinned = pinned;
  }

  /** A piece of cudf's pool. */
  private record CudfPiece(HostMemoryBuffer buffer) implements PinnedMemory.Piece {
    @Override
    public long address() {
      return buffer.getAddress();
    }

    @Override
    public long length() {
      return buffer.getLength();
    }

    @Override
    public void close() {
      buffer.close();
    }
  }

  /** The pool that cudf has in this process, empty where nobody made one. */
  static Optional<PinnedMemory.Piece> tryAllocatePinned(long bytes) {
    return hasPool()
        ? Optional.ofNullable(PinnedMemoryPool.tryAllocate(bytes)).map(CudfPiece::new)
        : Optional.empty();
  }

  /** A pool that could not be made fails whoever asks for it, as long as the JVM lives. */
  private static boolean hasPool() {
    try {
      return PinnedMemoryPool.isInitialized();
    } catch (RuntimeException e) {
      return false;
    }
  }

  private static HostMemoryBuffer allocate(long bytes) {
    return HostMemoryBuffer.allocate(bytes, hasPool());
  }

  private static HostMemoryBuffer hostBuffer(PinnedMemory.Place place) {
    return ((CudfPiece) place.piece()).buffer();
  }

  /** Device memory with those bytes of a host buffer. */
  DeviceMemoryBuffer upload(ArrowBuf from, long offset, long bytes) {
    DeviceMemoryBuffer device = DeviceMemoryBuffer.allocate(bytes);
    try {
      Optional<PinnedMemory.Place> place = pinned.find(from.memoryAddress() + offset, bytes);
      if (place.isPresent()) {
        device.copyFromHostBuffer(0, hostBuffer(place.get()), place.get().offset(), bytes);
      } else {
        uploadInStages(from, offset, bytes, device);
      }
      return device;
    } catch (RuntimeException | Error e) {
      device.close();
      throw e;
    }
  }

  private static void uploadInStages(
      ArrowBuf from, long offset, long bytes, DeviceMemoryBuffer device) {
    int most = (int) Math.min(bytes, STAGE_BYTES);
    try (HostMemoryBuffer stage = allocate(most)) {
      for (long done = 0; done < bytes; done += most) {
        int length = (int) Math.min(most, bytes - done);
        from.getBytes(offset + done, stage.asByteBuffer(0, length));
        device.copyFromHostBuffer(done, stage, 0, length);
      }
    }
  }

  /** Device memory that somebody fills on the host. */
  static DeviceMemoryBuffer upload(long bytes, Consumer<ByteBuffer> fill) {
    try (HostMemoryBuffer host = allocate(bytes)) {
      fill.accept(host.asByteBuffer(0, (int) bytes).order(ByteOrder.LITTLE_ENDIAN));
      DeviceMemoryBuffer device = DeviceMemoryBuffer.allocate(bytes);
      try {
        device.copyFromHostBuffer(host);
        return device;
      } catch (RuntimeException | Error e) {
        device.close();
        throw e;
      }
    }
  }

  /** All bytes of a device buffer into a host buffer. */
  void download(BaseDeviceMemoryBuffer from, ArrowBuf into, long offset) {
    long bytes = from.getLength();
    Optional<PinnedMemory.Place> place = pinned.find(into.memoryAddress() + offset, bytes);
    if (place.isPresent()) {
      try (HostMemoryBuffer part = hostBuffer(place.get()).slice(place.get().offset(), bytes)) {
        part.copyFromDeviceBuffer(from);
      }
    } else {
      download(from, bytesRead -> into.setBytes(offset, bytesRead));
    }
  }

  /** All bytes of a device buffer to somebody who reads them on the host. */
  static void download(BaseDeviceMemoryBuffer from, Consumer<ByteBuffer> read) {
    try (HostMemoryBuffer host = allocate(from.getLength())) {
      host.copyFromDeviceBuffer(from);
      read.accept(host.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN));
    }
  }
}
