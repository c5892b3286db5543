package dev.stockpot.merge.recipe;

import dev.stockpot.kernels.number.DType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Names of element types as recipes spell them: PyTorch's words, or those of safetensors. */
public final class DTypeWord {
  private static final Map<String, DType> WORDS = new LinkedHashMap<>();

  static {
    WORDS.put("float32", DType.F32);
    WORDS.put("float16", DType.F16);
    WORDS.put("bfloat16", DType.BF16);
    WORDS.put("float64", DType.F64);
  }

  private DTypeWord() {}

  /** The type of that name, if there is one that can be written. */
  public static Optional<DType> parse(String word) {
    String plain = word.startsWith("torch.") ? word.substring("torch.".length()) : word;
    return Optional.ofNullable(WORDS.get(plain))
        .or(() -> DType.named(word.toUpperCase(Locale.ROOT)).filter(DType::isWritable));
  }

  /** The names, PyTorch's. */
  public static List<String> all() {
    return List.copyOf(WORDS.keySet());
  }
}
