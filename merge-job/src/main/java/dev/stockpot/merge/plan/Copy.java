package dev.stockpot.merge.plan;

import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.output.OutputTensor;
import java.util.List;
import java.util.Optional;

/** The bytes of one input, unchanged. */
public record Copy(OutputTensor output, TensorSource input) implements OneTensor {
  public Copy {
    if (output.dtype() != input.dtype() || !output.shape().equals(input.shape())) {
      throw new IllegalArgumentException("%s is no copy of %s".formatted(output, input));
    }
  }

  @Override
  public List<Input> inputs() {
    return List.of(new Input(input, Input.Reach.SAME_ELEMENTS));
  }

  @Override
  public Optional<String> problem(long taskBytes) {
    return SourceMemory.problem(this, taskBytes);
  }

  @Override
  public boolean isOneSlice(long taskBytes, int merges) {
    return !streams() && SourceMemory.holdsAll(this, taskBytes, merges);
  }

  @Override
  public boolean readsNumbers() {
    return false;
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.copy(this);
  }
}
