package dev.stockpot.merge.quantised;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names by which quantisers tell codes, scales and other tensors of a module apart. */
final class CodeNames {
  /** Of bitsandbytes and quanto: {@code q_proj.weight.absmax} belongs to {@code q_proj}. */
  private static final Pattern BELOW_WEIGHT =
      Pattern.compile(
          "(.*\\.|)weight\\.(absmax|quant_map|nested_absmax|nested_quant_map|quant_state\\..*|_\\w+)");

  /** Names of what belongs to an FP8 tensor of the same module. */
  private static final Pattern FLOAT8_SCALE =
      Pattern.compile(
          "(weight|input|output|act|activation|[qkv])_scale(_\\w+)?|scale(_inv|_weight|_input)?");

  /** Names of what only codes have beside them. */
  private static final Pattern SCALE =
      Pattern.compile(
          "(\\w+_)?(scales?|scales?_inv|scale_2|zero_point|global_scale|qzeros|g_idx|qdata)"
              + "|weight\\.\\w+|weight\\.quant_state\\..*"
              + "|SCB|zero|zeros|biases|codebooks?|weight_format|qtype|weight_shape");

  /** Scales of other things than codes. */
  private static final Pattern OTHER_SCALE = Pattern.compile("(logit|layer)_scales?");

  /** Whole numbers that count and point, also where a configuration tells of codes. */
  private static final Pattern BUFFER =
      Pattern.compile(".*\\b(\\w+_)?(ids|index|indexes|mask|masks|buckets?|num_batches_tracked)");

  private static final Pattern BIAS = Pattern.compile("(\\w+_)?bias");

  private CodeNames() {}

  /** What the names of all tensors of the same module begin with. */
  static String prefix(String tensor) {
    Matcher below = BELOW_WEIGHT.matcher(tensor);
    return below.matches() ? below.group(1) : tensor.substring(0, tensor.lastIndexOf('.') + 1);
  }

  /** Whether only codes have such a tensor beside them. */
  static boolean isScale(String withinModule) {
    return SCALE.matcher(withinModule).matches() && !OTHER_SCALE.matcher(withinModule).matches();
  }

  /** Whether it belongs to an FP8 tensor of the same module. */
  static boolean isFloat8Scale(String name, String code, String prefix) {
    return !name.equals(code)
        && (name.startsWith(code + "_scale")
            || FLOAT8_SCALE.matcher(name.substring(prefix.length())).matches());
  }

  /** Whether it counts or points, also where a configuration tells of codes. */
  static boolean isBuffer(String tensor) {
    return BUFFER.matcher(tensor).matches();
  }

  static boolean isBias(String withinModule) {
    return BIAS.matcher(withinModule).matches();
  }
}
