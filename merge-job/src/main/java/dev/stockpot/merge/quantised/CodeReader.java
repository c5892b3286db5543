package dev.stockpot.merge.quantised;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.model.Dequantised;
import dev.stockpot.merge.model.Dequantised.Step;
import dev.stockpot.merge.model.Packing;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.model.Unpacked;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads the codes of a module as the numbers that they stand for, in float32.
 *
 * @param module whose tensors all are there
 * @param tensors of its model
 * @param quantiser what the model's configuration says
 */
record CodeReader(
    CodedModule module, Map<String, ? extends TensorSource> tensors, Quantiser quantiser) {
  /** What a quantiser calls the scale of a tensor: it is always multiplied, despite {@code inv}. */
  private static final List<String> SCALES =
      List.of("_scale_inv", "_scale", "_scales_inv", "_scales");

  private static final long NVFP4_GROUP = 16;
  private static final long MXFP4_GROUP = 32;

  /** A tensor of the module by its name there. */
  private Optional<TensorSource> part(String name) {
    String full = module.prefix() + name;
    return module.tensors().contains(full) ? Optional.of(tensors.get(full)) : Optional.empty();
  }

  /** The module's weight, by its name. */
  Map<String, TensorSource> asWeight(TensorSource numbers) {
    return Map.of(module.prefix() + "weight", numbers);
  }

  /**
   * Reads all codes whose names have an ending, which they lose.
   *
   * @return empty if one cannot be read, or there is none
   */
  Optional<Map<String, TensorSource>> eachOf(
      String ending, Function<String, Optional<TensorSource>> read) {
    Map<String, TensorSource> numbers = new LinkedHashMap<>();
    for (String name : module.codes()) {
      if (name.endsWith(ending)) {
        Optional<TensorSource> source = read.apply(name);
        if (source.isEmpty()) {
          return Optional.empty();
        }
        numbers.put(name.substring(0, name.length() - ending.length()), source.get());
      }
    }
    return Optional.of(numbers).filter(all -> !all.isEmpty());
  }

  /** FP8 with its scales: by blocks, by rows, by groups, or one for all. */
  Optional<TensorSource> scaledFloats(String name) {
    TensorSource codes = tensors.get(name);
    return SCALES.stream()
        .map(end -> name + end)
        .filter(module.companions()::contains)
        .findFirst()
        .<TensorSource>map(tensors::get)
        .flatMap(scales -> numbers(scales, codes.shape().dimensions()))
        .flatMap(
            scales ->
                new ScaleBlocks(quantiser.block())
                    .of(codes.shape().dimensions(), scales.shape().dimensions())
                    .map(sizes -> new Dequantised(codes, scales, sizes)));
  }

  /** Scales as numbers; powers of two may be stored as their exponents. */
  private static Optional<TensorSource> numbers(TensorSource scales, List<Long> codes) {
    if (scales.dtype() == DType.F8_E8M0 && !codes.isEmpty()) {
      return Optional.of(new Unpacked(scales, Packing.EXPONENT, scales.shape()));
    }
    return Optional.of(scales).filter(some -> some.dtype().isReadable());
  }

  /** Integers of compressed-tensors: packed in words, or a byte each. */
  Optional<TensorSource> integers() {
    boolean isPacked = quantiser.isFormat("pack-quantized");
    Optional<TensorSource> stored = part(isPacked ? "weight_packed" : "weight");
    Optional<TensorSource> scales = part("weight_scale").filter(some -> some.dtype().isReadable());
    if (stored.isEmpty()
        || scales.isEmpty()
        || !isMatrix(stored.get())
        || !isMatrix(scales.get())
        || !(isPacked || quantiser.isFormat("int-quantized"))) {
      return Optional.empty();
    }
    Optional<Packing> packing = isPacked ? packing() : Optional.of(Packing.SIGNED);
    return packing.flatMap(
        kind ->
            new PackedIntegers(
                    stored.get(),
                    scales.get(),
                    part("weight_zero_point"),
                    part("weight_g_idx"),
                    kind,
                    quantiser)
                .read());
  }

  private Optional<Packing> packing() {
    long bits = quantiser.bits().orElse(0L);
    return bits == 4
        ? Optional.of(Packing.INT4)
        : bits == 8 ? Optional.of(Packing.INT8) : Optional.empty();
  }

  /** Elements of four bits in groups of 16 or 32, with a scale for each and often one for all. */
  Optional<TensorSource> smallFloats() {
    boolean isCompressed = part("weight_packed").isPresent();
    Optional<TensorSource> stored = part(isCompressed ? "weight_packed" : "weight");
    Optional<TensorSource> scales = part("weight_scale");
    Optional<TensorSource> forAll = part(isCompressed ? "weight_global_scale" : "weight_scale_2");
    if (stored.isEmpty()
        || scales.isEmpty()
        || !isMatrix(stored.get())
        || stored.get().dtype() != DType.U8
        || forAll.filter(some -> some.shape().elements() != 1).isPresent()) {
      return Optional.empty();
    }
    boolean isScaledTwice = scales.get().dtype() == DType.F8_E4M3 && forAll.isPresent();
    boolean isOfExponents =
        scales.get().dtype() == DType.U8
            && forAll.isEmpty()
            && quantiser.isFormat("mxfp4-pack-quantized");
    if (isScaledTwice == isOfExponents) {
      return Optional.empty();
    }
    Step step = isCompressed ? Step.OVER : Step.TIMES;
    TensorSource factors =
        isOfExponents
            ? new Unpacked(scales.get(), Packing.EXPONENT, scales.get().shape())
            : new Dequantised(scales.get(), forAll.get(), scales.get().shape().dimensions(), step);
    return groups(stored.get(), factors, isOfExponents ? MXFP4_GROUP : NVFP4_GROUP, 1);
  }

  /**
   * Blocks of 32 with a power of two each, as gpt-oss has them: experts lie one behind the other,
   * and each is the transpose of what transformers has.
   */
  Optional<TensorSource> experts(String blocks) {
    TensorSource stored = tensors.get(blocks);
    String scalesName = blocks.substring(0, blocks.length() - "_blocks".length()) + "_scales";
    boolean isThere = module.tensors().contains(scalesName);
    if (!isThere || stored.shape().dimensions().size() != 4 || stored.dtype() != DType.U8) {
      return Optional.empty();
    }
    TensorSource scales = tensors.get(scalesName);
    TensorSource exponents = new Unpacked(scales, Packing.EXPONENT, scales.shape());
    return groups(stored, exponents, MXFP4_GROUP, 2).map(numbers -> numbers.exchanged(1, 2));
  }

  /**
   * Codes of four bits in groups along the rows.
   *
   * @param outer how many axes of the stored tensor come before the columns
   */
  private static Optional<TensorSource> groups(
      TensorSource stored, TensorSource scales, long group, int outer) {
    List<Long> axes = new ArrayList<>(stored.shape().dimensions().subList(0, outer));
    long rows = axes.stream().reduce(1L, (a, b) -> a * b);
    if (rows == 0) {
      return Optional.empty();
    }
    axes.add(stored.shape().elements() / rows * Packing.E2M1.perElement());
    List<Long> block = new ArrayList<>(Collections.nCopies(outer, 1L));
    block.add(group);
    TensorSource codes = new Unpacked(stored, Packing.E2M1, new Shape(axes));
    return codes.shape().rowElements() % group == 0
        ? Optional.of(new Dequantised(codes, scales, block))
        : Optional.empty();
  }

  private static boolean isMatrix(TensorSource source) {
    return source.shape().dimensions().size() == 2 && source.shape().elements() > 0;
  }
}
