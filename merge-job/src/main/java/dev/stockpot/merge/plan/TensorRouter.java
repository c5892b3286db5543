package dev.stockpot.merge.plan;

import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.recipe.LayerRange;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.Slice;
import dev.stockpot.merge.recipe.Source;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds out which tensors there will be and which inputs each is made of. */
final class TensorRouter {
  /**
   * What lies before the layers; everything else outside of them lies behind. {@code embed_out} is
   * GPT-NeoX's output head.
   */
  private static final Pattern EMBEDDING = Pattern.compile("embed(?!_out)|\\bwte\\b|\\bwpe\\b");

  private final Recipe recipe;
  private final Map<ModelReference, Model> models;
  private final Map<ModelReference, Optional<LayerStack>> stacks = new HashMap<>();
  private final Problems problems;

  TensorRouter(Recipe recipe, Map<ModelReference, Model> models, Problems problems) {
    this.recipe = recipe;
    this.models = models;
    this.problems = problems;
    models.forEach((reference, model) -> stacks.put(reference, LayerStack.of(model)));
  }

  /** Every output tensor, in no particular order. What is wrong goes to the problems. */
  List<Route> routes() {
    return recipe.wholeModels() ? wholeModels(recipe.slices().get(0)) : slices();
  }

  /** Of each source of a slice, the layers it gives, in the order of the output. */
  List<Integer> layersOf(Slice slice, Source source) {
    LayerRange range =
        source
            .layers()
            .orElseGet(() -> new LayerRange(0, stack(source).map(LayerStack::layers).orElse(1)));
    List<Integer> layers = new ArrayList<>();
    for (int layer = range.begin(); layer < range.end(); layer++) {
      layers.add(layer);
    }
    return layers;
  }

  private Optional<LayerStack> stack(Source source) {
    return stacks.get(source.model());
  }

  private List<Route> wholeModels(Slice slice) {
    Source first = slice.sources().get(0);
    int layers = stack(first).map(LayerStack::layers).orElse(0);
    for (Source source : slice.sources()) {
      int others = stack(source).map(LayerStack::layers).orElse(0);
      problems.addIf(
          others != layers,
          source.line(),
          "%s has %s layers, %s has %s; merge ranges of layers with slices"
              .formatted(source.model(), others, first.model(), layers));
    }
    List<Route> routes = new ArrayList<>();
    Set<String> names = names(slice, any -> true);
    names.addAll(sharedHeads(slice));
    for (String name : names) {
      double depth = depth(name, stack(first), layers);
      routes.add(new Route(name, slice, depth, sameForAll(slice, name)));
    }
    return routes;
  }

  private static double depth(String name, Optional<LayerStack> stack, int layers) {
    return stack.isPresent() && stack.get().layerOf(name).isPresent()
        ? LayerStack.depth(stack.get().layerOf(name).getAsInt(), layers)
        : 0;
  }

  private List<Route> slices() {
    List<Route> routes = new ArrayList<>();
    Slice first = recipe.slices().get(0);
    Slice last = recipe.slices().get(recipe.slices().size() - 1);
    for (String name : names(first, name -> isOutsideLayers(first, name) && isEmbedding(name))) {
      routes.add(new Route(name, first, 0, sameForAll(first, name)));
    }
    int layersBefore = 0;
    for (Slice slice : recipe.slices()) {
      if (layersExist(slice)) {
        int length = slice.sources().get(0).layers().orElseThrow().length();
        for (int layer = 0; layer < length; layer++) {
          routes.addAll(layer(slice, layer, length, layersBefore + layer));
        }
        layersBefore += length;
      }
    }
    Set<String> behind = names(last, name -> isOutsideLayers(last, name) && !isEmbedding(name));
    behind.addAll(sharedHeads(last));
    for (String name : behind) {
      routes.add(new Route(name, last, 0, sameForAll(last, name)));
    }
    return routes;
  }

  /**
   * Heads that the output needs though no model of the slice has one: where the donor or the first
   * slice has a head of its own, the output cannot share its embedding.
   */
  private Set<String> sharedHeads(Slice slice) {
    Set<String> heads = new LinkedHashSet<>();
    if (slice.sources().stream().allMatch(source -> Gathering.isTied(model(source)))) {
      Stream<Model> others =
          Stream.concat(
              Stream.of(models.get(recipe.donor())),
              recipe.slices().get(0).sources().stream().map(this::model));
      others
          .filter(model -> !Gathering.isTied(model))
          .flatMap(model -> model.tensors().keySet().stream())
          .filter(Gathering::isHead)
          .forEach(heads::add);
    }
    return heads;
  }

  private Model model(Source source) {
    return models.get(source.model());
  }

  private static boolean isEmbedding(String name) {
    return EMBEDDING.matcher(name).find();
  }

  private boolean layersExist(Slice slice) {
    boolean exist = true;
    for (Source source : slice.sources()) {
      int layers = stack(source).map(LayerStack::layers).orElse(0);
      LayerRange range = source.layers().orElseThrow();
      if (range.end() > layers) {
        problems.add(
            source.line(),
            "layer_range [%s, %s] goes beyond the %s layers of %s"
                .formatted(range.begin(), range.end(), layers, source.model()));
        exist = false;
      }
    }
    return exist;
  }

  private List<Route> layer(Slice slice, int layer, int length, int outputLayer) {
    Set<String> within = new LinkedHashSet<>();
    for (Source source : slice.sources()) {
      LayerStack stack = stack(source).orElseThrow();
      String layerPrefix = stack.name(source.layers().orElseThrow().begin() + layer, "");
      model(source).tensors().keySet().stream()
          .filter(name -> name.startsWith(layerPrefix))
          .forEach(name -> within.add(stack.withinLayer(name)));
    }
    LayerStack output = stack(slice.sources().get(0)).orElseThrow();
    List<Route> routes = new ArrayList<>();
    for (String rest : within) {
      List<String> inputs = new ArrayList<>();
      for (Source source : slice.sources()) {
        int inputLayer = source.layers().orElseThrow().begin() + layer;
        inputs.add(stack(source).orElseThrow().name(inputLayer, rest));
      }
      double depth = LayerStack.depth(layer, length);
      routes.add(new Route(output.name(outputLayer, rest), slice, depth, inputs));
    }
    return routes;
  }

  private boolean isOutsideLayers(Slice slice, String name) {
    return slice.sources().stream()
        .noneMatch(source -> stack(source).filter(s -> s.layerOf(name).isPresent()).isPresent());
  }

  private Set<String> names(Slice slice, Predicate<String> wanted) {
    Set<String> names = new LinkedHashSet<>();
    for (Source source : slice.sources()) {
      model(source).tensors().keySet().stream().filter(wanted).forEach(names::add);
    }
    return names;
  }

  private static List<String> sameForAll(Slice slice, String name) {
    return Collections.nCopies(slice.sources().size(), name);
  }
}
