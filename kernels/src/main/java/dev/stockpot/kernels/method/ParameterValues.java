package dev.stockpot.kernels.method;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;

/**
 * The values of a method's parameters for one tensor, defaults filled in: {@link Double}, {@link
 * Boolean}, {@link String}.
 */
public record ParameterValues(Map<String, Object> values) implements Serializable {
  public static final ParameterValues NONE = new ParameterValues(Map.of());

  public ParameterValues {
    values = new TreeMap<>(values); // one order, whatever map it came in: it is printed and hashed
  }

  public double number(String name) {
    return (Double) given(name);
  }

  public boolean flag(String name) {
    return (Boolean) given(name);
  }

  public String word(String name) {
    return (String) given(name);
  }

  private Object given(String name) {
    Object value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "parameter %s is not among %s".formatted(name, values.keySet()));
    }
    return value;
  }
}
