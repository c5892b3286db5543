package dev.stockpot.merge.run;

import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Problems;
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

/**
 * Models that a recipe names twice, by other words: {@code models/a} and {@code ./models/a}, a link
 * and where it leads. They are one model, and count once.
 */
final class OneFolder {
  private final Function<ModelReference, Location> locate;
  private final Map<ModelReference, Place> places = new HashMap<>();

  OneFolder(Function<ModelReference, Location> locate) {
    this.locate = locate;
  }

  private Place place(ModelReference model) {
    return places.computeIfAbsent(model, any -> Place.of(locate.apply(model)));
  }

  /** Whether both names are of one folder. */
  boolean isOf(ModelReference a, ModelReference b) {
    return a.equals(b) || (!a.isPattern() && !b.isPattern() && place(a).is(place(b)));
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
              .filter(other -> place(other).isNamedBy(locate.apply(other)))
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
   * is listed by another name is so listed.
   *
   * @throws dev.stockpot.merge.UserException if a folder is listed twice
   */
  Recipe named(Recipe recipe) {
    Map<ModelReference, ModelReference> names = names(recipe);
    if (names.entrySet().stream().allMatch(name -> name.getKey().equals(name.getValue()))) {
      return recipe;
    }
    Problems problems = new Problems(recipe.source());
    List<Slice> slices =
        recipe.slices().stream().map(slice -> named(slice, recipe, names, problems)).toList();
    problems.throwIfAny();
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
      Slice slice, Recipe recipe, Map<ModelReference, ModelReference> names, Problems problems) {
    Optional<ModelReference> base = slice.base().map(own -> renamed(own, names));
    List<Source> sources = new ArrayList<>();
    for (Source source : slice.sources()) {
      ModelReference model = renamed(source.model(), names);
      Optional<Source> earlier =
          sources.stream().filter(listed -> listed.model().equals(model)).findFirst();
      if (earlier.isEmpty()) {
        sources.add(new Source(model, source.layers(), source.parameters(), source.line()));
      } else if (!isImplied(source, recipe)) { // else it was added because nobody had listed it
        problems.add(
            source.line(),
            "`%s` is the folder that `%s` in line %s names; remove one"
                .formatted(source.model(), earlier.get().model(), earlier.get().line()));
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
