package dev.stockpot.merge.recipe;

import static java.util.Objects.requireNonNull;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Values by key, in the order they were written. */
public record MapNode(List<Entry> entries, int line) implements Node {

  /**
   * A key and its value.
   *
   * @param line the line of the key
   */
  public record Entry(String key, int line, Node value) {
    public Entry {
      requireNonNull(key, "key is null");
      requireNonNull(value, "value is null");
    }
  }

  public MapNode {
    entries = List.copyOf(entries);
    Set<String> keys = new HashSet<>();
    for (Entry entry : entries) {
      if (!keys.add(entry.key())) {
        throw new IllegalArgumentException("key %s is there twice".formatted(entry.key()));
      }
    }
  }

  @Override
  public String shown() {
    return entries.isEmpty() ? "{}" : "{%s: …}".formatted(entries.get(0).key());
  }

  public Optional<Entry> entry(String key) {
    return entries.stream().filter(entry -> entry.key().equals(key)).findFirst();
  }
}
