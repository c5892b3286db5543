package dev.stockpot.merge.align;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stockpot.kernels.matrix.Permutation;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.checkpoint.Checkpoint;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.safetensors.CheckpointReader;
import dev.stockpot.merge.safetensors.SafetensorsLayout;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.local.LocalStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A small model of a kind, as {@code transformers}, {@code timm} or plain PyTorch write it: its
 * configuration, names and shapes are theirs, its numbers drawn.
 *
 * @param config.json as text
 * @param numbers of each tensor, in row-major order
 */
record TinyModel(String config, Map<String, OutputTensor> tensors, Map<String, double[]> numbers) {
  private static final int NAME = 0;
  private static final int TYPE = 1;

  static TinyModel of(String kind, long seed) throws IOException {
    return of(lines(kind), seed);
  }

  /** The same of a configuration, and lines of names, types and dimensions. */
  static TinyModel of(List<String> lines, long seed) {
    Map<String, OutputTensor> tensors = new TreeMap<>();
    Map<String, double[]> numbers = new LinkedHashMap<>();
    Random random = new Random(seed);
    for (String line : lines.subList(1, lines.size())) {
      String[] words = line.split(" ");
      long[] shape = Arrays.stream(words).skip(TYPE + 1).mapToLong(Long::parseLong).toArray();
      OutputTensor tensor =
          new OutputTensor(words[NAME], DType.valueOf(words[TYPE]), Shape.of(shape));
      tensors.put(tensor.name(), tensor);
      double[] drawn = new double[Math.toIntExact(tensor.shape().elements())];
      Arrays.setAll(drawn, any -> (float) random.nextGaussian());
      if (tensor.dtype() == DType.I64) {
        Arrays.fill(drawn, (float) (1000 + seed));
      }
      numbers.put(tensor.name(), drawn);
    }
    return new TinyModel(lines.get(0), tensors, numbers);
  }

  private static List<String> lines(String kind) throws IOException {
    try (InputStream in = TinyModel.class.getResourceAsStream(kind + ".txt")) {
      return new String(in.readAllBytes(), UTF_8).lines().toList();
    }
  }

  /** The same with places along axes of tensors in other orders. */
  TinyModel with(Map<String, Map<Integer, Permutation>> orders) {
    Map<String, double[]> moved = new LinkedHashMap<>(numbers);
    orders.forEach(
        (name, axes) ->
            axes.forEach(
                (axis, order) ->
                    moved.computeIfPresent(
                        name, (any, old) -> moved(old, tensors.get(name).shape(), axis, order))));
    return new TinyModel(config, tensors, moved);
  }

  /** The same with tensors in the places of others: from which each is taken. */
  TinyModel renamed(Map<String, String> from) {
    Map<String, double[]> moved = new LinkedHashMap<>(numbers);
    from.forEach((name, other) -> moved.put(name, numbers.get(other)));
    return new TinyModel(config, tensors, moved);
  }

  /** Element by element, in the plainest way. */
  private static double[] moved(double[] old, Shape shape, int axis, Permutation order) {
    int inner = 1;
    for (int i = axis + 1; i < shape.dimensions().size(); i++) {
      inner *= Math.toIntExact(shape.dimensions().get(i));
    }
    int length = order.size();
    double[] moved = new double[old.length];
    for (int element = 0; element < old.length; element++) {
      int place = element / inner % length;
      moved[element] = old[element + (order.at(place) - place) * inner];
    }
    return moved;
  }

  /** Writes it and opens it. */
  Model write(Path folder) throws IOException {
    Files.createDirectories(folder);
    if (!config.equals("{}")) {
      Files.writeString(folder.resolve("config.json"), config);
    }
    List<OutputTensor> all = new ArrayList<>(tensors.values());
    try (OutputStream out = Files.newOutputStream(folder.resolve("model.safetensors"))) {
      out.write(SafetensorsLayout.CHECKPOINT.header(all).array());
      for (OutputTensor tensor : all) {
        out.write(bytes(tensor));
      }
    }
    Checkpoint checkpoint =
        CheckpointReader.open(new LocalStore(), new Location(folder.toString()));
    return Model.of(checkpoint);
  }

  private byte[] bytes(OutputTensor tensor) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.toIntExact(tensor.byteCount())).order(ByteOrder.LITTLE_ENDIAN);
    for (double number : numbers.get(tensor.name())) {
      switch (tensor.dtype()) {
        case F32 -> bytes.putFloat((float) number);
        case F64 -> bytes.putDouble(number);
        case I64 -> bytes.putLong((long) number);
        default -> throw new IllegalArgumentException("no " + tensor.dtype() + " in tests");
      }
    }
    return bytes.array();
  }

  /** The bytes of every tensor of a folder. */
  static Map<String, ByteBuffer> bytes(Path folder) throws IOException {
    LocalStore store = new LocalStore();
    Map<String, ByteBuffer> all = new TreeMap<>();
    Checkpoint checkpoint = CheckpointReader.open(store, new Location(folder.toString()));
    byte[] file;
    for (var tensor : checkpoint.tensors().values()) {
      file = Files.readAllBytes(Path.of(tensor.shard().location().path()));
      int begin = Math.toIntExact(tensor.bytes().begin());
      int length = Math.toIntExact(tensor.bytes().length());
      all.put(tensor.name(), ByteBuffer.wrap(file, begin, length).slice());
    }
    return all;
  }
}
