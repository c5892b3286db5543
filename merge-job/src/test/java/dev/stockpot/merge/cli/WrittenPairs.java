package dev.stockpot.merge.cli;

import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** An adapter as it lies in a folder, and the change that it makes of each module. */
final class WrittenPairs {
  private static final String PREFIX = "base_model.model.";

  private final Path folder;
  private final Tensors tensors;

  WrittenPairs(Path folder) throws IOException {
    this.folder = folder;
    // a file of that name is no checkpoint to our reader, and one in a folder of its own is
    Path copy = Files.createTempDirectory(folder.getParent(), "adapter");
    Files.copy(folder.resolve("adapter_model.safetensors"), copy.resolve("model.safetensors"));
    this.tensors = new Tensors(copy);
  }

  JsonObject config() {
    return Golden2Case.object(folder.resolve("adapter_config.json"));
  }

  Set<String> names() {
    return tensors.checkpoint().tensors().keySet();
  }

  TensorInfo tensor(String name) {
    return tensors.checkpoint().tensors().get(name);
  }

  double[] values(String name) throws IOException {
    return tensors.values(name);
  }

  int rank(String module) {
    return Math.toIntExact(tensor(a(module)).shape().dimensions().get(0));
  }

  /** {@code B A}, row by row: alpha is the rank of each module. */
  double[] change(String module) throws IOException {
    return product(values(b(module)), values(a(module)), rank(module));
  }

  /** The same of an embedding, as its weight lies. */
  double[] changeOfEmbedding(String module) throws IOException {
    String name = PREFIX + module + ".lora_embedding_";
    int rank = Math.toIntExact(tensor(name + "A").shape().dimensions().get(0));
    return turned(
        product(values(name + "B"), values(name + "A"), rank),
        Math.toIntExact(tensor(name + "B").shape().dimensions().get(0)));
  }

  static double[] turned(double[] matrix, int rows) {
    int columns = matrix.length / rows;
    double[] turned = new double[matrix.length];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        turned[j * rows + i] = matrix[i * columns + j];
      }
    }
    return turned;
  }

  private static double[] product(double[] b, double[] a, int rank) {
    int rows = b.length / rank;
    int columns = a.length / rank;
    double[] product = new double[rows * columns];
    for (int i = 0; i < rows; i++) {
      for (int k = 0; k < rank; k++) {
        for (int j = 0; j < columns; j++) {
          product[i * columns + j] += b[i * rank + k] * a[k * columns + j];
        }
      }
    }
    return product;
  }

  private static String a(String module) {
    return PREFIX + module + ".lora_A.weight";
  }

  private static String b(String module) {
    return PREFIX + module + ".lora_B.weight";
  }
}
