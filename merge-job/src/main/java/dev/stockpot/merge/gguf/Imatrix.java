package dev.stockpot.merge.gguf;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.checkpoint.Checkpoint;
import dev.stockpot.merge.checkpoint.Surroundings;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An importance matrix of llama.cpp: sums of squares of what goes into each matrix, which are the
 * diagonals of Gram matrices. Permutations of rows that GGUF has do not reach inputs.
 *
 * @see <a href="https://github.com/ggml-org/llama.cpp/tree/master/tools/imatrix">llama-imatrix</a>
 */
public final class Imatrix {
  private static final String KIND = "imatrix";
  private static final String SQUARES = ".in_sum2";
  private static final String COUNTS = ".counts";
  private static final int NAMED = 3;

  private Imatrix() {}

  /** Whether a file is one by its name. */
  public static boolean isAt(Location place) {
    return place.name().endsWith(".gguf") || place.name().endsWith(".dat");
  }

  /**
   * Opens one as statistics of the names that our models have.
   *
   * @throws dev.stockpot.merge.UserException if it is none
   */
  public static Checkpoint open(ObjectSource store, Location place) throws IOException {
    StoredObject file =
        store.find(place).orElseThrow(() -> new NoSuchFileException(place.toString()));
    GgufHeader header = GgufHeader.read(store, file);
    if (!header.texts().getOrDefault("general.type", List.of()).equals(List.of(KIND))) {
      throw new CorruptGgufException(
          place,
          "it holds a model, not an importance matrix",
          "`llama-imatrix` makes one; of models, name the safetensors files");
    }
    Map<String, TensorInfo> tensors = new LinkedHashMap<>();
    List<String> left = new ArrayList<>();
    for (Map.Entry<String, GgufHeader.Tensor> entry : header.tensors().entrySet()) {
      if (entry.getKey().endsWith(SQUARES)) {
        String tensor = entry.getKey().substring(0, entry.getKey().length() - SQUARES.length());
        add(tensor, header, file, tensors, left);
      }
    }
    if (tensors.isEmpty()) {
      throw new CorruptGgufException(
          place,
          "it has nothing of modules whose names are known",
          "Models of Llama's kind are; of others, make `gram_diag` with stockpot-tools");
    }
    return new Checkpoint(
        place, List.of(file), tensors, "", Map.of(), surroundings(left));
  }

  private static void add(
      String tensor,
      GgufHeader header,
      StoredObject file,
      Map<String, TensorInfo> tensors,
      List<String> left) {
    GgufHeader.Tensor squares = header.tensors().get(tensor + SQUARES);
    GgufHeader.Tensor counts = header.tensors().get(tensor + COUNTS);
    boolean isOfOne =
        counts != null
            && counts.shape().elements() == 1
            && squares.shape().elements() == squares.shape().rowElements();
    ImatrixNames.module(tensor)
        .filter(any -> isOfOne)
        .ifPresentOrElse(
            module -> {
              String name = module + ".gram_diag";
              Shape inputs = Shape.of(squares.shape().elements());
              tensors.put(name, new TensorInfo(name, DType.F32, inputs, file, squares.bytes()));
              String count = module + ".count";
              tensors.put(
                  count, new TensorInfo(count, DType.F32, Shape.of(1), file, counts.bytes()));
            },
            () -> left.add(tensor));
  }

  private static Surroundings surroundings(List<String> left) {
    if (left.isEmpty()) {
      return Surroundings.UNKNOWN;
    }
    String names = String.join(", ", left.subList(0, Math.min(NAMED, left.size())));
    return new Surroundings(
        "model",
        Set.of(),
        "",
        Map.of(),
        List.of(
            "of %s tensors nothing is taken, as their modules' names are not known or they are experts: %s%s"
                .formatted(left.size(), names, left.size() > NAMED ? ", …" : "")));
  }

  /** What it says of itself, in the words of our own statistics. */
  public static Map<String, String> notes(ObjectSource store, StoredObject file)
      throws IOException {
    GgufHeader header = GgufHeader.read(store, file);
    Map<String, String> notes = new LinkedHashMap<>();
    notes.put("kind", "gram_diag");
    notes.put("normalised", "sum");
    List<String> data = header.texts().getOrDefault("imatrix.datasets", List.of());
    if (!data.isEmpty()) {
      notes.put("dataset_note", String.join(", ", data));
    }
    return notes;
  }
}
