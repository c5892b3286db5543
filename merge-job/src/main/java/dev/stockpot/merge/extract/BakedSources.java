package dev.stockpot.merge.extract;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.model.Baked;
import dev.stockpot.merge.model.FewSources;
import dev.stockpot.merge.model.TensorSource;
import java.util.Optional;

/** Tells tensors that adapters change from others. */
final class BakedSources implements FewSources<Optional<Baked>> {
  /** A tensor with its adapters; nothing if it has none, or is arranged in another way. */
  static Optional<Baked> of(TensorSource source) {
    return source.accept(new BakedSources());
  }

  /** A tensor as adapters leave it, before it is rounded to the base's type. */
  static TensorSource unrounded(TensorSource source) {
    return of(source)
        .<TensorSource>map(baked -> new Baked(baked.base(), baked.changes(), DType.F32))
        .orElse(source);
  }

  @Override
  public Optional<Baked> baked(Baked source) {
    return Optional.of(source).filter(baked -> !baked.changes().isEmpty());
  }

  @Override
  public Optional<Baked> other(TensorSource source) {
    return Optional.empty();
  }
}
