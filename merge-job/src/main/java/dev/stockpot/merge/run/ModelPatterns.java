package dev.stockpot.merge.run;

import dev.stockpot.merge.FirstFew;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.Slice;
import dev.stockpot.merge.recipe.Source;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.Place;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Replaces patterns such as {@code runs/checkpoint-*} by the folders that they match, in natural
 * order. Models that the recipe names, and the base model, are not matched again.
 */
final class ModelPatterns {
  private final FolderMatches folderMatches;
  private final Function<ModelReference, Location> locate;
  private final List<Place> outputs;

  /**
   * For a store.
   *
   * @param outputs that no pattern may match, because the next merge would take it for a model
   */
  ModelPatterns(
      ObjectSource store, Function<ModelReference, Location> locate, List<Place> outputs) {
    this.folderMatches = new FolderMatches(store);
    this.locate = locate;
    this.outputs = List.copyOf(outputs);
  }

  /**
   * The recipe without patterns.
   *
   * @throws dev.stockpot.merge.UserException if a pattern matches nothing, or what it matches does
   *     not suit the method
   */
  Recipe expand(Recipe recipe) throws IOException {
    if (sources(recipe).noneMatch(source -> source.model().isPattern())) {
      return recipe;
    }
    Problems problems = new Problems(recipe.source());
    Set<ModelReference> named = new LinkedHashSet<>(sources(recipe).map(Source::model).toList());
    recipe.base().ifPresent(named::add);
    Map<ModelReference, List<ModelReference>> matches = new LinkedHashMap<>();
    List<String> notices = new ArrayList<>();
    OneFolder folders = new OneFolder(locate);
    for (ModelReference pattern : List.copyOf(named)) {
      if (pattern.adapters().stream().anyMatch(ModelReference::isPattern)) {
        problems.add(
            pattern.line(),
            "%s: an adapter cannot be a pattern; name each of them".formatted(pattern));
      } else if (pattern.isPattern()) {
        List<ModelReference> found = new ArrayList<>(match(pattern, Optional.empty()));
        for (Place output : outputs) {
          match(pattern, Optional.of(output)).stream()
              .filter(match -> Place.of(locate.apply(match.base())).holds(output))
              .forEach(
                  match ->
                      problems.add(
                          pattern.line(),
                          "%s matches %s, where the output is to lie: the next merge would take it for a model. Name an output that no pattern matches"
                              .formatted(pattern, match)));
        }
        found.removeIf(
            match ->
                named.stream()
                    .anyMatch(other -> !other.equals(pattern) && folders.isOf(match, other)));
        found = folders.once(found, recipe.source(), notices);
        problems.addIf(
            found.isEmpty(),
            pattern.line(),
            "no folder matches %s; check the pattern".formatted(pattern));
        matches.put(pattern, found);
      }
    }
    problems.throwIfAny();
    folderMatches.notices().forEach(notices::add);
    List<Slice> slices = new ArrayList<>();
    for (Slice slice : recipe.slices()) {
      slices.add(expand(slice, matches, problems, notices));
    }
    problems.throwIfAny();
    return recipe.with(recipe.base(), slices, notices);
  }

  private static Stream<Source> sources(Recipe recipe) {
    return recipe.slices().stream().flatMap(slice -> slice.sources().stream());
  }

  private static Slice expand(
      Slice slice,
      Map<ModelReference, List<ModelReference>> matches,
      Problems problems,
      List<String> notices) {
    List<Source> sources = new ArrayList<>();
    for (Source source : slice.sources()) {
      for (ModelReference model : matched(source, matches, problems, notices)) {
        sources.add(source.of(model));
      }
    }
    return new Slice(
        sources.isEmpty() ? slice.sources() : sources,
        slice.base(),
        slice.parameters(),
        slice.line());
  }

  private static List<ModelReference> matched(
      Source source,
      Map<ModelReference, List<ModelReference>> matches,
      Problems problems,
      List<String> notices) {
    List<ModelReference> found = matches.get(source.model());
    if (found == null) {
      return List.of(source.model());
    }
    if (source.steps().isEmpty()) {
      return found;
    }
    List<ModelReference> kept = source.steps().get().of(source.model(), found);
    List<String> left =
        found.stream().filter(it -> !kept.contains(it)).map(ModelReference::path).toList();
    problems.addIf(
        kept.isEmpty(),
        source.steps().get().line(),
        "none of the %s folders of %s is one of these steps: %s"
            .formatted(found.size(), source.model(), FirstFew.of(left)));
    if (!kept.isEmpty() && !left.isEmpty()) {
      notices.add(
          "of the %s folders of %s, `steps` leaves out %s: %s"
              .formatted(found.size(), source.model(), left.size(), FirstFew.of(left)));
    }
    return kept;
  }

  /**
   * The folders that a pattern matches, as a recipe would name them.
   *
   * @param there what is taken to be there as well
   */
  private List<ModelReference> match(ModelReference wanted, Optional<Place> there)
      throws IOException {
    ModelReference pattern = wanted.base();
    String located = locate.apply(pattern).path();
    String prefix = located.substring(0, located.length() - pattern.path().length());
    return folderMatches.of(prefix, pattern.path(), there).stream()
        .map(path -> new ModelReference(path, pattern.line()).plus(wanted.adapters()))
        .toList();
  }
}
