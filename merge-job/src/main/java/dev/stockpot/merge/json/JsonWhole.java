package dev.stockpot.merge.json;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/** A whole number that a long holds. */
record JsonWhole(long value) implements JsonValue {
  @Override
  public OptionalLong whole() {
    return OptionalLong.of(value);
  }

  @Override
  public OptionalDouble number() {
    return OptionalDouble.of((double) value);
  }

  @Override
  public void writeTo(JsonWriter json) {
    json.number(value);
  }
}
