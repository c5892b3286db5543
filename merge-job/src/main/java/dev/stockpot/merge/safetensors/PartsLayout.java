package dev.stockpot.merge.safetensors;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.checkpoint.Surroundings;
import dev.stockpot.merge.output.OutputLayout;
import dev.stockpot.merge.output.OutputTensor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A checkpoint with parts in folders of their own, each laid out as its library has it.
 *
 * @param root of what lies in none of them
 * @param folders of each part, by its name with a slash
 */
public record PartsLayout(SafetensorsLayout root, Map<String, SafetensorsLayout> folders)
    implements OutputLayout {
  private static final long serialVersionUID = 1;

  public PartsLayout {
    requireNonNull(root, "root is null");
    folders = new TreeMap<>(folders); // which can be sent to tasks
  }

  /** The layout of a model that lies as another does. */
  public static OutputLayout of(Surroundings model) {
    SafetensorsLayout root = SafetensorsLayout.of(model.weights());
    if (!model.parts().haveWeights()) {
      return root;
    }
    Map<String, SafetensorsLayout> folders = new TreeMap<>();
    model
        .parts()
        .weights()
        .forEach((folder, files) -> folders.put(folder + "/", SafetensorsLayout.of(files)));
    return new PartsLayout(root, folders);
  }

  @Override
  public String folder(String tensor) {
    return folders.keySet().stream().filter(tensor::startsWith).findFirst().orElse("");
  }

  @Override
  public OutputLayout in(String folder) {
    return folder.isEmpty() ? root : new FolderLayout(folder, folders.get(folder));
  }

  @Override
  public String file(int number, int of) {
    return root.file(number, of);
  }

  @Override
  public OutputLayout beside(String name) {
    return root.beside(name);
  }

  @Override
  public ByteBuffer header(List<OutputTensor> tensors) {
    return root.header(tensors);
  }

  @Override
  public String indexFile() {
    return root.indexFile();
  }

  @Override
  public ByteBuffer index(Map<String, String> files, long bytes) {
    return root.index(files, bytes);
  }
}
