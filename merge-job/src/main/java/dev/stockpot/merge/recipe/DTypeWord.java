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

  /** How people call them elsewhere. */
  private static final Map<String, String> NICKNAMES =
      Map.ofEntries(
          Map.entry("fp16", "float16"),
          Map.entry("half", "float16"),
          Map.entry("bf", "bfloat16"),
          Map.entry("bfloat", "bfloat16"),
          Map.entry("bfp16", "bfloat16"),
          Map.entry("brain", "bfloat16"),
          Map.entry("fp32", "float32"),
          Map.entry("float", "float32"),
          Map.entry("single", "float32"),
          Map.entry("full", "float32"),
          Map.entry("fp64", "float64"),
          Map.entry("double", "float64"));

  static final List<String> FLOAT8 = List.of("float8_e4m3fn", "torch.float8_e4m3fn", "F8_E4M3");

  private DTypeWord() {}

  /** What to say of a word that is none: which one is meant, or which there are. */
  public static String remedy(String word) {
    String plain = word.strip().toLowerCase(Locale.ROOT).replace("torch.", "");
    return Optional.ofNullable(NICKNAMES.get(plain))
        .or(() -> Suggestion.closest(plain, all()))
        .map("did you mean `%s`?"::formatted)
        .orElseGet(() -> "must be one of " + String.join(", ", all()));
  }

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

  /** The same of what is written: FP8 is, too, where the base has it with scales. */
  static Optional<DType> written(Section recipe, String key, Problems problems) {
    boolean isFloat8 = recipe.word(key).filter(FLOAT8::contains).isPresent();
    return isFloat8 ? Optional.of(DType.F8_E4M3) : of(recipe, key, problems);
  }

  /** The type that a key of a recipe names; another word is a problem. */
  static Optional<DType> of(Section recipe, String key, Problems problems) {
    Optional<String> word = recipe.word(key);
    Optional<DType> type = word.flatMap(DTypeWord::parse);
    problems.addIf(
        word.isPresent() && type.isEmpty(),
        recipe.lineOf(key),
        "`%s` is %s, %s".formatted(key, word.orElse(""), remedy(word.orElse(""))));
    return type;
  }
}
