package dev.stockpot.merge.plan;

import java.util.Optional;

/** Why a work cannot be done span by span for somebody else. */
final class StageObstacle implements TensorWork.Visitor<Optional<String>> {
  @Override
  public Optional<String> copy(Copy work) {
    return Optional.empty();
  }

  @Override
  public Optional<String> blockwise(Blockwise work) {
    return work.scan()
        .filter(wanted -> wanted.scope().isShared())
        .map(
            wanted ->
                "it looks at other tensors before it merges %s".formatted(work.output().name()));
  }

  @Override
  public Optional<String> look(Look work) {
    return Optional.empty();
  }

  @Override
  public Optional<String> whole(Whole work) {
    return Optional.of("it makes %s of whole matrices".formatted(work.output().name()));
  }

  @Override
  public Optional<String> revised(Revised work) {
    return Optional.of("steps behind it see all of %s".formatted(work.output().name()));
  }

  @Override
  public Optional<String> factors(Factors work) {
    return Optional.of("it makes an adapter");
  }

  @Override
  public Optional<String> requantised(Requantised work) {
    return Optional.of("it writes %s as FP8".formatted(work.name()));
  }

  @Override
  public Optional<String> generate(Generate work) {
    return Optional.of("it makes %s of no input".formatted(work.output().name()));
  }
}
