package dev.stockpot.merge.model;

/** What can be done with a few kinds of sources, and the same with all others. */
public interface FewSources<R> extends TensorSource.Visitor<R> {
  R other(TensorSource source);

  @Override
  default R stored(Stored source) {
    return other(source);
  }

  @Override
  default R view(View source) {
    return other(source);
  }

  @Override
  default R made(Made source) {
    return other(source);
  }

  @Override
  default R gathered(Gathered source) {
    return other(source);
  }

  @Override
  default R dequantised(Dequantised source) {
    return other(source);
  }

  @Override
  default R unpacked(Unpacked source) {
    return other(source);
  }

  @Override
  default R indexed(Indexed source) {
    return other(source);
  }

  @Override
  default R rowMean(RowMean source) {
    return other(source);
  }

  @Override
  default R baked(Baked source) {
    return other(source);
  }

  @Override
  default R reduced(Reduced source) {
    return other(source);
  }

  @Override
  default R generated(Generated source) {
    return other(source);
  }

  @Override
  default R initialised(Initialised source) {
    return other(source);
  }

  @Override
  default R solved(Solved source) {
    return other(source);
  }

  @Override
  default R reordered(Reordered source) {
    return other(source);
  }
}
