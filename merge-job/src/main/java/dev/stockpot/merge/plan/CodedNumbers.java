package dev.stockpot.merge.plan;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.quantised.CodedModule;
import dev.stockpot.merge.quantised.CodedModules;
import dev.stockpot.merge.recipe.ModelReference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads models of codes as the numbers that they stand for. Their scales, and those of activations,
 * are gone then.
 */
final class CodedNumbers {
  /** Scales of what a model computes, which mean nothing to one that computes in other types. */
  private static final Pattern OF_ACTIVATIONS =
      Pattern.compile("(.*\\.)?(q|k|v|kv|prob|input|output|act|activation)(_global)?_scale(_inv)?");

  private CodedNumbers() {}

  /** All models so, if each can be. */
  static Optional<Map<ModelReference, Model>> of(Map<ModelReference, Model> models) {
    Map<ModelReference, Model> numbers = new LinkedHashMap<>();
    models.forEach((reference, model) -> of(model).ifPresent(read -> numbers.put(reference, read)));
    return Optional.of(numbers).filter(all -> all.size() == models.size());
  }

  /**
   * A model whose codes are numbers; the same if it has none.
   *
   * @return empty if it has codes that nobody here can read
   */
  static Optional<Model> of(Model model) {
    Map<String, String> config = model.config().values();
    CodedModules modules = CodedModules.of(config, model.tensors());
    if (modules.all().isEmpty()) {
      return Optional.of(model);
    }
    Map<String, TensorSource> tensors = new LinkedHashMap<>(model.tensors());
    for (CodedModule module : modules.all()) {
      Optional<Map<String, TensorSource>> read = module.numbers(model.tensors(), config);
      if (read.isEmpty()) {
        return Optional.empty();
      }
      module.tensors().forEach(tensors::remove);
      tensors.putAll(read.get());
    }
    tensors.keySet().removeIf(name -> OF_ACTIVATIONS.matcher(name).matches());
    return Optional.of(model.with(tensors));
  }

  /** A model without its codes and their scales. */
  static Model leftOut(Model model) {
    Map<String, TensorSource> tensors = new LinkedHashMap<>(model.tensors());
    for (CodedModule module : CodedModules.of(model.config().values(), model.tensors()).all()) {
      module.tensors().forEach(tensors::remove);
    }
    return model.with(tensors);
  }

  /**
   * What a user should know of models that are read so.
   *
   * @param given models, with their codes
   */
  static String notice(Map<ModelReference, Model> given, Optional<DType> dtype) {
    Set<String> kinds = new LinkedHashSet<>();
    List<String> read = new ArrayList<>();
    given.forEach(
        (reference, model) -> {
          CodedModules modules = CodedModules.of(model.config().values(), model.tensors());
          modules.all().forEach(module -> kinds.add(module.codingWords()));
          if (!modules.all().isEmpty()) {
            read.add(reference.toString());
          }
        });
    String what =
        "%s of %s is read times its scales"
            .formatted(String.join(", ", kinds), String.join(", ", read));
    return dtype.filter(type -> !type.isWritable()).isPresent()
        ? what
        : "%s; the output has %s, and no scales"
            .formatted(what, dtype.map(DType::toString).orElse("BF16 in its place"));
  }
}
