package dev.stockpot.merge.safetensors;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.output.OutputLayout;
import dev.stockpot.merge.output.OutputTensor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Files in a folder of the output, which can be read as a checkpoint by itself. Tensors that are
 * named after the folder lose that name in it.
 *
 * @param folder with its slash
 * @param files how they are laid out there
 */
record FolderLayout(String folder, SafetensorsLayout files) implements OutputLayout {
  private static final long serialVersionUID = 1;

  FolderLayout {
    requireNonNull(files, "files are null");
    if (folder.length() < 2 || !folder.endsWith("/")) {
      throw new IllegalArgumentException("'%s' is no folder".formatted(folder));
    }
  }

  /** Of state beside the merged checkpoint: {@code state/NAME}. */
  static FolderLayout ofState(String name) {
    if (!name.matches("[A-Za-z0-9_]+")) {
      throw new IllegalArgumentException(
          "'%s' is no name of a folder; use letters, digits and _".formatted(name));
    }
    return new FolderLayout("state/" + name + "/", SafetensorsLayout.CHECKPOINT);
  }

  private String plain(String name) {
    return name.startsWith(folder) ? name.substring(folder.length()) : name;
  }

  @Override
  public String file(int number, int of) {
    return folder + files.file(number, of);
  }

  @Override
  public OutputLayout beside(String other) {
    return ofState(other);
  }

  @Override
  public ByteBuffer header(List<OutputTensor> tensors) {
    return files.header(
        tensors.stream()
            .map(tensor -> new OutputTensor(plain(tensor.name()), tensor.dtype(), tensor.shape()))
            .toList());
  }

  @Override
  public String indexFile() {
    return folder + files.indexFile();
  }

  @Override
  public ByteBuffer index(Map<String, String> names, long bytes) {
    Map<String, String> plain = new TreeMap<>();
    names.forEach((tensor, file) -> plain.put(plain(tensor), plain(file)));
    return files.index(plain, bytes);
  }
}
