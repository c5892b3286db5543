package dev.stockpot.merge.json;

/** Nothing, where something could be. */
enum JsonNull implements JsonValue {
  NULL;

  @Override
  public void writeTo(JsonWriter json) {
    json.nothing();
  }
}
