package dev.stockpot.merge.recipe;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import java.util.Arrays;
import java.util.List;

/**
 * A model as a recipe names it: a folder or URI, or a pattern that matches several, with adapters
 * behind it, joined by {@code +}. Two references are equal if they name the same model, wherever
 * they stand.
 *
 * @param path without slashes at the ends of its parts
 * @param line where the recipe names it
 */
public record ModelReference(String path, int line) {
  private static final String PLUS = "+";

  public ModelReference {
    requireNonNull(path, "path is null");
    if (path.isBlank()) {
      throw new IllegalArgumentException("path is empty");
    }
    path = parts(path).stream().map(ModelReference::withoutSlash).collect(joining(PLUS));
  }

  private static String withoutSlash(String part) {
    String bare = part;
    while (bare.length() > 1 && bare.endsWith("/")) {
      bare = bare.substring(0, bare.length() - 1);
    }
    return bare;
  }

  /** The model and its adapters; a name of which a part would be empty has no parts. */
  private static List<String> parts(String path) {
    List<String> parts = Arrays.asList(path.split("\\+", -1));
    return parts.stream().anyMatch(String::isBlank) ? List.of(path) : parts;
  }

  /** The model that adapters are put on: itself, if it has none. */
  public ModelReference base() {
    return new ModelReference(parts(path).get(0), line);
  }

  /** What is put on the base, in this order. */
  public List<ModelReference> adapters() {
    return parts(path).stream().skip(1).map(part -> new ModelReference(part, line)).toList();
  }

  /** This model at a revision of the hub that it is of. */
  public ModelReference at(String revision) {
    return new ModelReference(path + "@" + revision, line);
  }

  /** This model with more adapters on top. */
  public ModelReference plus(List<ModelReference> more) {
    String all = more.stream().map(adapter -> PLUS + adapter.path()).collect(joining());
    return new ModelReference(path + all, line);
  }

  /** Whether it is a glob, which may stand for any number of models. */
  public boolean isPattern() {
    return path.chars().anyMatch(c -> c == '*' || c == '?');
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ModelReference model && path.equals(model.path);
  }

  @Override
  public int hashCode() {
    return path.hashCode();
  }

  @Override
  public String toString() {
    return path;
  }
}
