package dev.stockpot.merge.align;

import static java.util.stream.Collectors.joining;

import dev.stockpot.kernels.methods.matching.Heads;
import dev.stockpot.kernels.methods.matching.UnitMoves;
import dev.stockpot.merge.model.Model;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The units of a model as a spec of that model alone, which can be changed and given back. */
public final class SpecText {
  private final ModelUnits units;

  private SpecText(ModelUnits units) {
    this.units = units;
  }

  /**
   * The spec of a model, as YAML.
   *
   * @param name of the model, for messages
   * @param spec what says which units may change places; empty: what the model is
   * @throws dev.stockpot.merge.UserException if nothing tells
   */
  public static String of(String name, Model model, Optional<Spec> spec) {
    ModelUnits units =
        spec.isPresent()
            ? SpecCatalog.of(name, model, spec.get().rules(), spec.get().file())
            : SpecCatalog.of(name, model);
    return new SpecText(units).text(name);
  }

  private String text(String name) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "# Spec %s of %s: %s groups of units, %s tensors"
            .formatted(units.spec(), name, units.groups().size(), units.tensors().size()));
    lines.add("groups:");
    units.groups().values().stream()
        .map(group -> "  " + line(group))
        .distinct()
        .forEach(lines::add);
    for (boolean isCompared : List.of(true, false)) {
      Map<String, String> tensors = new LinkedHashMap<>();
      units
          .tensors()
          .forEach(
              (tensor, where) -> {
                if (where.isCompared() == isCompared) {
                  tensors.put(pattern(tensor, where), axes(where));
                }
              });
      if (!tensors.isEmpty()) {
        lines.add(isCompared ? "tensors:" : "buffers:");
        tensors.forEach((tensor, axes) -> lines.add("  '%s': '%s'".formatted(tensor, axes)));
      }
    }
    return String.join("\n", lines) + "\n";
  }

  private String line(ModelUnits.Group group) {
    List<String> said = new ArrayList<>();
    if (group.isResidual()) {
      said.add("residual: true");
    }
    heads(group).ifPresent(said::add);
    units.tensors().values().stream()
        .filter(tensor -> isExpertOf(group.name(), tensor))
        .findFirst()
        .ifPresent(tensor -> said.add("experts: '%s'".formatted(member(tensor))));
    return "%s: {%s} # %s units"
        .formatted(
            named(group.name()),
            String.join(", ", said),
            group.shape().sides().stream().map(String::valueOf).collect(joining(" + ")));
  }

  private static boolean isExpertOf(String group, ModelUnits.Tensor tensor) {
    return tensor.expert().filter(expert -> expert.group().equals(group)).isPresent();
  }

  /** The groups of units of experts, by their letter. */
  private String member(ModelUnits.Tensor tensor) {
    return tensor.axes().stream()
        .flatMap(List::stream)
        .map(UnitsAlong::group)
        .filter(units.ofExperts()::contains)
        .findFirst()
        .map(own -> group(own, tensor))
        .orElseThrow();
  }

  /** Units of an expert are named by its letter, for all experts at once. */
  private String named(String group) {
    return units.tensors().values().stream()
        .filter(tensor -> tensor.expert().isPresent())
        .filter(
            tensor ->
                tensor.axes().stream()
                    .flatMap(List::stream)
                    .anyMatch(along -> along.group().equals(group)))
        .findFirst()
        .map(tensor -> group(group, tensor))
        .orElse(group);
  }

  private static Optional<String> heads(ModelUnits.Group group) {
    boolean areInPairs =
        group.turned().filter(it -> it.keys() == UnitMoves.TURN_IN_PAIRS).isPresent();
    return group.shape() instanceof Heads heads
        ? Optional.of(
            "heads: %s, key_value_heads: %s%s%s%s"
                .formatted(
                    heads.groups() * heads.queries(),
                    heads.groups(),
                    heads.keysMayMove() ? "" : ", keys: fixed",
                    areInPairs ? ", pairs: half" : "",
                    heads.headsMayMove() ? "" : ", order: fixed"))
        : Optional.empty();
  }

  private static String pattern(String tensor, ModelUnits.Tensor where) {
    return where
        .expert()
        .map(expert -> where.names().with(tensor, expert.letter(), "{" + expert.letter() + "}"))
        .orElse(tensor);
  }

  private String axes(ModelUnits.Tensor where) {
    return where.axes().stream()
        .map(
            axis ->
                axis.isEmpty()
                    ? "fixed"
                    : axis.stream().map(along -> part(along, where)).collect(joining(" + ")))
        .collect(joining(", "));
  }

  private String part(UnitsAlong along, ModelUnits.Tensor where) {
    boolean hasSides = units.groups().get(along.group()).shape().sides().size() > 1;
    String side = hasSides ? "/" + AxisRule.SIDES.get(along.side()) : "";
    String each = along.members() > 1 ? " each" : "";
    return group(along.group(), where) + side + each;
  }

  /** Units of an expert are named by its letter, as its tensors are. */
  private static String group(String group, ModelUnits.Tensor where) {
    String number = where.expert().map(expert -> "." + expert.number()).orElse("");
    return !number.isEmpty() && group.endsWith(number)
        ? "%s.{%s}"
            .formatted(
                group.substring(0, group.length() - number.length()), where.expert().get().letter())
        : group;
  }
}
