package dev.stockpot.merge.json;

import java.math.BigInteger;

/** A whole number that no long holds. */
record JsonHuge(BigInteger value) implements JsonValue {
  @Override
  public void writeTo(JsonWriter json) {
    json.number(value);
  }
}
