package dev.stockpot.merge.structure;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.OptionalInt;

/**
 * Where a configuration says how many blocks a stack has.
 *
 * @param part path of the object that holds the key; empty for the configuration itself
 * @param key its name in that object
 * @param form whether its value is the number, a list of that length, or has it as an element
 */
record CountKey(String part, String key, Form form) {
  /** How a value counts blocks: a number, a list as long, or {@code key[2]}, a list's element. */
  public enum Form {
    NUMBER,
    LIST,
    ELEMENT
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

  /** The element of a list that counts the blocks of a stage. */
  static CountKey ofStage(String part, String list, int stage) {
    return new CountKey(part, "%s[%s]".formatted(list, stage), Form.ELEMENT);
  }

  /** The key of the list, where this is an element of it; else the key itself. */
  String listKey() {
    return form == Form.ELEMENT ? key.substring(0, key.indexOf('[')) : key;
  }

  /** Which element of its list it is. */
  int element() {
    return Integer.parseInt(key.substring(key.indexOf('[') + 1, key.length() - 1));
  }

  /** The count; empty where the configuration leaves it to the default of its class. */
  OptionalInt valueIn(Configuration root) {
    return root.at(part).map(this::valueOf).orElse(OptionalInt.empty());
  }

  private OptionalInt valueOf(Configuration object) {
    return switch (form) {
      case NUMBER -> object.number(key);
      case LIST -> object.length(key);
      case ELEMENT -> {
        List<Integer> all = object.integers(listKey());
        yield element() < all.size() ? OptionalInt.of(all.get(element())) : OptionalInt.empty();
      }
    };
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
