package dev.stockpot.merge.output;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.json.JsonObject;
import java.util.List;

/** Names the type wherever the donor does, or where loaders look for it if the donor does not. */
record TypeEdit(DType dtype) implements ConfigEdit {
  TypeEdit {
    TypeWords.of(dtype);
  }

  @Override
  public JsonObject apply(JsonObject config) {
    JsonObject named = TypeWords.inBothParts(config, this::rename);
    boolean isNamed = TypeWords.isNamed(config) || !Library.of(config, List.of()).namesTypes();
    return isNamed ? named : named.with(TypeWords.KEYS.get(0), TypeWords.of(dtype));
  }

  private JsonObject rename(JsonObject part) {
    JsonObject renamed = part;
    for (String key : TypeWords.KEYS) {
      renamed = renamed.has(key) ? renamed.with(key, TypeWords.of(dtype)) : renamed;
    }
    return renamed;
  }
}
