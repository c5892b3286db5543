package dev.stockpot.merge.part;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.merge.model.Patch;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;

/**
 * Copies elements from the buffer that they were read into to where they belong.
 *
 * @param width bytes of an element
 * @param place of the first byte in the target
 */
record Patching(List<Patch> patches, int width, int from, int to, long place)
    implements AssemblyStep {
  @Override
  public void run(List<ArrowBuf> buffers, KernelProvider cpu) {
    for (Patch patch : patches) {
      copy(patch, 0, patch.from(), patch.to(), buffers.get(from), buffers.get(to));
    }
  }

  private void copy(Patch patch, int axis, long source, long target, ArrowBuf from, ArrowBuf to) {
    long count = patch.extents().get(axis);
    long fromStride = patch.fromStrides().get(axis);
    long toStride = patch.toStrides().get(axis);
    boolean isLast = axis == patch.extents().size() - 1;
    if (isLast && fromStride == 1 && toStride == 1) {
      to.setBytes(place + target * width, from, source * width, count * width);
    } else if (isLast) {
      scatter(count, source, fromStride, target, toStride, from, to);
    } else {
      for (long i = 0; i < count; i++) {
        copy(patch, axis + 1, source + i * fromStride, target + i * toStride, from, to);
      }
    }
  }

  private void scatter(
      long count,
      long source,
      long fromStride,
      long target,
      long toStride,
      ArrowBuf from,
      ArrowBuf to) {
    for (long i = 0; i < count; i++) {
      long read = (source + i * fromStride) * width;
      long written = place + (target + i * toStride) * width;
      switch (width) {
        case 1 -> to.setByte(written, from.getByte(read));
        case 2 -> to.setShort(written, from.getShort(read));
        case 4 -> to.setInt(written, from.getInt(read));
        default -> to.setLong(written, from.getLong(read));
      }
    }
  }
}
