package dev.stockpot.merge.output;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.structure.KeyEdit;
import java.util.List;
import java.util.Optional;

/**
 * What a merge changes in the configuration of its donor.
 *
 * @param dtype the one type of the output's floating-point tensors, where the user asked for one
 * @param keys values that follow the layers of the output; none if the layers are the donor's own
 * @param untied whether the output has a head of its own though the donor shares its embedding
 * @param float8Gone whether there were FP8 tensors and the output has none
 */
public record ConfigChanges(
    Optional<DType> dtype, List<KeyEdit> keys, boolean untied, boolean float8Gone) {
  /** Nothing changes. */
  public static final ConfigChanges NONE =
      new ConfigChanges(Optional.empty(), List.of(), false, false);

  public ConfigChanges {
    keys = List.copyOf(keys);
  }
}
