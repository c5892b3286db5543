package dev.stockpot.merge.recipe;

import static java.util.Objects.requireNonNull;

/**
 * A model as a recipe names it: a folder or URI, or a pattern that matches several. Two references
 * are equal if they name the same model, wherever they stand.
 *
 * @param path without a slash at the end
 * @param line where the recipe names it
 */
public record ModelReference(String path, int line) {
  public ModelReference {
    requireNonNull(path, "path is null");
    while (path.length() > 1 && path.endsWith("/")) {
      path = path.substring(0, path.length() - 1);
    }
    if (path.isBlank()) {
      throw new IllegalArgumentException("path is empty");
    }
  }

  /** Whether it is a glob, which may stand for any number of models. */
  public boolean isPattern() {
    return path.chars().anyMatch(c -> "*?[{".indexOf(c) >= 0);
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
