package dev.stockpot.merge.json;

import java.util.List;
import java.util.Optional;

/** Values in their order. */
record JsonList(List<JsonValue> elements) implements JsonValue {
  JsonList {
    elements = List.copyOf(elements);
  }

  @Override
  public Optional<List<JsonValue>> list() {
    return Optional.of(elements);
  }

  @Override
  public void writeTo(JsonWriter json) {
    json.beginList();
    elements.forEach(element -> element.writeTo(json));
    json.endList();
  }
}
