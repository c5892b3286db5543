package dev.stockpot.merge.plan;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.model.Dequantised;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.quantised.CodedModule;
import dev.stockpot.merge.quantised.CodedModules;
import dev.stockpot.merge.recipe.ModelReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads FP8 with scales as the numbers that they stand for: by blocks as DeepSeek stores them, by
 * rows, by groups, or with one scale for a tensor. The scales, and those of activations, are gone
 * then.
 */
final class Float8Numbers {
  /** What a quantiser calls the scale of a tensor: it is always multiplied, despite {@code inv}. */
  private static final List<String> SCALES =
      List.of("_scale_inv", "_scale", "_scales_inv", "_scales");

  /** Scales of what a model computes, which mean nothing to one that computes in other types. */
  private static final Pattern OF_ACTIVATIONS =
      Pattern.compile("(.*\\.)?(q|k|v|kv|prob|input|output|act|activation)_scale(_inv)?");

  /** Where configurations say how large blocks are. */
  private static final Pattern BLOCK_KEY =
      Pattern.compile("(.*\\.)?(weight_block_size|weights\\.block_structure)");

  private static final Pattern TWO_NUMBERS = Pattern.compile("\\D*(\\d{1,9})\\D+(\\d{1,9})\\D*");

  private final Model model;
  private final Optional<List<Long>> block;

  private Float8Numbers(Model model) {
    this.model = model;
    this.block =
        model.config().values().entrySet().stream()
            .filter(entry -> BLOCK_KEY.matcher(entry.getKey()).matches())
            .map(entry -> TWO_NUMBERS.matcher(entry.getValue()))
            .filter(Matcher::matches)
            .map(sizes -> List.of(Long.valueOf(sizes.group(1)), Long.valueOf(sizes.group(2))))
            .filter(sizes -> !sizes.contains(0L))
            .findFirst();
  }

  /** All models so, if each can be. */
  static Optional<Map<ModelReference, Model>> of(Map<ModelReference, Model> models) {
    Map<ModelReference, Model> numbers = new LinkedHashMap<>();
    models.forEach((reference, model) -> of(model).ifPresent(read -> numbers.put(reference, read)));
    return Optional.of(numbers).filter(all -> all.size() == models.size());
  }

  /**
   * A model whose FP8 tensors are numbers; the same if it has none with scales.
   *
   * @return empty if it has codes of another kind, or scales that nobody can tell the blocks of
   */
  static Optional<Model> of(Model model) {
    CodedModules modules = CodedModules.of(model.config().values(), model.tensors());
    if (modules.all().isEmpty()) {
      return Optional.of(model);
    }
    Map<String, TensorSource> tensors = new LinkedHashMap<>(model.tensors());
    Float8Numbers numbers = new Float8Numbers(model);
    for (CodedModule module : modules.all()) {
      for (String codes : module.codes()) {
        Optional<TensorSource> read =
            module.isFloat8() ? numbers.read(codes, module) : Optional.empty();
        if (read.isEmpty()) {
          return Optional.empty();
        }
        tensors.put(codes, read.get());
      }
      module.companions().forEach(tensors::remove);
    }
    tensors.keySet().removeIf(name -> OF_ACTIVATIONS.matcher(name).matches());
    return Optional.of(model.with(tensors).withoutQuantisers());
  }

  /** What a user should know of models that are read so. */
  static String notice(Map<ModelReference, Model> models, Optional<DType> dtype) {
    List<String> read = new ArrayList<>();
    models.forEach(
        (reference, model) -> {
          boolean isRead =
              model.tensors().values().stream()
                  .anyMatch(source -> source.dtype() != source.storedType());
          if (isRead) {
            read.add(reference.toString());
          }
        });
    return "FP8 of %s is read times its scales; the output has %s, and no scales"
        .formatted(String.join(", ", read), dtype.map(DType::toString).orElse("BF16 in its place"));
  }

  private Optional<TensorSource> read(String name, CodedModule module) {
    TensorSource codes = model.tensors().get(name);
    return SCALES.stream()
        .map(end -> name + end)
        .filter(module.companions()::contains)
        .findFirst()
        .map(model.tensors()::get)
        .filter(scales -> scales.dtype().isReadable())
        .flatMap(
            scales ->
                blocks(codes.shape().dimensions(), scales.shape().dimensions())
                    .map(sizes -> new Dequantised(codes, scales, sizes)));
  }

  /** How many elements a block has along each axis; empty if the scales fit no blocks. */
  private Optional<List<Long>> blocks(List<Long> codes, List<Long> scales) {
    if (codes.isEmpty() || codes.contains(0L)) {
      return Optional.empty();
    }
    if (scales.stream().allMatch(length -> length == 1)) {
      return Optional.of(codes);
    }
    List<Long> each = new ArrayList<>(scales);
    if (scales.size() < codes.size()) { // a scale for each row, or for each expert
      each.addAll(Collections.nCopies(codes.size() - scales.size(), 1L));
    }
    if (each.size() != codes.size()) {
      return Optional.empty();
    }
    List<Long> sizes = new ArrayList<>();
    for (int axis = 0; axis < codes.size(); axis++) {
      Optional<Long> size = size(codes.get(axis), each.get(axis), axis - codes.size() + 2);
      if (size.isEmpty()) {
        return Optional.empty();
      }
      sizes.add(size.get());
    }
    return Optional.of(sizes);
  }

  /**
   * Elements of a block along an axis.
   *
   * @param place 0 for rows, 1 for columns, less for what lies around
   */
  private Optional<Long> size(long length, long blocks, int place) {
    if (blocks == 1) {
      return Optional.of(length);
    }
    if (blocks == length) {
      return Optional.of(1L);
    }
    if (block.isPresent() && place >= 0) {
      long said = block.get().get(place);
      return (length + said - 1) / said == blocks ? Optional.of(said) : Optional.empty();
    }
    return blocks > 0 && length % blocks == 0 ? Optional.of(length / blocks) : Optional.empty();
  }
}
