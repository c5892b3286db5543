package dev.stockpot.merge.json;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.util.OptionalDouble;

/** A number with the digits that it has. */
record JsonDecimal(BigDecimal value) implements JsonValue {
  JsonDecimal {
    requireNonNull(value, "number is null");
  }

  @Override
  public OptionalDouble number() {
    return OptionalDouble.of(value.doubleValue());
  }

  @Override
  public void writeTo(JsonWriter json) {
    json.number(value);
  }
}
