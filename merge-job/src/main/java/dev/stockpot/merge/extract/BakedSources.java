package dev.stockpot.merge.extract;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.model.Baked;
import dev.stockpot.merge.model.Dequantised;
import dev.stockpot.merge.model.Gathered;
import dev.stockpot.merge.model.Generated;
import dev.stockpot.merge.model.Initialised;
import dev.stockpot.merge.model.Made;
import dev.stockpot.merge.model.Reduced;
import dev.stockpot.merge.model.RowMean;
import dev.stockpot.merge.model.Solved;
import dev.stockpot.merge.model.Stored;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.model.View;
import java.util.Optional;

/** Tells tensors that adapters change from others. */
final class BakedSources implements TensorSource.Visitor<Optional<Baked>> {
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
  public Optional<Baked> stored(Stored source) {
    return Optional.empty();
  }

  @Override
  public Optional<Baked> view(View source) {
    return Optional.empty();
  }

  @Override
  public Optional<Baked> made(Made source) {
    return Optional.empty();
  }

  @Override
  public Optional<Baked> gathered(Gathered source) {
    return Optional.empty();
  }

  @Override
  public Optional<Baked> dequantised(Dequantised source) {
    return Optional.empty();
  }

  @Override
  public Optional<Baked> rowMean(RowMean source) {
    return Optional.empty();
  }

  @Override
  public Optional<Baked> reduced(Reduced source) {
    return Optional.empty();
  }

  @Override
  public Optional<Baked> generated(Generated source) {
    return Optional.empty();
  }

  @Override
  public Optional<Baked> initialised(Initialised source) {
    return Optional.empty();
  }

  @Override
  public Optional<Baked> solved(Solved source) {
    return Optional.empty();
  }
}
