package dev.stockpot.merge.structure;

import static java.util.Objects.requireNonNull;

import java.util.OptionalInt;

/**
 * Where a configuration says how many blocks a stack has.
 *
 * @param part path of the object that holds the key; empty for the configuration itself
 * @param key its name in that object
 * @param form whether its value is the number, or a list of that length
 */
record CountKey(String part, String key, Form form) {
  /** How a value counts blocks. */
  public enum Form {
    NUMBER,
    LIST
  }

  private static final String LENGTH = "len(";

  public CountKey {
    requireNonNull(part, "part is null");
    requireNonNull(key, "key is null");
    requireNonNull(form, "form is null");
  }

  /** A key as our table writes it: {@code a.b.key}, or {@code len(a.b.key)} for a list. */
  static CountKey of(String written) {
    boolean isList = written.startsWith(LENGTH);
    String path = isList ? written.substring(LENGTH.length(), written.length() - 1) : written;
    int dot = path.lastIndexOf('.');
    return new CountKey(
        path.substring(0, Math.max(dot, 0)),
        path.substring(dot + 1),
        isList ? Form.LIST : Form.NUMBER);
  }

  /** The count; empty where the configuration leaves it to the default of its class. */
  OptionalInt valueIn(Configuration root) {
    return root.at(part)
        .map(object -> form == Form.LIST ? object.length(key) : object.number(key))
        .orElse(OptionalInt.empty());
  }

  /** Names joined by dots. */
  public String path() {
    return part.isEmpty() ? key : part + "." + key;
  }

  @Override
  public String toString() {
    return form == Form.LIST ? LENGTH + path() + ")" : path();
  }
}
