package dev.stockpot.merge.run;

import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.Slice;
import dev.stockpot.merge.recipe.Source;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Models that a recipe names twice, by other words: {@code models/a} and {@code ./models/a}, a link
 * and where it leads. They are one model, and count once.
 */
final class OneFolder {
  private final Function<ModelReference, Location> locate;
  private final Predicate<ModelReference> noFolders;
  private final Map<ModelReference, List<Place>> places = new HashMap<>();

  OneFolder(Function<ModelReference, Location> locate) {
    this(locate, model -> false);
  }

  /**
   * Folders, but for models that are none.
   *
   * @param noFolders which they are
   */
  OneFolder(Function<ModelReference, Location> locate, Predicate<ModelReference> noFolders) {
    this.locate = locate;
    this.noFolders = noFolders;
  }

  /** Where a model lies, and each of its adapters. */
  private List<Place> places(ModelReference model) {
    return places.computeIfAbsent(model, any -> locations(model).stream().map(Place::of).toList());
  }

  private List<Location> locations(ModelReference model) {
    List<Location> locations = new ArrayList<>(List.of(locate.apply(model.base())));
    model.adapters().forEach(adapter -> locations.add(locate.apply(adapter)));
    return locations;
  }

  private boolean areSame(List<Place> a, List<Place> b) {
    return a.size() == b.size()
        && IntStream.range(0, a.size()).allMatch(i -> a.get(i).is(b.get(i)));
  }

  /** Whether its words are those of the folders that it leads to. */
  private boolean isNamed(ModelReference model) {
    List<Location> locations = locations(model);
    return IntStream.range(0, locations.size())
        .allMatch(i -> places(model).get(i).isNamedBy(locations.get(i)));
  }

  /** Whether both names are of one folder. */
  boolean isOf(ModelReference a, ModelReference b) {
    return a.equals(b) || (isFolder(a) && isFolder(b) && areSame(places(a), places(b)));
  }

  private boolean isFolder(ModelReference model) {
    return !model.isPattern() && !noFolders.test(model);
  }

  /**
   * The models without those that are others by another name. A folder keeps its own name rather
   * than that of a link to it.
   *
   * @param source the recipe's, for what is told
   */
  List<ModelReference> once(List<ModelReference> models, String source, List<String> notices) {
    List<ModelReference> kept = new ArrayList<>();
    for (ModelReference model : models) {
      ModelReference name =
          models.stream()
              .filter(other -> isOf(model, other))
              .filter(this::isNamed)
              .findFirst()
              .or(() -> models.stream().filter(other -> isOf(model, other)).findFirst())
              .orElseThrow();
      if (name.equals(model)) {
        kept.add(model);
      } else {
        notices.add(
            "%s:%s: %s is the folder %s, and counts once"
                .formatted(source, model.line(), model, name));
      }
    }
    return kept;
  }

  /**
   * The recipe with one name for each folder: the base model's, else the first. A base model that
   * is listed by another name is so listed. A folder that is listed twice counts as a model does
   * that is.
   */
  Recipe named(Recipe recipe) {
    Map<ModelReference, ModelReference> names = names(recipe);
    if (names.entrySet().stream().allMatch(name -> name.getKey().equals(name.getValue()))) {
      return recipe;
    }
    List<Slice> slices =
        recipe.slices().stream().map(slice -> named(slice, recipe, names)).toList();
    return recipe.with(recipe.base(), slices, List.of());
  }

  private Map<ModelReference, ModelReference> names(Recipe recipe) {
    List<ModelReference> all = new ArrayList<>(recipe.base().stream().toList());
    for (Slice slice : recipe.slices()) {
      slice.base().ifPresent(all::add);
      slice.sources().stream().map(Source::model).forEach(all::add);
    }
    Map<ModelReference, ModelReference> names = new HashMap<>();
    for (ModelReference model : all) {
      if (!names.containsKey(model)) {
        names.put(
            model, all.stream().filter(earlier -> isOf(model, earlier)).findFirst().orElse(model));
      }
    }
    return names;
  }

  private static Slice named(
      Slice slice, Recipe recipe, Map<ModelReference, ModelReference> names) {
    Optional<ModelReference> base = slice.base().map(own -> renamed(own, names));
    List<Source> sources = new ArrayList<>();
    for (Source source : slice.sources()) {
      ModelReference model = renamed(source.model(), names);
      boolean isListed = sources.stream().anyMatch(listed -> listed.model().equals(model));
      if (!isListed || !isImplied(source, recipe)) { // which was added as nobody had listed it
        sources.add(source.of(model));
      }
    }
    return new Slice(sources, base, slice.parameters(), slice.line());
  }

  private static boolean isImplied(Source source, Recipe recipe) {
    return recipe
        .base()
        .filter(base -> base.equals(source.model()) && base.line() == source.line())
        .isPresent();
  }

  /** By the name that counts, where the recipe has it. */
  private static ModelReference renamed(
      ModelReference model, Map<ModelReference, ModelReference> names) {
    return new ModelReference(names.get(model).path(), model.line());
  }
}
