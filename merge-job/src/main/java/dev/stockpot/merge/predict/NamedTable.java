package dev.stockpot.merge.predict;

import static java.util.Objects.requireNonNull;

/**
 * A table that somebody named.
 *
 * @param name of the model that made it
 * @param path as Spark reads it: a file, a folder of Parquet, a pattern
 */
public record NamedTable(String name, String path) {
  public NamedTable {
    requireNonNull(name, "name is null");
    requireNonNull(path, "path is null");
  }

  @Override
  public String toString() {
    return name.equals(path) ? path : "%s (%s)".formatted(name, path);
  }
}
