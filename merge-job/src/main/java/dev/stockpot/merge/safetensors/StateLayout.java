package dev.stockpot.merge.safetensors;

import static dev.stockpot.merge.safetensors.SafetensorsLayout.CHECKPOINT;

import dev.stockpot.merge.output.OutputLayout;
import dev.stockpot.merge.output.OutputTensor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A checkpoint of state beside the merged one: in the folder {@code state/NAME} of the output,
 * which can be read as a checkpoint by itself.
 *
 * @param name a plain word
 */
record StateLayout(String name) implements OutputLayout {
  private static final long serialVersionUID = 1;

  StateLayout {
    if (!name.matches("[A-Za-z0-9_]+")) {
      throw new IllegalArgumentException(
          "'%s' is no name of a folder; use letters, digits and _".formatted(name));
    }
  }

  private String folder() {
    return "state/" + name + "/";
  }

  @Override
  public String file(int number, int of) {
    return folder() + CHECKPOINT.file(number, of);
  }

  @Override
  public OutputLayout beside(String other) {
    return new StateLayout(other);
  }

  @Override
  public ByteBuffer header(List<OutputTensor> tensors) {
    return CHECKPOINT.header(tensors);
  }

  @Override
  public String indexFile() {
    return folder() + CHECKPOINT.indexFile();
  }

  @Override
  public ByteBuffer index(Map<String, String> files, long bytes) {
    Map<String, String> plain = new TreeMap<>(files);
    plain.replaceAll((tensor, file) -> file.substring(folder().length()));
    return CHECKPOINT.index(plain, bytes);
  }
}
