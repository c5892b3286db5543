package dev.stockpot.merge.json;

import java.math.BigInteger;
import java.util.OptionalDouble;

/** A whole number that no long holds. */
record JsonHuge(BigInteger value) implements JsonValue {
  @Override
  public OptionalDouble number() {
    return OptionalDouble.of(value.doubleValue());
  }

  @Override
  public void writeTo(JsonWriter json) {
    json.number(value);
  }
}
