package dev.stockpot.kernels.methods;

import dev.stockpot.kernels.method.PostStep;
import dev.stockpot.kernels.methods.moments.MomentSteps;
import dev.stockpot.kernels.methods.spectral.SpectralSteps;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Every step that there is behind merges. */
public final class PostSteps {
  private static final List<PostStep> ALL =
      Stream.concat(SpectralSteps.ALL.stream(), MomentSteps.ALL.stream()).toList();

  private PostSteps() {}

  /** All of them, in the order in which they are listed. */
  public static List<PostStep> all() {
    return ALL;
  }

  /** The step of that name. */
  public static Optional<PostStep> named(String name) {
    return ALL.stream().filter(step -> step.name().equals(name)).findFirst();
  }
}
