package dev.stockpot.merge.plan;

import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.Slice;
import dev.stockpot.merge.recipe.Source;
import dev.stockpot.merge.structure.Stack;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Stacks slices of layers: numbers those of each stack through, and moves what follows a stack's
 * last layer along.
 */
final class SliceRouter {
  private final Recipe recipe;
  private final RouteNames names;
  private final SliceStacks stacks;

  /** For each stack that slices make, where its layers come from. */
  private final Map<String, Output> outputs = new LinkedHashMap<>();

  private final Set<String> dropped = new LinkedHashSet<>();

  /** A stack of the output while it grows. */
  private static final class Output {
    final Stack like;
    final List<Integer> origins = new ArrayList<>();
    Slice last;

    Output(Stack like, Slice first) {
      this.like = like;
      this.last = first;
    }
  }

  SliceRouter(Recipe recipe, RouteNames names, SliceStacks stacks) {
    this.recipe = recipe;
    this.names = names;
    this.stacks = stacks;
  }

  /** The tensors of all layers, in the order of the slices. */
  List<Route> routes() {
    List<Route> routes = new ArrayList<>();
    for (Slice slice : recipe.slices()) {
      if (slice.sources().stream().allMatch(source -> stacks.of(source).isPresent())) {
        routes.addAll(layers(slice));
      }
    }
    outputs.values().forEach(output -> routes.addAll(above(output)));
    return routes;
  }

  /** The layers of each stack that slices make. */
  List<StackLayers> stackLayers() {
    return outputs.values().stream()
        .map(output -> new StackLayers(output.like, output.origins))
        .toList();
  }

  /** Stacks whose blocks that predict further tokens are not in all models of the last slice. */
  Set<String> dropped() {
    return dropped;
  }

  private List<Route> layers(Slice slice) {
    Stack first = stack(slice.sources().get(0));
    Output output = outputs.computeIfAbsent(stacks.key(first), any -> new Output(first, slice));
    output.last = slice;
    int length = slice.sources().get(0).layers().orElseThrow().length();
    List<Route> routes = new ArrayList<>();
    for (int layer = 0; layer < length; layer++) {
      List<String> prefixes = new ArrayList<>();
      for (Source source : slice.sources()) {
        prefixes.add(stack(source).name(begin(source) + layer, ""));
      }
      String outputPrefix = output.like.name(output.origins.size(), "");
      routes.addAll(block(slice, outputPrefix, Stack.depth(layer, length), prefixes));
      output.origins.add(begin(slice.sources().get(0)) + layer);
    }
    return routes;
  }

  /** Blocks that predict further tokens lie after the last layer, wherever that is now. */
  private List<Route> above(Output output) {
    List<Optional<Stack>> above = new ArrayList<>();
    for (Source source : output.last.sources()) {
      above.add(names.structure(source).above(stack(source)));
    }
    if (above.stream().anyMatch(Optional::isEmpty)) {
      if (above.stream().anyMatch(Optional::isPresent)) {
        dropped.add(output.like.word());
      }
      return List.of();
    }
    int blocks = above.get(0).orElseThrow().layers();
    List<Route> routes = new ArrayList<>();
    for (int block = 0; block < blocks; block++) {
      List<String> prefixes = new ArrayList<>();
      for (Optional<Stack> stack : above) {
        prefixes.add(stack.orElseThrow().name(block, ""));
      }
      String outputPrefix = output.like.name(output.origins.size() + block, "");
      routes.addAll(block(output.last, outputPrefix, Stack.depth(block, blocks), prefixes));
    }
    return routes;
  }

  private List<Route> block(Slice slice, String outputPrefix, double depth, List<String> prefixes) {
    Set<String> within = new LinkedHashSet<>();
    for (int i = 0; i < prefixes.size(); i++) {
      within.addAll(names.after(slice.sources().get(i), prefixes.get(i)));
    }
    List<Route> routes = new ArrayList<>();
    for (String rest : within) {
      List<String> inputs = prefixes.stream().map(prefix -> prefix + rest).toList();
      routes.add(new Route(outputPrefix + rest, slice, depth, inputs));
    }
    return routes;
  }

  private Stack stack(Source source) {
    return stacks.of(source).orElseThrow();
  }

  private static int begin(Source source) {
    return source.layers().orElseThrow().begin();
  }
}
