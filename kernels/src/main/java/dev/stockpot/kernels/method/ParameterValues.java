package dev.stockpot.kernels.method;

import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The values of a method's parameters for one tensor, defaults filled in, by name and plain: {@link
 * Double}, {@link Boolean}, {@link String}.
 */
public record ParameterValues(Map<String, Object> values) implements Serializable {
  public static final ParameterValues NONE = new ParameterValues(Map.of());

  public ParameterValues {
    // one order, whatever map it came in: it is printed and hashed
    values = Collections.unmodifiableMap(new TreeMap<>(values));
  }

  /**
   * The value of a parameter, as the method that has it sees it.
   *
   * @throws IllegalArgumentException if there is none
   */
  public <T> T get(Parameter<T> parameter) {
    Object value = values.get(parameter.name());
    if (value == null) {
      throw new IllegalArgumentException(
          "parameter %s is not among %s".formatted(parameter.name(), values.keySet()));
    }
    return parameter.range().typed(value);
  }
}
