package dev.stockpot.merge.mixture;

import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.ParameterValues;
import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.methods.MergeMethods;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.random.Numbers;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.merge.model.Addition;
import dev.stockpot.merge.model.Generated;
import dev.stockpot.merge.model.Made;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.recipe.MixtureChoice.Expert;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What feed-forward blocks of dense models become as experts: noise is added first, then what the
 * block adds to the stream is scaled.
 */
final class ExpertTensors {
  private static final int GATE = 0;
  private static final int UP = 1;
  private static final int DOWN = 2;

  private final MixtureKind kind;
  private final MergeMethod scaling = MergeMethods.named("passthrough").orElseThrow();
  private final long seed;

  /**
   * @param seed of the noise
   */
  ExpertTensors(MixtureKind kind, long seed) {
    this.kind = kind;
    this.seed = seed;
  }

  /** The experts of a layer, each in tensors of its own. */
  Map<String, TensorSource> split(int layer, List<Expert> experts, List<DenseModel> models) {
    Map<String, TensorSource> tensors = new LinkedHashMap<>();
    for (int expert = 0; expert < experts.size(); expert++) {
      for (int projection = GATE; projection <= DOWN; projection++) {
        String name = kind.expert(layer, expert, projection);
        tensors.put(
            name, projection(experts.get(expert), models.get(expert), layer, projection, name));
      }
    }
    return tensors;
  }

  /**
   * The experts of a layer in two tensors: {@code gate_up_proj} [experts, 2 f, d], of each expert
   * the rows of its gate and then those above, and {@code down_proj} [experts, d, f].
   */
  Map<String, TensorSource> fused(int layer, List<Expert> experts, List<DenseModel> models) {
    Map<String, TensorSource> split = split(layer, experts, models);
    List<TensorSource> gateUp = new ArrayList<>();
    List<TensorSource> down = new ArrayList<>();
    for (int expert = 0; expert < experts.size(); expert++) {
      TensorSource gate = split.get(kind.expert(layer, expert, GATE));
      TensorSource up = split.get(kind.expert(layer, expert, UP));
      gateUp.add(stacked(TensorSource.joined(alike(List.of(gate, up)), 0)));
      down.add(stacked(split.get(kind.expert(layer, expert, DOWN))));
    }
    Map<String, TensorSource> tensors = new LinkedHashMap<>();
    tensors.put(
        MixtureKind.fused(layer, "gate_up_proj"), TensorSource.joined(alike(gateUp), 0));
    tensors.put(MixtureKind.fused(layer, "down_proj"), TensorSource.joined(alike(down), 0));
    return tensors;
  }

  /** One of a stack: of a matrix the first and only one. */
  private static TensorSource stacked(TensorSource matrix) {
    List<Long> axes = matrix.shape().dimensions();
    return matrix.reshaped(Shape.of(1, axes.get(0), axes.get(1)));
  }

  /** As they are if they are of one type; else in float32, which holds the numbers of all. */
  private static List<TensorSource> alike(List<TensorSource> parts) {
    boolean areAlike = parts.stream().map(TensorSource::dtype).distinct().count() == 1;
    return areAlike ? parts : parts.stream().map(part -> part.as(DType.F32)).toList();
  }

  /** The expert that every token of a layer goes through. */
  Map<String, TensorSource> shared(int layer, Expert expert, DenseModel model) {
    Map<String, TensorSource> tensors = new LinkedHashMap<>();
    for (int projection = GATE; projection <= DOWN; projection++) {
      String name = kind.shared(layer, projection);
      tensors.put(name, projection(expert, model, layer, projection, name));
    }
    return tensors;
  }

  private TensorSource projection(
      Expert expert, DenseModel model, int layer, int projection, String name) {
    TensorSource source = model.projection(layer, projection).orElseThrow();
    if (expert.noiseScale() > 0) {
      Generated noise = new Generated(Numbers.normal(seed, name, 1), source.shape());
      source = source.changed(new Addition(noise, (float) expert.noiseScale()));
    }
    return projection == DOWN && expert.residualScale() != 1
        ? scaled(source, name, expert.residualScale())
        : source;
  }

  private Made scaled(TensorSource source, String name, double factor) {
    TensorTerms terms =
        new TensorTerms(
            name,
            source.shape(),
            0,
            List.of(new ParameterValues(Map.of("scale", factor))),
            OptionalInt.empty(),
            ParameterValues.NONE,
            seed);
    return new Made(
        name,
        DType.F32,
        source.shape(),
        List.of(source),
        scaling.program(terms),
        Rounding.NEAREST,
        "scaled by %s".formatted(factor));
  }
}
