package dev.stockpot.merge.safetensors;

import dev.stockpot.merge.output.OutputLayout;
import dev.stockpot.merge.output.OutputTensor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/** Kinds of output in safetensors files: they differ in their names. */
public enum SafetensorsLayout implements OutputLayout {
  /** The weights of a model, named as loaders expect. */
  CHECKPOINT("model");

  private static final String SUFFIX = ".safetensors";

  private final String stem;

  SafetensorsLayout(String stem) {
    this.stem = stem;
  }

  @Override
  public String file(int number, int of) {
    return of == 1 ? stem + SUFFIX : "%s-%05d-of-%05d%s".formatted(stem, number, of, SUFFIX);
  }

  @Override
  public OutputLayout beside(String name) {
    return new StateLayout(name);
  }

  @Override
  public ByteBuffer header(List<OutputTensor> tensors) {
    return ShardHeaderWriter.encode(tensors);
  }

  @Override
  public String indexFile() {
    return stem + SUFFIX + ".index.json";
  }

  @Override
  public ByteBuffer index(Map<String, String> files, long bytes) {
    return new ShardIndex(files).encode(bytes);
  }
}
