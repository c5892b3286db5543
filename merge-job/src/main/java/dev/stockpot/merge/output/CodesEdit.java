package dev.stockpot.merge.output;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.checkpoint.ModelConfig;
import dev.stockpot.merge.json.JsonObject;

/** Takes away how weights were quantised, and names another type where FP8 was named. */
record CodesEdit(DType instead) implements ConfigEdit {
  /** What compressed-tensors called it once. */
  private static final String EARLIER = "compression_config";

  CodesEdit {
    TypeWords.of(instead);
  }

  @Override
  public JsonObject apply(JsonObject config) {
    JsonObject plain =
        TypeWords.inBothParts(
            config, part -> part.without(ModelConfig.QUANTIZATION).without(EARLIER));
    return new Float8Edit(instead).apply(plain);
  }
}
