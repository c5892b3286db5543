package dev.stockpot.merge.plan;

import dev.stockpot.merge.storage.ByteRange;
import java.util.List;

/**
 * A safetensors file of the merged checkpoint, known to the byte before any tensor is read.
 *
 * @param size in bytes, header and all
 */
public record OutputShard(String file, long size, List<Placed> tensors) {

  /** A tensor and its place in the shard, counted from the file's beginning. */
  public record Placed(PlannedTensor tensor, ByteRange bytes) {}

  public OutputShard {
    tensors = List.copyOf(tensors);
  }

  /** A name of one of its tensors that no tensor of another file of the output has. */
  public String key(String tensor) {
    return key(file, tensor);
  }

  /** The same by the name of the file; tensors of parts are named after their folder already. */
  static String key(String file, String tensor) {
    String folder = file.substring(0, file.lastIndexOf('/') + 1);
    return tensor.startsWith(folder) ? tensor : folder + tensor;
  }
}
