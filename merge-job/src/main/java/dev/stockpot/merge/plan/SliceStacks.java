package dev.stockpot.merge.plan;

import static java.util.stream.Collectors.joining;

import dev.stockpot.merge.recipe.LayerRange;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.Slice;
import dev.stockpot.merge.recipe.Source;
import dev.stockpot.merge.structure.Stack;
import dev.stockpot.merge.structure.Structure;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Which stack of its model the layers of each source are counted in. */
final class SliceStacks {
  private final Map<ModelReference, Structure> structures;
  private final Problems problems;
  private final Map<Source, Optional<Stack>> stacks = new HashMap<>();
  private final Set<String> keys;

  /** Looks at every source of the slices; what is wrong goes to the problems. */
  SliceStacks(List<Slice> slices, Map<ModelReference, Structure> structures, Problems problems) {
    this.structures = structures;
    this.problems = problems;
    for (Slice slice : slices) {
      slice.sources().forEach(source -> stacks.computeIfAbsent(source, this::find));
    }
    this.keys =
        stacks.values().stream()
            .flatMap(Optional::stream)
            .map(this::key)
            .collect(Collectors.toSet());
  }

  /** The stack of a source; empty if that is a problem. */
  Optional<Stack> of(Source source) {
    return stacks.get(source);
  }

  /** Whether slices make up the layers that a tensor belongs to, be they of this model or not. */
  boolean cover(Source source, String tensor) {
    Structure structure = structures.get(source.model());
    List<Stack> sliced =
        structure.all().stream().filter(stack -> keys.contains(key(stack))).toList();
    return structure.all().stream()
        .filter(stack -> stack.layerOf(tensor).isPresent())
        .anyMatch(place -> sliced.stream().anyMatch(it -> it.prefix().equals(place.prefix())));
  }

  /** What a stack has in common with those of other models that go with it. */
  String key(Stack stack) {
    boolean isSeveral =
        structures.values().stream()
            .anyMatch(structure -> structure.named(stack.word()).size() > 1);
    return isSeveral ? stack.prefix() : stack.word();
  }

  private Optional<Stack> find(Source source) {
    LayerRange range = source.layers().orElseThrow();
    Structure structure = structures.get(source.model());
    Optional<Stack> stack =
        range.stack().isPresent()
            ? named(source, structure, range.stack().get())
            : only(source, structure, range);
    boolean isBeyond = stack.isPresent() && range.end() > stack.get().layers();
    if (isBeyond) {
      addBeyond(source, range, "%s layers".formatted(stack.get().layers()));
    }
    return stack.filter(any -> !isBeyond);
  }

  private Optional<Stack> named(Source source, Structure structure, String word) {
    List<Stack> found = structure.named(word);
    if (found.size() > 1) {
      problems.add(
          source.line(),
          "%s has several stacks of that word: %s; say which by its tensors, for example `stack: %s`"
              .formatted(source.model(), listed(found), plainPrefix(found.get(0))));
    } else if (found.isEmpty() && !addDoubt(source, structure)) {
      problems.add(
          source.line(),
          "%s has no stack `%s`; it has %s"
              .formatted(source.model(), word, listed(structure.all())));
    }
    return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
  }

  private Optional<Stack> only(Source source, Structure structure, LayerRange range) {
    if (addDoubt(source, structure)) {
      return Optional.empty();
    }
    List<Stack> main =
        structure.mainStacks().isEmpty() ? structure.stages() : structure.mainStacks();
    if (main.size() > 1) {
      problems.add(
          source.line(),
          "%s has several stacks of layers: %s; say which `layer_range` counts, for example `stack: %s`"
              .formatted(source.model(), listed(main), spoken(structure, main.get(0))));
    } else if (main.isEmpty()) {
      addBeyond(source, range, "0 layers");
    }
    return main.size() == 1 ? Optional.of(main.get(0)) : Optional.empty();
  }

  private boolean addDoubt(Source source, Structure structure) {
    structure
        .reasonsOfDoubt()
        .forEach(
            reason ->
                problems.add(
                    source.line(),
                    "the layers of %s cannot be told: %s. Mend its config.json, or fetch it again"
                        .formatted(source.model(), reason)));
    return !structure.reasonsOfDoubt().isEmpty();
  }

  private void addBeyond(Source source, LayerRange range, String layers) {
    problems.add(
        source.line(),
        "layer_range [%s, %s] goes beyond the %s of %s"
            .formatted(range.begin(), range.end(), layers, source.model()));
  }

  private static String listed(List<Stack> stacks) {
    return stacks.isEmpty() ? "none" : stacks.stream().map(Stack::toString).collect(joining(", "));
  }

  private static String spoken(Structure structure, Stack stack) {
    return structure.named(stack.word()).size() == 1 ? stack.word() : plainPrefix(stack);
  }

  private static String plainPrefix(Stack stack) {
    return stack.prefix().substring(0, stack.prefix().length() - 1);
  }
}
