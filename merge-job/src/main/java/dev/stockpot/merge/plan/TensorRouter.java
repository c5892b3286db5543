package dev.stockpot.merge.plan;

import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.Slice;
import dev.stockpot.merge.recipe.Source;
import dev.stockpot.merge.structure.Place;
import dev.stockpot.merge.structure.Stack;
import dev.stockpot.merge.structure.Structure;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
  private final RouteNames names;
  private final Problems problems;
  private List<StackLayers> stackLayers = List.of();
  private Set<String> dropped = Set.of();

  TensorRouter(Recipe recipe, RouteNames names, Problems problems) {
    this.recipe = recipe;
    this.names = names;
    this.problems = problems;
  }

  /** Every output tensor, in no particular order. What is wrong goes to the problems. */
  List<Route> routes() {
    return recipe.wholeModels() ? wholeModels(recipe.slices().get(0)) : slices();
  }

  /** After routing, the layers of each stack that slices make; none of whole models. */
  List<StackLayers> stackLayers() {
    return stackLayers;
  }

  /** After routing, the stacks that have lost their blocks that predict further tokens. */
  Set<String> dropped() {
    return dropped;
  }

  private List<Route> wholeModels(Slice slice) {
    checkLayers(slice);
    List<Route> routes = new ArrayList<>();
    Set<String> all = names.of(slice, (source, name) -> true);
    all.addAll(sharedHeads(slice));
    all.forEach(name -> routes.add(route(slice, name)));
    return routes;
  }

  /** Each stack of the first model must be as high in the others. */
  private void checkLayers(Slice slice) {
    Source first = slice.sources().get(0);
    List<Stack> stacks = names.structure(first).mainStacks();
    for (Source source : slice.sources()) {
      Structure other = names.structure(source);
      if (stacks.size() <= 1 && other.mainStacks().size() <= 1) {
        checkLayers(source, height(other), "", first, height(names.structure(first)));
      } else {
        for (Stack stack : stacks) {
          other.stacks().stream()
              .filter(candidate -> candidate.prefix().equals(stack.prefix()))
              .findFirst()
              .ifPresent(
                  same ->
                      checkLayers(
                          source, same.layers(), stack.word() + " ", first, stack.layers()));
        }
      }
    }
  }

  /** How many layers there are, where no more than one stack is; −1 if that cannot be told. */
  private static int height(Structure structure) {
    return structure.reasonsOfDoubt().isEmpty()
        ? structure.mainStacks().stream().mapToInt(Stack::layers).findFirst().orElse(0)
        : -1;
  }

  private void checkLayers(Source source, int layers, String kind, Source first, int expected) {
    problems.addIf(
        layers != expected && layers >= 0 && expected >= 0,
        source.line(),
        "%s has %s %slayers, %s has %s; merge ranges of layers with slices"
            .formatted(source.model(), layers, kind, first.model(), expected));
  }

  /** The same tensor of every source, at its place in its own stack. */
  private Route route(Slice slice, String name) {
    Optional<Place> place = Optional.empty();
    Optional<String> doubt = Optional.empty();
    for (Source source : slice.sources()) {
      Structure structure = names.structure(source);
      place = place.or(() -> structure.place(name));
      doubt = doubt.or(() -> structure.doubt(name));
    }
    return new Route(
        name,
        slice,
        place.map(Place::depth).orElse(0.0),
        doubt,
        Collections.nCopies(slice.sources().size(), name));
  }

  private List<Route> slices() {
    SliceStacks stacks = new SliceStacks(recipe.slices(), names.structures(), problems);
    SliceRouter router = new SliceRouter(recipe, names, stacks);
    List<Route> routes = new ArrayList<>();
    Slice first = recipe.slices().get(0);
    Slice last = recipe.slices().get(recipe.slices().size() - 1);
    names
        .of(first, (source, name) -> !stacks.cover(source, name) && isEmbedding(name))
        .forEach(name -> routes.add(route(first, name)));
    routes.addAll(router.routes());
    Set<String> behind =
        names.of(last, (source, name) -> !stacks.cover(source, name) && !isEmbedding(name));
    behind.addAll(sharedHeads(last));
    behind.forEach(name -> routes.add(route(last, name)));
    stackLayers = router.stackLayers();
    dropped = router.dropped();
    return routes;
  }

  /**
   * Heads that the output needs though no model of the slice has one: where the donor or the first
   * slice has a head of its own, the output cannot share its embedding.
   */
  private Set<String> sharedHeads(Slice slice) {
    Set<String> heads = new LinkedHashSet<>();
    if (slice.sources().stream().allMatch(source -> isTied(source.model()))) {
      Stream<ModelReference> others =
          Stream.concat(
              Stream.of(recipe.donor()),
              recipe.slices().get(0).sources().stream().map(Source::model));
      others
          .filter(model -> !isTied(model))
          .flatMap(model -> names.of(model).stream().filter(names.structures().get(model)::isHead))
          .forEach(heads::add);
    }
    return heads;
  }

  private boolean isTied(ModelReference model) {
    return names.structures().get(model).sharesHead();
  }

  private static boolean isEmbedding(String name) {
    return EMBEDDING.matcher(name).find();
  }
}
