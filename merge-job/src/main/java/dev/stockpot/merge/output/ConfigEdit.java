package dev.stockpot.merge.output;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import dev.stockpot.merge.structure.KeyEdit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a merge changes in the configuration of its donor. Edits are applied one after the other,
 * and each looks for what it changes where families of models have it; nothing is changed that is
 * not there.
 */
public sealed interface ConfigEdit
    permits TypeEdit, Float8Edit, CodesEdit, KeysEdit, UntiedEdit, ValuesEdit {
  /** The tree of {@code config.json} with the change. */
  JsonObject apply(JsonObject config);

  /** All floating-point tensors are of one type, because the user asked for it. */
  static ConfigEdit type(DType dtype) {
    return new TypeEdit(dtype);
  }

  /**
   * There were FP8 tensors, and none is left.
   *
   * @param instead the type that is named where FP8 was
   */
  static ConfigEdit withoutFloat8(DType instead) {
    return new Float8Edit(instead);
  }

  /**
   * There were codes, and numbers are in their place.
   *
   * @param instead the type that is named where FP8 was
   */
  static ConfigEdit withoutCodes(DType instead) {
    return new CodesEdit(instead);
  }

  /** The layers are others. */
  static ConfigEdit keys(List<KeyEdit> keys) {
    return new KeysEdit(keys);
  }

  /**
   * Some values are others.
   *
   * @param values by their paths, names joined by dots; empty ones are taken away
   */
  static ConfigEdit values(Map<String, Optional<JsonValue>> values) {
    return new ValuesEdit(values);
  }

  /** There is an output head of its own, though the donor shares its embedding. */
  static ConfigEdit untied() {
    return UntiedEdit.UNTIED;
  }
}
