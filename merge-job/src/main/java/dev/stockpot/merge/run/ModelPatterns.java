package dev.stockpot.merge.run;

import static java.util.stream.Collectors.joining;

import dev.stockpot.merge.checkpoint.NaturalOrder;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.Slice;
import dev.stockpot.merge.recipe.Source;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectStore;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Replaces patterns such as {@code runs/checkpoint-*} by the folders that they match, in natural
 * order. Models that the recipe names, and the base model, are not matched again.
 */
final class ModelPatterns {
  private final ObjectStore store;
  private final Function<ModelReference, Location> locate;

  ModelPatterns(ObjectStore store, Function<ModelReference, Location> locate) {
    this.store = store;
    this.locate = locate;
  }

  /**
   * The recipe without patterns.
   *
   * @throws dev.stockpot.merge.recipe.RecipeException if a pattern matches nothing, or what it
   *     matches does not suit the method
   */
  Recipe expand(Recipe recipe) throws IOException {
    if (sources(recipe).noneMatch(source -> source.model().isPattern())) {
      return recipe;
    }
    Problems problems = new Problems(recipe.source());
    Set<ModelReference> named = new LinkedHashSet<>(sources(recipe).map(Source::model).toList());
    recipe.base().ifPresent(named::add);
    Map<ModelReference, List<ModelReference>> matches = new LinkedHashMap<>();
    for (ModelReference pattern : List.copyOf(named)) {
      if (pattern.isPattern()) {
        List<ModelReference> found = new ArrayList<>(match(pattern));
        found.removeIf(named::contains);
        problems.addIf(
            found.isEmpty(),
            pattern.line(),
            "no folder matches %s; check the pattern".formatted(pattern));
        matches.put(pattern, found);
      }
    }
    problems.throwIfAny();
    List<Slice> slices = recipe.slices().stream().map(slice -> expand(slice, matches)).toList();
    try {
      return new Recipe(
          recipe.source(),
          recipe.text(),
          recipe.method(),
          recipe.base(),
          slices,
          recipe.wholeModels(),
          recipe.parameters(),
          recipe.dtype(),
          recipe.outDtype());
    } catch (IllegalArgumentException e) { // it breaks a rule only now that patterns are replaced
      problems.add(0, e.getMessage());
      problems.throwIfAny();
      throw e;
    }
  }

  private static Stream<Source> sources(Recipe recipe) {
    return recipe.slices().stream().flatMap(slice -> slice.sources().stream());
  }

  private static Slice expand(Slice slice, Map<ModelReference, List<ModelReference>> matches) {
    List<Source> sources = new ArrayList<>();
    for (Source source : slice.sources()) {
      for (ModelReference model : matches.getOrDefault(source.model(), List.of(source.model()))) {
        sources.add(new Source(model, source.layers(), source.parameters(), source.line()));
      }
    }
    return new Slice(sources, slice.base(), slice.parameters(), slice.line());
  }

  /** The folders that a pattern matches, as a recipe would name them. */
  private List<ModelReference> match(ModelReference pattern) throws IOException {
    String located = locate.apply(pattern).path();
    String prefix = located.substring(0, located.length() - pattern.path().length());
    List<String> found = List.of("");
    for (String segment : pattern.path().split("(?<=/)", -1)) {
      found = step(prefix, found, segment);
    }
    return NaturalOrder.sort(found, path -> path).stream()
        .map(path -> new ModelReference(path, pattern.line()))
        .toList();
  }

  /** Each path followed by one more segment, by all folders that match it if it is a pattern. */
  private List<String> step(String prefix, List<String> paths, String segment) throws IOException {
    String name = segment.endsWith("/") ? segment.substring(0, segment.length() - 1) : segment;
    String slash = segment.substring(name.length());
    List<String> next = new ArrayList<>();
    for (String path : paths) {
      if (!new ModelReference(name.isEmpty() ? "/" : name, 0).isPattern()) {
        next.add(path + segment);
        continue;
      }
      Pattern wanted = regex(name);
      String folder = prefix + path;
      for (Location child : folders(folder.isEmpty() ? "." : folder)) {
        if (wanted.matcher(child.name()).matches()) {
          next.add(path + child.name() + slash);
        }
      }
    }
    return next;
  }

  private List<Location> folders(String folder) throws IOException {
    try {
      return store.folders(new Location(folder));
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  /** {@code *} is any number of characters, {@code ?} one; other characters are themselves. */
  private static Pattern regex(String glob) {
    String regex =
        glob.chars()
            .mapToObj(
                c ->
                    switch (c) {
                      case '*' -> ".*";
                      case '?' -> ".";
                      default -> Pattern.quote(Character.toString(c));
                    })
            .collect(joining());
    return Pattern.compile(regex);
  }
}
