package dev.stockpot.merge.json;

import java.util.Optional;

/** True or false. */
record JsonFlag(boolean value) implements JsonValue {
  @Override
  public Optional<Boolean> flag() {
    return Optional.of(value);
  }

  @Override
  public void writeTo(JsonWriter json) {
    json.flag(value);
  }
}
