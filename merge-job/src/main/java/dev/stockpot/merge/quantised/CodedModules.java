package dev.stockpot.merge.quantised;

import dev.stockpot.merge.model.TensorSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The modules of a model whose weights are codes: integers, packed floats or FP8 beside scales. FP8
 * without scales is a type of numbers like any other.
 */
public final class CodedModules {
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

  private final Map<String, CodedModule> byTensor = new HashMap<>();
  private final Map<String, CodedModule> byPrefix = new LinkedHashMap<>();

  private CodedModules() {}

  /**
   * Finds them.
   *
   * @param config what the model's configuration says, values by dotted path
   * @param tensors of the model
   */
  public static CodedModules of(
      Map<String, String> config, Map<String, ? extends TensorSource> tensors) {
    QuantMethod method = QuantMethod.of(config);
    Map<String, List<String>> modules = new LinkedHashMap<>();
    tensors
        .keySet()
        .forEach(name -> modules.computeIfAbsent(prefix(name), any -> new ArrayList<>()).add(name));
    CodedModules found = new CodedModules();
    modules.forEach((prefix, names) -> find(prefix, names, tensors, method).ifPresent(found::add));
    return found;
  }

  private static Optional<CodedModule> find(
      String prefix,
      List<String> names,
      Map<String, ? extends TensorSource> tensors,
      QuantMethod method) {
    List<String> float8 =
        names.stream().filter(name -> tensors.get(name).dtype().isFloat8()).toList();
    List<String> codes =
        names.stream()
            .filter(name -> mayBeCodes(tensors.get(name), method))
            .filter(name -> !BUFFER.matcher(name).matches())
            .toList();
    boolean isCoded =
        !codes.isEmpty()
            && (method.isOfIntegers()
                || isPack(prefix, codes, tensors)
                || names.stream().anyMatch(name -> isScale(name.substring(prefix.length()))));
    if (isCoded) {
      List<String> companions =
          names.stream()
              .filter(name -> !codes.contains(name))
              .filter(name -> !BIAS.matcher(name.substring(prefix.length())).matches())
              .toList();
      return Optional.of(
          new CodedModule(
              prefix, method.coding(prefix, codes, companions, tensors), codes, companions));
    }
    return float8.isEmpty() ? Optional.empty() : float8Module(prefix, float8, names);
  }

  private static Optional<CodedModule> float8Module(
      String prefix, List<String> float8, List<String> names) {
    Set<String> codes = new LinkedHashSet<>();
    Set<String> scales = new LinkedHashSet<>();
    for (String name : names) {
      for (String code : float8) {
        if (isFloat8Scale(name, code, prefix)) {
          codes.add(code);
          scales.add(name);
        }
      }
    }
    return Optional.of(List.copyOf(codes))
        .filter(any -> !any.isEmpty())
        .map(all -> new CodedModule(prefix, Coding.FLOAT8, all, List.copyOf(scales)));
  }

  private static boolean isFloat8Scale(String name, String code, String prefix) {
    return !name.equals(code)
        && (name.startsWith(code + "_scale")
            || FLOAT8_SCALE.matcher(name.substring(prefix.length())).matches());
  }

  /** Vectors are none, nor is what has 64 bits where nothing tells of codes. */
  private static boolean mayBeCodes(TensorSource tensor, QuantMethod method) {
    boolean isPacked =
        !tensor.dtype().isReadable()
            && (tensor.dtype().bits() < Long.SIZE || method.isOfIntegers());
    return isPacked
        && !tensor.dtype().name().equals("BOOL")
        && tensor.shape().dimensions().size() >= 2;
  }

  /** Packs of bytes hold their scales themselves. No weight is a matrix of such numbers. */
  private static boolean isPack(
      String prefix, List<String> codes, Map<String, ? extends TensorSource> tensors) {
    return codes.contains(prefix + "weight")
        && tensors.get(prefix + "weight").dtype().bits() == Byte.SIZE;
  }

  private static boolean isScale(String withinModule) {
    return SCALE.matcher(withinModule).matches() && !OTHER_SCALE.matcher(withinModule).matches();
  }

  private static String prefix(String tensor) {
    Matcher below = BELOW_WEIGHT.matcher(tensor);
    return below.matches() ? below.group(1) : tensor.substring(0, tensor.lastIndexOf('.') + 1);
  }

  private void add(CodedModule module) {
    byPrefix.put(module.prefix(), module);
    module.tensors().forEach(tensor -> byTensor.put(tensor, module));
  }

  /** All of them. */
  public Collection<CodedModule> all() {
    return byPrefix.values();
  }

  /** The module that a tensor is a part of, as codes or as a companion of some. */
  public Optional<CodedModule> of(String tensor) {
    return Optional.ofNullable(byTensor.get(tensor));
  }

  /** The module that a tensor lies in, be it the model's or another's of that name. */
  public Optional<CodedModule> around(String tensor) {
    String prefix = prefix(tensor);
    return BIAS.matcher(tensor.substring(prefix.length())).matches()
        ? Optional.empty()
        : Optional.ofNullable(byPrefix.get(prefix));
  }
}
