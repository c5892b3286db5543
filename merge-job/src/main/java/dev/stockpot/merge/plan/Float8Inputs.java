package dev.stockpot.merge.plan;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.Source;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What becomes of FP8 tensors: they are widened where they are merged, unless their model holds
 * scales for them, without which their numbers mean nothing. Only as a copy do both stay together.
 */
final class Float8Inputs {
  /** Names of scales in the module of the tensor that they belong to. */
  private static final Pattern SCALE =
      Pattern.compile(
          "(weight|input|output|act|activation|[qkv])_scale(_\\w+)?|scale(_inv|_weight|_input)?");

  private final Map<TensorSource, ModelReference> scaled = new HashMap<>();
  private final Map<ModelReference, TreeMap<String, String>> scales = new HashMap<>();
  private final Map<Source, ModelReference> faults = new LinkedHashMap<>();
  private final List<String> widened = new ArrayList<>();
  private boolean widens;
  private boolean keeps;

  Float8Inputs(Map<ModelReference, Model> models) {
    models.forEach(this::findScales);
  }

  private void findScales(ModelReference reference, Model model) {
    Map<String, List<String>> modules = new LinkedHashMap<>();
    model
        .tensors()
        .forEach(
            (name, source) -> {
              if (source.dtype().isFloat8()) {
                modules.computeIfAbsent(module(name), any -> new ArrayList<>()).add(name);
              }
            });
    if (modules.isEmpty()) {
      return;
    }
    for (String name : model.tensors().keySet()) {
      for (String other : modules.getOrDefault(module(name), List.of())) {
        if (isScale(name, other)) {
          scales.computeIfAbsent(reference, any -> new TreeMap<>()).put(other, name);
          scaled.put(model.tensors().get(other), reference);
          scaled.put(model.tensors().get(name), reference);
        }
      }
    }
  }

  private static boolean isScale(String tensor, String other) {
    String last = tensor.substring(module(tensor).length());
    return !tensor.equals(other)
        && (tensor.startsWith(other + "_scale") || SCALE.matcher(last).matches());
  }

  private static String module(String tensor) {
    return tensor.substring(0, tensor.lastIndexOf('.') + 1);
  }

  /** The type of a merged tensor for which nobody asked for one. */
  static DType mergedType(TensorSource chief) {
    return chief.dtype().isFloat8() ? DType.BF16 : chief.dtype();
  }

  /** Whether a tensor is FP8 with a scale beside it, or such a scale. */
  boolean isScaled(TensorSource tensor) {
    return scaled.containsKey(tensor);
  }

  /** Notes a tensor that became BF16 though nobody asked for it. */
  void addWidened(String output) {
    widened.add(output);
  }

  /** Looks at how an output tensor is made. */
  void check(Route route, TensorWork work) {
    keeps |= work.outputs().stream().anyMatch(output -> output.dtype().isFloat8());
    if (!work.readsNumbers()) {
      return;
    }
    for (Input input : work.inputs()) {
      widens |= input.source().dtype().isFloat8();
      ModelReference model = scaled.get(input.source());
      if (model != null) {
        route.slice().sources().stream()
            .filter(source -> source.model().equals(model))
            .findFirst()
            .ifPresent(source -> faults.put(source, model));
      }
    }
  }

  void report(Problems problems) {
    faults.forEach(
        (source, model) -> {
          Map.Entry<String, String> example = scales.get(model).firstEntry();
          problems.add(
              source.line(),
              ("%s has scales for %s of FP8, for example %s for %s, and they cannot be merged."
                      + " De-quantise the model to bfloat16 first")
                  .formatted(
                      model,
                      Gathering.tensors(scales.get(model).size()),
                      example.getValue(),
                      example.getKey()));
        });
  }

  /** Whether there were FP8 tensors and no output is one. */
  boolean areGone() {
    return widens && !keeps;
  }

  Optional<String> notice() {
    return widened.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "%s of FP8 merged into BF16, as FP8 is read and not written: %s"
                .formatted(Gathering.tensors(widened.size()), Gathering.examples(widened)));
  }
}
