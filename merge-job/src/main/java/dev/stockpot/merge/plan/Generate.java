package dev.stockpot.merge.plan;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.random.Numbers;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.merge.output.OutputTensor;
import java.util.List;
import java.util.Optional;

/** A tensor of numbers that come from no input. */
public record Generate(OutputTensor output, Numbers numbers, Rounding rounding)
    implements OneTensor {
  public Generate {
    requireNonNull(numbers, "numbers is null");
    requireNonNull(rounding, "rounding is null");
    if (!output.dtype().isWritable()) {
      throw new IllegalArgumentException("%s cannot be generated".formatted(output));
    }
  }

  @Override
  public List<Input> inputs() {
    return List.of();
  }

  @Override
  public boolean isOneSlice(long taskBytes, int merges) {
    return false;
  }

  @Override
  public Optional<String> problem(long taskBytes) {
    return Optional.empty();
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.generate(this);
  }
}
