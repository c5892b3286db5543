package dev.stockpot.merge.cli;

import dev.stockpot.kernels.number.DType;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The option for the type of the output. */
final class DTypeOption {
  /** The types that can be written. */
  enum Word {
    BFLOAT16(DType.BF16),
    FLOAT16(DType.F16),
    FLOAT32(DType.F32),
    FLOAT64(DType.F64);

    private final DType dtype;

    Word(DType dtype) {
      this.dtype = dtype;
    }
  }

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      description =
          "Type of the merged floating-point tensors: bfloat16, float16, float32, float64."
              + " Without it the recipe decides, else each tensor keeps its type.")
  private Word word;

  Optional<DType> dtype() {
    return Optional.ofNullable(word).map(chosen -> chosen.dtype);
  }
}
