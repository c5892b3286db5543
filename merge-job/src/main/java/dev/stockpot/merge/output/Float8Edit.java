package dev.stockpot.merge.output;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.checkpoint.ModelConfig;
import dev.stockpot.merge.json.JsonObject;

/** Takes away how weights were quantised to FP8, and names another type where FP8 was named. */
record Float8Edit(DType instead) implements ConfigEdit {
  Float8Edit {
    TypeWords.of(instead);
  }

  @Override
  public JsonObject apply(JsonObject config) {
    JsonObject plain =
        ModelConfig.quantizesToFloat8(config) ? config.without(ModelConfig.QUANTIZATION) : config;
    return TypeWords.inBothParts(plain, this::rename);
  }

  private JsonObject rename(JsonObject part) {
    JsonObject renamed = part;
    for (String key : TypeWords.KEYS) {
      boolean isFloat8 = part.text(key).contains("float8");
      renamed = isFloat8 ? renamed.with(key, TypeWords.of(instead)) : renamed;
    }
    return renamed;
  }
}
