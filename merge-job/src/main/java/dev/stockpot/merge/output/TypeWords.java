package dev.stockpot.merge.output;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.checkpoint.ModelConfig;
import dev.stockpot.merge.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** How configurations name the type of the weights. */
final class TypeWords {
  /** The name that transformers 4 reads, and the one that transformers 5 writes. */
  static final List<String> KEYS = List.of("torch_dtype", "dtype");

  private static final Map<DType, String> WORDS =
      Map.of(
          DType.BF16, "bfloat16",
          DType.F16, "float16",
          DType.F32, "float32",
          DType.F64, "float64");

  private TypeWords() {}

  /**
   * The word for a type.
   *
   * @throws IllegalArgumentException if it is none that is written
   */
  static String of(DType dtype) {
    String word = WORDS.get(dtype);
    if (word == null) {
      throw new IllegalArgumentException("no configuration names %s as its type".formatted(dtype));
    }
    return word;
  }

  /** Whether the whole names a type, or the description of the language model in it does. */
  static boolean isNamed(JsonObject config) {
    JsonObject text = ModelConfig.textPart(config);
    return KEYS.stream().anyMatch(key -> config.has(key) || text.has(key));
  }

  /** Changes the whole, and the description of the language model in it. */
  static JsonObject inBothParts(JsonObject config, UnaryOperator<JsonObject> change) {
    return ModelConfig.withTextPart(change.apply(config), change);
  }
}
