package dev.stockpot.merge.quantised;

import dev.stockpot.kernels.number.DType;
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

/**
 * The modules of a model whose weights are codes: integers, packed floats or FP8 beside scales. FP8
 * without scales is a type of numbers like any other.
 */
public final class CodedModules {
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
        .forEach(
            name ->
                modules
                    .computeIfAbsent(CodeNames.prefix(name), any -> new ArrayList<>())
                    .add(name));
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
            .filter(name -> !CodeNames.isBuffer(name))
            .toList();
    boolean isCoded =
        !codes.isEmpty()
            && (method.isOfIntegers()
                || isPack(prefix, codes, tensors)
                || names.stream()
                    .anyMatch(name -> CodeNames.isScale(name.substring(prefix.length()))));
    if (isCoded) {
      List<String> companions =
          names.stream()
              .filter(name -> !codes.contains(name))
              .filter(name -> !CodeNames.isBias(name.substring(prefix.length())))
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
        if (CodeNames.isFloat8Scale(name, code, prefix)) {
          codes.add(code);
          scales.add(name);
        }
      }
    }
    return Optional.of(List.copyOf(codes))
        .filter(any -> !any.isEmpty())
        .map(all -> new CodedModule(prefix, Coding.FLOAT8, all, List.copyOf(scales)));
  }

  /** Vectors are none, nor are exponents, nor is what has 64 bits where nothing tells of codes. */
  private static boolean mayBeCodes(TensorSource tensor, QuantMethod method) {
    boolean isPacked =
        !tensor.dtype().isReadable()
            && (tensor.dtype().bits() < Long.SIZE || method.isOfIntegers());
    return isPacked
        && tensor.dtype() != DType.F8_E8M0 // nothing but scales is stored so
        && !tensor.dtype().name().equals("BOOL")
        && tensor.shape().dimensions().size() >= 2;
  }

  /** Packs of bytes hold their scales themselves. No weight is a matrix of such numbers. */
  private static boolean isPack(
      String prefix, List<String> codes, Map<String, ? extends TensorSource> tensors) {
    return codes.contains(prefix + "weight")
        && tensors.get(prefix + "weight").dtype().bits() == Byte.SIZE;
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
    String prefix = CodeNames.prefix(tensor);
    return CodeNames.isBias(tensor.substring(prefix.length()))
        ? Optional.empty()
        : Optional.ofNullable(byPrefix.get(prefix));
  }
}
