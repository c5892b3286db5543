package dev.stockpot.merge.adapter;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the name of an adapter's tensor says.
 *
 * @param module what it belongs to, in the base's names; for a whole copy, the tensor's name
 */
record AdapterKey(String module, Part part) {
  private static final String PREFIX = "base_model.model.";

  /** Where PEFT has put the base's own module. */
  static final String BASE_LAYER = ".base_layer";

  /** {@code .default}, which files have that were not written by {@code save_pretrained}. */
  private static final String ADAPTER_NAME = "(?:\\.(?!weight$|bias$)[^.]+)?";

  /** What a tensor of an adapter is for. */
  enum Part {
    A("lora_A" + ADAPTER_NAME + "\\.weight"),
    B("lora_B" + ADAPTER_NAME + "\\.weight"),
    BIAS("lora_B" + ADAPTER_NAME + "\\.bias"),
    EMBEDDING_A("lora_embedding_A" + ADAPTER_NAME),
    EMBEDDING_B("lora_embedding_B" + ADAPTER_NAME),
    MAGNITUDE("lora_magnitude_vector" + ADAPTER_NAME + "(?:\\.weight)?"),
    TOKENS("token_adapter\\.trainable_tokens_delta" + ADAPTER_NAME),
    /** A tensor of the base as it is after training. */
    COPY("");

    private final Pattern name;

    Part(String rest) {
      this.name = Pattern.compile("(.+)\\." + rest);
    }
  }

  /** Names within a module of forms that are no LoRA: {@code lora_E}, {@code lora_diag}. */
  private static final Pattern OTHER_FORM =
      Pattern.compile("(.*\\.)?(lora|ada|hada|lokr|oft|vera)_.*");

  /** What wraps a module that is trained as a whole, or of which some rows are. */
  private static final Pattern WRAPPERS =
      Pattern.compile("\\.(?:modules_to_save(?:\\.default)?|original_module|token_adapter)(?=\\.)");

  /** What a name says; empty if it is of no form that is known. */
  static Optional<AdapterKey> of(String name) {
    String rest = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
    for (Part part : Part.values()) {
      Matcher matcher = part.name.matcher(rest);
      if (part != Part.COPY && matcher.matches()) {
        return Optional.of(new AdapterKey(matcher.group(1), part));
      }
    }
    if (OTHER_FORM.matcher(rest).matches()) {
      return Optional.empty();
    }
    String plain = WRAPPERS.matcher(rest).replaceAll("").replace(BASE_LAYER + ".", ".");
    return Optional.of(new AdapterKey(plain, Part.COPY));
  }

  /** Whether the module is one within which another change lies: of its first parameter. */
  static boolean isInner(String module) {
    return module.endsWith(BASE_LAYER);
  }

  /** The module as the base calls it. */
  static String plain(String module) {
    String outer = module;
    while (isInner(outer)) {
      outer = outer.substring(0, outer.length() - BASE_LAYER.length());
    }
    return outer.replace(BASE_LAYER + ".", ".");
  }
}
