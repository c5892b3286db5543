package dev.stockpot.merge.gguf;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.Shown;
import dev.stockpot.merge.checkpoint.ModelConfig;
import dev.stockpot.merge.checkpoint.Surroundings;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.Stored;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.RangeReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What {@code llama-imatrix} saw of a model, under the names that statistics have here: {@code
 * MODULE.gram_diag}, the sum over tokens of each input's square, and {@code MODULE.count}, the
 * number of tokens. Rows of q and k lie in another order in GGUF, and their inputs do not.
 *
 * @param model tensors that hold sums, not means
 * @param unnamed what the file holds of modules that nobody here knows
 * @param unseen experts that no token came to: nothing is known of their inputs
 */
public record Imatrix(Model model, List<String> unnamed, List<String> unseen) {
  /** What it says of itself, in the words of our own statistics. */
  public static final Map<String, String> NOTES = Map.of("kind", "gram_diag", "normalised", "sum");

  private static final int NAMED = 3;
  private static final String SUMS = ".in_sum2";
  private static final String COUNTS = ".counts";
  private static final String WEIGHT = ".weight";
  private static final int MOST_EXPERTS = 1 << 16;

  public Imatrix {
    unnamed = List.copyOf(unnamed);
    unseen = List.copyOf(unseen);
  }

  /**
   * Opens one.
   *
   * @throws dev.stockpot.merge.UserException if the file is none, or broken
   */
  public static Imatrix open(ObjectSource store, Location place) throws IOException {
    GgufFile file = GgufFile.open(store, place);
    if (!file.isImatrix()) {
      throw new GgufException(
          place,
          "it is no importance matrix: general.type is %s"
              .formatted(Shown.quoted(file.text("general.type"))),
          "Give what `llama-imatrix -o FILE.gguf` writes");
    }
    try (RangeReader reader = store.open(file.file())) {
      return new Reading(file, reader).read();
    }
  }

  private static void remark(String what, List<String> names, List<String> remarks) {
    String some = String.join(", ", names.subList(0, Math.min(NAMED, names.size())));
    if (!names.isEmpty()) {
      remarks.add("%s (%s): %s".formatted(what, names.size(), some));
    }
  }

  /** Goes through a file's tensors. */
  private static final class Reading {
    private final GgufFile file;
    private final RangeReader reader;
    private final Map<String, TensorSource> tensors = new LinkedHashMap<>();
    private final List<String> unnamed = new ArrayList<>();
    private final List<String> unseen = new ArrayList<>();

    Reading(GgufFile file, RangeReader reader) {
      this.file = file;
      this.reader = reader;
    }

    Imatrix read() throws IOException {
      for (TensorInfo tensor : file.tensors().values()) {
        if (tensor.name().endsWith(SUMS)) {
          String of = tensor.name().substring(0, tensor.name().length() - SUMS.length());
          add(of, tensor, countsOf(of, tensor));
        }
      }
      Location place = file.file().location();
      if (tensors.isEmpty()) {
        throw new GgufException(
            place,
            "none of its %s tensors is a sum for a module of a model that is built as Llama is"
                .formatted(file.tensors().size()),
            "Give what `llama-imatrix -o FILE.gguf` writes for such a model");
      }
      Model model =
          new Model(
              place,
              tensors,
              ModelConfig.of(JsonObject.EMPTY),
              "",
              List.of(file.file()),
              Map.of(),
              new Surroundings("model", Set.of(), "", Map.of(), remarks()));
      return new Imatrix(model, unnamed, unseen);
    }

    private List<String> remarks() {
      List<String> remarks = new ArrayList<>();
      remark("of modules that have no known name nothing is taken", unnamed, remarks);
      remark("no token came to some experts, of whose inputs nothing is known", unseen, remarks);
      return remarks;
    }

    private TensorInfo countsOf(String of, TensorInfo sums) {
      TensorInfo counts = file.tensors().get(of + COUNTS);
      long matrices = sums.shape().elements() / Math.max(1, sums.shape().rowElements());
      boolean fits =
          counts != null
              && counts.dtype() == DType.F32
              && sums.dtype() == DType.F32
              && counts.shape().elements() == matrices
              && matrices > 0
              && matrices <= MOST_EXPERTS;
      if (!fits) {
        throw new GgufException(
            file.file().location(),
            "%s is %s %s, and %s"
                .formatted(
                    Shown.quoted(sums.name()),
                    sums.dtype(),
                    sums.shape(),
                    counts == null
                        ? "nothing counts its tokens"
                        : "%s beside it is %s %s"
                            .formatted(
                                Shown.quoted(counts.name()), counts.dtype(), counts.shape())),
            GgufException.AGAIN);
      }
      return counts;
    }

    /** A sum and a count for each matrix: several are the experts of a layer. */
    private void add(String of, TensorInfo sums, TensorInfo counts) throws IOException {
      ByteBuffer numbers = ByteBuffer.allocate((int) counts.bytes().length());
      reader.read(counts.bytes().begin(), numbers);
      numbers.flip().order(ByteOrder.LITTLE_ENDIAN);
      String name = of.endsWith(WEIGHT) ? of.substring(0, of.length() - WEIGHT.length()) : of;
      long inputs = sums.shape().rowElements();
      int matrices = numbers.remaining() / Float.BYTES;
      TensorSource all = new Stored(sums).reshaped(Shape.of(matrices, inputs));
      TensorSource every = new Stored(counts).reshaped(Shape.of(matrices));
      for (int i = 0; i < matrices; i++) {
        Optional<String> module =
            GgufNames.expert(name, i)
                .or(() -> matrices == 1 ? GgufNames.module(name) : Optional.empty());
        float count = numbers.getFloat(i * Float.BYTES);
        if (module.isEmpty()) {
          unnamed.add(of);
          return;
        } else if (count == 0) {
          unseen.add(module.get());
        } else {
          tensors.put(
              module.get() + ".gram_diag", all.section(0, i, i + 1).reshaped(Shape.of(inputs)));
          tensors.put(module.get() + ".count", every.section(0, i, i + 1).reshaped(Shape.of()));
        }
      }
    }
  }
}
