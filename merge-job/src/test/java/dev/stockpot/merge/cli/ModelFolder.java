package dev.stockpot.merge.cli;

import dev.stockpot.kernels.number.Bfloat16;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.safetensors.SafetensorsLayout;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Writes small models for tests. */
final class ModelFolder {
  private static final float STEP = 1f / 256;

  private final Path folder;
  private final List<OutputTensor> tensors = new ArrayList<>();
  private final List<byte[]> contents = new ArrayList<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();

  private ModelFolder(Path folder) {
    this.folder = folder;
  }

  static ModelFolder at(Path folder) throws IOException {
    return new ModelFolder(Files.createDirectories(folder));
  }

  ModelFolder file(String name, String text) throws IOException {
    Files.createDirectories(folder.resolve(name).getParent());
    Files.writeString(folder.resolve(name), text);
    return this;
  }

  /** What its files say beside tensors; values are written as they are. */
  ModelFolder metadata(String key, String value) {
    metadata.put(key, value);
    return this;
  }

  ModelFolder tensor(String name, DType dtype, byte[] bytes, long... shape) {
    tensors.add(new OutputTensor(name, dtype, Shape.of(shape)));
    contents.add(bytes);
    return this;
  }

  /** A float32 tensor of one dimension. */
  ModelFolder floats(String name, float... values) {
    return matrix(name, values, values.length);
  }

  /** A float32 tensor. */
  ModelFolder matrix(String name, float[] values, long... shape) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return tensor(name, DType.F32, bytes.array(), shape);
  }

  /**
   * A bfloat16 tensor, the same for the same name. Fine-tunes differ from the base, number 0, by a
   * few steps of equal size, so that many of their changes have the same magnitude.
   */
  ModelFolder bfloats(String name, int fineTune, long... shape) {
    int elements = (int) Shape.of(shape).elements();
    ByteBuffer bytes = ByteBuffer.allocate(elements * 2).order(ByteOrder.LITTLE_ENDIAN);
    Random base = new Random(name.hashCode());
    Random steps = new Random(name.hashCode() * 31L + fineTune);
    for (int i = 0; i < elements; i++) {
      float value = (base.nextInt(128) - 64) * STEP;
      bytes.putShort(
          Bfloat16.fromFloat(fineTune == 0 ? value : value + (steps.nextInt(9) - 4) * STEP));
    }
    return tensor(name, DType.BF16, bytes.array(), shape);
  }

  /** A float32 tensor of which all elements are the same. */
  ModelFolder filled(String name, float value, long... shape) {
    ByteBuffer bytes =
        ByteBuffer.allocate((int) Shape.of(shape).elements() * 4).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      bytes.putFloat(value);
    }
    return tensor(name, DType.F32, bytes.array(), shape);
  }

  Path write() throws IOException {
    return write("model.safetensors");
  }

  /** An adapter, with what its configuration says beside its kind. */
  Path adapter(String config) throws IOException {
    file("adapter_config.json", "{\"peft_type\": \"LORA\", %s}".formatted(config));
    return write("adapter_model.safetensors");
  }

  /** In one file of that name. */
  Path write(String file) throws IOException {
    write(file, 0, tensors.size());
    return folder;
  }

  private void write(String file, int from, int to) throws IOException {
    try (OutputStream out = Files.newOutputStream(folder.resolve(file))) {
      out.write(header(SafetensorsLayout.CHECKPOINT.header(tensors.subList(from, to)).array()));
      for (byte[] content : contents.subList(from, to)) {
        out.write(content);
      }
    }
  }

  /** With its own metadata behind those that every header has. */
  private byte[] header(byte[] plain) {
    if (metadata.isEmpty()) {
      return plain;
    }
    StringBuilder entries = new StringBuilder("\"__metadata__\":{");
    metadata.forEach(
        (key, value) ->
            entries.append("\"%s\":\"%s\",".formatted(key, value.replace("\"", "\\\""))));
    String json = new String(plain, 8, plain.length - 8, StandardCharsets.UTF_8);
    String named = json.replace("\"__metadata__\":{", entries).stripTrailing();
    byte[] text =
        (named + " ".repeat(7 - (named.length() + 7) % 8)).getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + text.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(text.length)
        .put(text)
        .array();
  }

  /** In several files, with their index, as a library names them. */
  Path write(SafetensorsLayout layout, int files) throws IOException {
    Map<String, String> index = new LinkedHashMap<>();
    int perFile = (tensors.size() + files - 1) / files;
    for (int i = 0; i < files; i++) {
      String file = layout.file(i + 1, files);
      int to = Math.min(tensors.size(), (i + 1) * perFile);
      write(file, i * perFile, to);
      tensors.subList(i * perFile, to).forEach(tensor -> index.put(tensor.name(), file));
    }
    Files.write(folder.resolve(layout.indexFile()), layout.index(index, 0).array());
    return folder;
  }
}
