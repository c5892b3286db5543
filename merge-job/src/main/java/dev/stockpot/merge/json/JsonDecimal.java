package dev.stockpot.merge.json;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;

/** A number with the digits that it has. */
record JsonDecimal(BigDecimal value) implements JsonValue {
  JsonDecimal {
    requireNonNull(value, "number is null");
  }

  @Override
  public void writeTo(JsonWriter json) {
    json.number(value);
  }
}
