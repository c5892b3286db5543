package dev.stockpot.merge.json;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/** Text. */
record JsonText(String value) implements JsonValue {
  JsonText {
    requireNonNull(value, "text is null");
  }

  @Override
  public Optional<String> text() {
    return Optional.of(value);
  }

  @Override
  public void writeTo(JsonWriter json) {
    json.text(value);
  }
}
