package dev.stockpot.merge.align;

import dev.stockpot.kernels.methods.matching.Heads;
import dev.stockpot.kernels.methods.matching.UnitMoves;
import dev.stockpot.merge.align.PermutationSpec.Ruled;
import dev.stockpot.merge.checkpoint.ModelConfig;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import dev.stockpot.merge.model.TensorSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the units of a model by a spec. */
final class UnitsFinder {
  private static final List<String> PARTIAL = List.of("partial_rotary_factor", "rotary_pct");

  private final PermutationSpec spec;
  private final Map<String, TensorSource> tensors;
  private final Map<String, Ruled> ruled = new LinkedHashMap<>();
  private final Map<String, GroupRule> rules = new LinkedHashMap<>();
  private final GroupSizes sizes;
  private final JsonObject config;

  private UnitsFinder(PermutationSpec spec, Map<String, TensorSource> tensors, JsonObject config) {
    this.spec = spec;
    this.tensors = tensors;
    this.sizes = new GroupSizes(config);
    this.config = config;
  }

  /**
   * The units of a model.
   *
   * @throws IllegalArgumentException if the spec does not say of every tensor what its axes are, or
   *     groups do not fit
   */
  static ModelUnits find(
      PermutationSpec spec, Map<String, TensorSource> tensors, JsonObject config) {
    return new UnitsFinder(spec, tensors, config).find();
  }

  private ModelUnits find() {
    tensors.forEach((name, source) -> ruled.put(name, rule(name, axes(source))));
    GroupInstances groups = new GroupInstances(spec, ruled.values(), tensors.keySet());
    Map<String, List<List<GroupInstances.Meant>>> along = new LinkedHashMap<>();
    ruled.forEach(
        (name, tensor) ->
            along.put(
                name,
                tensor.rule().axes().stream()
                    .map(axis -> groups.along(axis, tensor.numbers()))
                    .toList()));
    measure(along);
    Map<String, ModelUnits.Group> found = new LinkedHashMap<>();
    rules.forEach(
        (name, rule) ->
            found.put(
                name,
                new ModelUnits.Group(
                    name, sizes.shape(name, rule), turned(name, rule), rule.isResidual())));
    Map<String, ModelUnits.Tensor> placed = new LinkedHashMap<>();
    along.forEach((name, axes) -> placed.put(name, placed(name, axes, found)));
    return new ModelUnits(spec.name(), found, placed);
  }

  /** Heads that may be turned. */
  private Optional<Heads> turned(String name, GroupRule rule) {
    return rule.heads()
        .map(heads -> sizes.heads(name, rule, heads).turned(keysTurned(name, rule, heads)));
  }

  private UnitMoves keysTurned(String name, GroupRule rule, GroupRule.HeadRule heads) {
    boolean haveNorms = heads.unless().isPresent() && isThere(heads.unless().get(), name, rule);
    if (haveNorms || (!heads.keysMove() && !heads.inPairs()) || (heads.inPairs() && isPartial())) {
      return UnitMoves.STAY;
    }
    return heads.inPairs() ? UnitMoves.TURN_IN_PAIRS : UnitMoves.TURN;
  }

  /** Whether a group has a tensor, by the numbers of both. */
  private boolean isThere(TensorPattern pattern, String group, GroupRule rule) {
    return tensors.keySet().stream()
        .flatMap(tensor -> pattern.match(tensor).stream())
        .map(numbers -> GroupName.of(rule.name().kind(), rule.name().numbers(numbers)))
        .anyMatch(group::equals);
  }

  /** Whether positions turn some of the units alone. */
  private boolean isPartial() {
    JsonObject text = ModelConfig.textPart(config);
    JsonObject positions = text.object("rope_parameters").orElse(JsonObject.EMPTY);
    return PARTIAL.stream()
        .flatMap(key -> Stream.of(text, positions).flatMap(part -> part.get(key).stream()))
        .map(JsonValue::number)
        .anyMatch(share -> share.isPresent() && share.getAsDouble() != 1);
  }

  private static int axes(TensorSource source) {
    return source.shape().dimensions().size();
  }

  private Ruled rule(String name, int axes) {
    return spec.rule(name, axes)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "says nothing of %s %s".formatted(name, tensors.get(name).shape())));
  }

  /** Sizes that one axis tells alone come first, then those of axes that several share. */
  private void measure(Map<String, List<List<GroupInstances.Meant>>> along) {
    for (int pass = 0; pass < 2; pass++) {
      boolean isAlone = pass == 0;
      along.forEach(
          (name, axes) -> {
            for (int axis = 0; axis < axes.size(); axis++) {
              measure(name, axis, axes.get(axis), isAlone);
            }
          });
    }
  }

  private void measure(String name, int axis, List<GroupInstances.Meant> all, boolean isAlone) {
    long length = tensors.get(name).shape().dimensions().get(axis);
    all.forEach(meant -> rules.putIfAbsent(meant.name(), meant.rule()));
    boolean hasMembers = all.stream().anyMatch(meant -> meant.part().hasMembers());
    if (isAlone && all.size() == 1 && !hasMembers) {
      sizes.fills(all.get(0), name, length);
    } else if (!isAlone && all.size() > 1 && !hasMembers) {
      sizes.fill(all, name, length);
    }
  }

  private ModelUnits.Tensor placed(
      String name, List<List<GroupInstances.Meant>> axes, Map<String, ModelUnits.Group> groups) {
    List<List<UnitsAlong>> placed = new ArrayList<>();
    for (int axis = 0; axis < axes.size(); axis++) {
      List<UnitsAlong> parts = new ArrayList<>();
      long length = tensors.get(name).shape().dimensions().get(axis);
      for (GroupInstances.Meant meant : axes.get(axis)) {
        int side = meant.part().side();
        int units = groups.get(meant.name()).shape().sides().get(side);
        long members = meant.part().hasMembers() ? length / units : 1;
        parts.add(new UnitsAlong(meant.name(), side, units, Math.toIntExact(members)));
      }
      long places = parts.stream().mapToLong(UnitsAlong::places).sum();
      if (!parts.isEmpty() && places != length) {
        throw new IllegalArgumentException(
            "%s has %s places along axis %s, and its units fill %s"
                .formatted(name, length, axis, places));
      }
      placed.add(parts);
    }
    Ruled tensor = ruled.get(name);
    return new ModelUnits.Tensor(
        tensor.rule().names(), placed, tensor.rule().isCompared(), expert(tensor));
  }

  /** The expert that a tensor is of, if experts may change places. */
  private Optional<ModelUnits.Expert> expert(Ruled tensor) {
    for (GroupRule group : spec.groups()) {
      Optional<GroupName> member = group.experts();
      boolean isThere =
          member.isPresent()
              && tensor.rule().axes().stream()
                  .flatMap(axis -> axis.parts().stream())
                  .anyMatch(part -> part.group().kind().equals(member.get().kind()));
      if (isThere) {
        String letter = group.expertLetter().orElseThrow();
        String name = GroupName.of(group.name().kind(), group.name().numbers(tensor.numbers()));
        return Optional.of(
            new ModelUnits.Expert(name, letter, member.get().number(letter, tensor.numbers())));
      }
    }
    return Optional.empty();
  }
}
