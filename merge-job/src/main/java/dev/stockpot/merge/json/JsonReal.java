package dev.stockpot.merge.json;

import java.util.OptionalDouble;

/** A number with a point or an exponent, as a float64, and what is no number. */
record JsonReal(double value) implements JsonValue {
  @Override
  public OptionalDouble number() {
    return OptionalDouble.of(value);
  }

  @Override
  public void writeTo(JsonWriter json) {
    json.number(value);
  }
}
