package dev.stockpot.merge.plan;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.merge.checkpoint.ModelConfig;
import dev.stockpot.merge.model.Dequantised;
import dev.stockpot.merge.model.Made;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.quantised.CodedModules;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.Recipe;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * What is written as FP8 again, because the recipe's type is FP8: tensors that the donor has so,
 * with scales for the same blocks. Codes and scales are copied where one model alone counts.
 */
final class Requantising {
  /** The type that asks for it. */
  static final DType TYPE = DType.F8_E4M3;

  private final boolean isOn;
  private final Model donor;
  private final Model numbers;
  private final Faults faults;
  private final CodedModules modules;
  private final boolean powersOfTwo;
  private final Map<String, Dequantised> copied = new HashMap<>();
  private final List<String> written = new ArrayList<>();
  private final List<String> activations = new ArrayList<>();

  /**
   * For one output.
   *
   * @param isOn whether FP8 was asked for
   * @param donor whose configuration it gets, with its codes
   * @param numbers the same, its codes read as numbers
   */
  Requantising(boolean isOn, Model donor, Model numbers, Faults faults) {
    this.isOn = isOn;
    this.donor = donor;
    this.numbers = numbers;
    this.faults = faults;
    Map<String, String> config = donor.config().values();
    this.modules = CodedModules.of(config, isOn ? donor.tensors() : Map.of());
    this.powersOfTwo =
        config.getOrDefault(ModelConfig.QUANTIZATION + ".scale_fmt", "").equals("ue8m0");
  }

  boolean isOn() {
    return isOn;
  }

  /** A problem if loaders would not be told that there are codes. */
  void report(Recipe recipe, Problems problems) {
    problems.addIf(
        isOn && !donor.config().quantizesToFloat8(),
        recipe.slices().get(0).line(),
        "the output's type is float8_e4m3fn, but config.json of %s says nothing of FP8 with scales, so nobody could read it. Write bfloat16"
            .formatted(recipe.donor()));
  }

  /** The codes of the one model that counts; empty if its tensor is not stored as the donor's. */
  Optional<PlannedTensor> copied(Route route, List<TensorSource> inputs, OptionalInt alone) {
    if (!isOn || alone.isEmpty()) {
      return Optional.empty();
    }
    TensorSource only = inputs.get(alone.getAsInt());
    Optional<Dequantised> codes = only.coded().filter(it -> it.equals(only));
    Optional<Dequantised> like = base(route, only);
    if (codes.isEmpty() || like.isEmpty() || !isStoredAlike(codes.get(), like.get())) {
      return Optional.empty();
    }
    copied.put(route.output(), codes.get());
    return Optional.of(copy(route.output(), codes.get().codes()));
  }

  private static boolean isStoredAlike(Dequantised one, Dequantised other) {
    return one.block().equals(other.block())
        && one.shape().equals(other.shape())
        && one.scales().dtype() == other.scales().dtype()
        && one.scales().shape().equals(other.scales().shape());
  }

  private Optional<Dequantised> base(Route route, TensorSource chief) {
    return numbers.tensors().getOrDefault(route.output(), chief).coded();
  }

  private static PlannedTensor copy(String name, TensorSource source) {
    return PlannedTensor.of(
        new Copy(new OutputTensor(name, source.dtype(), source.shape()), source));
  }

  /** What is written of a tensor: itself, or codes and what belongs to them. */
  List<PlannedTensor> of(Route route, PlannedTensor planned) {
    List<TensorSource> inputs = planned.work().inputs().stream().map(Input::source).toList();
    if (!isOn || inputs.isEmpty()) {
      return List.of(planned);
    }
    Dequantised alone = copied.get(route.output());
    Optional<Dequantised> base = alone == null ? base(route, inputs.get(0)) : Optional.of(alone);
    if (base.isEmpty()) {
      return List.of(planned);
    }
    List<PlannedTensor> all = new ArrayList<>();
    if (alone == null) {
      Optional<PlannedTensor> merged = merged(route, planned, base.get());
      if (merged.isEmpty()) {
        return List.of();
      }
      all.add(merged.get());
      all.add(
          new PlannedTensor(
              merged.get().work().outputs().get(1),
              merged.get().work(),
              planned.merge(),
              planned.models()));
    } else {
      all.add(planned);
      all.add(copy(scaleName(route, alone), alone.scales()));
    }
    all.addAll(others(route, base.get()));
    return all;
  }

  private static String scaleName(Route route, Dequantised base) {
    String codes = base.codes().place(0).tensor();
    String scales = base.scales().place(0).tensor();
    return route.output() + scales.substring(codes.length());
  }

  /** Scales of activations: the donor's. */
  private List<PlannedTensor> others(Route route, Dequantised base) {
    String scale = scaleName(route, base);
    List<String> names =
        modules.of(route.output()).stream()
            .flatMap(module -> module.companions().stream())
            .filter(name -> !name.equals(scale))
            .toList();
    activations.addAll(names);
    return names.stream().map(name -> copy(name, donor.tensors().get(name))).toList();
  }

  private Optional<PlannedTensor> merged(Route route, PlannedTensor planned, Dequantised base) {
    Optional<Made> made = planned.work().accept(new MadeOfWork(planned));
    Optional<String> obstacle =
        made.isEmpty()
            ? Optional.of("what this method makes of it is not written as FP8; write bfloat16")
            : made.filter(
                    it -> it.program().scanScope().isShared() && it.program().scan().isPresent())
                .map(
                    it ->
                        "this method looks at other tensors before it merges one, and what it makes"
                            + " is not written as FP8; write bfloat16");
    if (obstacle.isPresent()) {
      faults.add(route.slice().line(), obstacle.get(), route.output());
      return Optional.empty();
    }
    written.add(route.output());
    OutputTensor codes = new OutputTensor(route.output(), TYPE, base.shape());
    OutputTensor scales =
        new OutputTensor(scaleName(route, base), base.scales().dtype(), base.scales().shape());
    return Optional.of(
        new PlannedTensor(
            new Requantised(codes, scales, made.get(), base, powersOfTwo),
            planned.merge(),
            planned.models()));
  }

  /** The merge as a source, in float32. */
  private record MadeOfWork(PlannedTensor planned) implements FewWorks<Optional<Made>> {
    @Override
    public Optional<Made> blockwise(Blockwise work) {
      return work.sides().outputs().isEmpty()
          ? Optional.of(
              new Made(
                  work.name(),
                  DType.F32,
                  work.shape(),
                  Stream.concat(work.models().stream(), work.sides().inputs().stream()).toList(),
                  work.program(),
                  Rounding.NEAREST,
                  "%s %s".formatted(planned.merge().values(), planned.models())))
          : Optional.empty();
    }

    @Override
    public Optional<Made> other(TensorWork work) {
      return Optional.empty();
    }
  }

  void tell(PlanNotices notices) {
    if (!written.isEmpty()) {
      notices.add(
          "%s merged and written as FP8 again, with the scales of %s where they fit: rounding to FP8 moves numbers by 2 to 3 %% of their size, so changes that are smaller than that are lost (%s)"
              .formatted(
                  Gathering.tensors(written.size()),
                  donor.folder().name(),
                  Gathering.examples(written)));
    }
    if (!activations.isEmpty()) {
      notices.add(
          "scales of activations are those of %s, and were not measured on the result: %s"
              .formatted(donor.folder().name(), Gathering.examples(activations)));
    }
  }
}
