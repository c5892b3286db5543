package dev.stockpot.merge.gguf;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.Shown;
import dev.stockpot.merge.checkpoint.ModelConfig;
import dev.stockpot.merge.checkpoint.Surroundings;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonStyle;
import dev.stockpot.merge.json.JsonValue;
import dev.stockpot.merge.json.JsonWriter;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.Stored;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Models in GGUF files, as transformers would hold them: its names of tensors, its order of rows,
 * and a configuration. Tensors of F32, F16 and BF16 are read; nothing else is.
 */
public final class GgufModel {
  static final String EMBEDDING = "token_embd.weight";
  static final String HEAD = "output.weight";

  /** Factors of the frequencies of rotary positions: worked out, not learnt. */
  static final String FREQUENCIES = "rope_freqs.weight";

  private static final Pattern SPLIT = Pattern.compile("(?i).+-\\d{5}-of-\\d{5}\\.gguf");
  private static final Pattern ONLY_FREQUENCIES =
      Pattern.compile("rope_(freqs|factors_long|factors_short)\\.weight");

  private final GgufFile file;
  private final GgufFamily family;
  private final GgufConfig config;

  private GgufModel(GgufFile file) {
    this.file = file;
    this.family = family(file);
    this.config = new GgufConfig(file, family);
  }

  /**
   * Opens the model in a file: its header is read, and none of its tensors.
   *
   * @throws dev.stockpot.merge.UserException if the file is broken, quantised, or of a kind of
   *     model that is not read
   */
  public static Model open(ObjectSource store, Location place) throws IOException {
    return new GgufModel(GgufFile.open(store, place)).read();
  }

  private static GgufFamily family(GgufFile file) {
    Location place = file.file().location();
    if (file.isImatrix()) {
      throw new GgufException(
          place,
          "it is an importance matrix, and no model",
          "Give it under `statistics` of the model that it was made of");
    }
    if (file.whole("split.count").orElse(1) > 1 || SPLIT.matcher(place.name()).matches()) {
      throw new GgufException(
          place,
          "it is one of several files of a model",
          "Join them with `llama-gguf-split --merge` of llama.cpp, and give the file that it"
              + " writes");
    }
    String word = file.architecture().orElse("");
    GgufFamily family =
        GgufFamily.of(word)
            .orElseThrow(
                () ->
                    new GgufException(
                        place,
                        "it holds a model of the kind %s, and those that are read are %s"
                            .formatted(Shown.quoted(word), GgufFamily.words()),
                        "Use the safetensors files that it was made from"));
    if (file.whole(family.key("expert_count")).orElse(0) > 0) {
      throw new GgufException(
          place,
          "it holds a mixture of %s experts, and mixtures are not read from GGUF"
              .formatted(file.whole(family.key("expert_count")).getAsLong()),
          "Use the safetensors files that it was made from");
    }
    return family;
  }

  private Model read() {
    Map<String, TensorSource> tensors = new LinkedHashMap<>();
    List<String> unknown = new ArrayList<>();
    for (TensorInfo tensor : file.tensors().values()) {
      if (ONLY_FREQUENCIES.matcher(tensor.name()).matches()) {
        continue;
      }
      Optional<String> name = name(tensor.name());
      if (name.isPresent() && tensor.dtype().isReadable()) {
        tensors.put(name.get(), source(tensor));
      } else {
        unknown.add(tensor.name());
      }
    }
    if (!unknown.isEmpty() || tensors.isEmpty()) {
      throw new GgufException(
          file.file().location(),
          unknown.isEmpty()
              ? "it holds no tensors"
              : "%s of its %s tensors are none of a %s model, for example %s"
                  .formatted(
                      unknown.size(),
                      file.tensors().size(),
                      family.modelType(),
                      Shown.quoted(unknown.get(0))),
          "Use the safetensors files that it was made from");
    }
    JsonObject values = config.read().with("torch_dtype", JsonValue.of(type(tensors)));
    List<String> remarks = new ArrayList<>(config.remarks());
    remarks.add(
        "its configuration is from what the GGUF file says of it, and no tokenizer goes along: GGUF"
            + " holds none as transformers reads it. Copy the original's tokenizer files");
    return new Model(
        file.file().location(),
        tensors,
        ModelConfig.of(values),
        JsonWriter.text(JsonStyle.PYTHON, values) + "\n",
        List.of(file.file()),
        Map.of(),
        new Surroundings("model", Set.of(), "", Map.of(), remarks));
  }

  private static Optional<String> name(String name) {
    int dot = name.lastIndexOf('.');
    String end = dot < 0 ? "" : name.substring(dot);
    return end.equals(".weight") || end.equals(".bias")
        ? GgufNames.module(name.substring(0, dot)).map(module -> module + end)
        : Optional.empty();
  }

  private TensorSource source(TensorInfo tensor) {
    TensorSource stored = new Stored(tensor);
    if (!family.turnsRows()) {
      return stored;
    }
    boolean isQuery = tensor.name().matches("blk\\.\\d+\\.attn_q\\.(weight|bias)");
    boolean isKey = tensor.name().matches("blk\\.\\d+\\.attn_k\\.(weight|bias)");
    return isQuery
        ? turned(stored, config.heads())
        : isKey ? turned(stored, config.keyHeads()) : stored;
  }

  /**
   * Rows as they were: GGUF has row {@code i} of a head's first half beside row {@code i} of its
   * second half, and transformers has one half behind the other.
   */
  private TensorSource turned(TensorSource stored, long heads) {
    List<Long> axes = stored.shape().dimensions();
    if (axes.isEmpty() || axes.get(0) % (2 * heads) != 0) {
      throw new GgufException(
          file.file().location(),
          "%s rows are no pairs of %s heads".formatted(stored.shape(), heads),
          GgufException.AGAIN);
    }
    if (stored.shape().elements() == 0) {
      return stored;
    }
    long columns = stored.shape().elements() / axes.get(0);
    return stored
        .reshaped(Shape.of(heads, axes.get(0) / heads / 2, 2, columns))
        .exchanged(1, 2)
        .reshaped(stored.shape());
  }

  /** As transformers calls the type of the weights: norms are kept wide beside them. */
  private static String type(Map<String, TensorSource> tensors) {
    DType narrowest =
        tensors.values().stream()
            .map(TensorSource::dtype)
            .min(Comparator.comparingInt(DType::bits))
            .orElseThrow();
    return switch (narrowest) {
      case F16 -> "float16";
      case BF16 -> "bfloat16";
      case F64 -> "float64";
      default -> "float32";
    };
  }
}
