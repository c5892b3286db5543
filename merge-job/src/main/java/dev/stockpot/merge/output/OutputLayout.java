package dev.stockpot.merge.output;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/**
 * How tensors are laid out in files: what these are called, and what stands in them beside the
 * tensors, which lie one behind the other. It is sent to tasks.
 */
public interface OutputLayout extends Serializable {
  /**
   * The name of a file.
   *
   * @param number of the file, from 1
   * @param of how many there are
   */
  String file(int number, int of);

  /**
   * The layout of a checkpoint that lies in the same output.
   *
   * @param name what tells it from others
   */
  OutputLayout beside(String name);

  /** The folder of the output that a tensor lies in, with its slash; empty: none. */
  default String folder(String tensor) {
    return "";
  }

  /**
   * The layout of the tensors that lie in a folder.
   *
   * @param folder as {@link #folder} says it
   */
  default OutputLayout in(String folder) {
    return this;
  }

  /**
   * What stands in front of the first tensor.
   *
   * @param tensors of the file, in the order in which they lie there
   * @throws IllegalArgumentException if the format cannot hold them: a name that it reserves or
   *     that is there twice, more tensors than its readers accept
   */
  ByteBuffer header(List<OutputTensor> tensors);

  /** The name of the file that says where each tensor is, for an output of several files. */
  String indexFile();

  /**
   * The text of that file.
   *
   * @param files name of the file by name of the tensor
   * @param bytes of all tensors together
   */
  ByteBuffer index(Map<String, String> files, long bytes);
}
