package dev.stockpot.merge.structure;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A value of a configuration that follows the layers of a stack.
 *
 * @param path names joined by dots
 */
public record KeyEdit(String path, Change change) {
  /** What becomes of a value. */
  public sealed interface Change
      permits Whole, Wholes, Element, Letters, Texts, Rearranged, Renamed {}

  /** A whole number in its place. */
  public record Whole(int value) implements Change {}

  /** Whole numbers in its place. */
  public record Wholes(List<Integer> values) implements Change {
    public Wholes {
      values = List.copyOf(values);
    }
  }

  /**
   * A whole number in the place of an element of the list that was there.
   *
   * @param place of the element
   */
  public record Element(int place, int value) implements Change {}

  /** A text in its place. */
  public record Letters(String value) implements Change {
    public Letters {
      requireNonNull(value, "value is null");
    }
  }

  /** Texts in its place. */
  public record Texts(List<String> values) implements Change {
    public Texts {
      values = List.copyOf(values);
    }
  }

  /**
   * The values of the object that was there, under other names.
   *
   * @param origins for each name, the one under which its value was
   */
  public record Renamed(Map<String, String> origins) implements Change {
    public Renamed {
      origins = Collections.unmodifiableMap(new LinkedHashMap<>(origins));
    }
  }

  /**
   * The elements of the list that was there, in another order.
   *
   * @param origins for each element, the place of the one that it was
   */
  public record Rearranged(List<Integer> origins) implements Change {
    public Rearranged {
      origins = List.copyOf(origins);
    }
  }

  public KeyEdit {
    requireNonNull(path, "path is null");
    requireNonNull(change, "change is null");
  }
}
