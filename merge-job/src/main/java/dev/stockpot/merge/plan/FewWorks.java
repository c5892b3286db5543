package dev.stockpot.merge.plan;

/** What can be done with a few kinds of work, and the same with all others. */
public interface FewWorks<R> extends TensorWork.Visitor<R> {
  R other(TensorWork work);

  @Override
  default R copy(Copy work) {
    return other(work);
  }

  @Override
  default R blockwise(Blockwise work) {
    return other(work);
  }

  @Override
  default R look(Look work) {
    return other(work);
  }

  @Override
  default R whole(Whole work) {
    return other(work);
  }

  @Override
  default R revised(Revised work) {
    return other(work);
  }

  @Override
  default R generate(Generate work) {
    return other(work);
  }

  @Override
  default R factors(Factors work) {
    return other(work);
  }

  @Override
  default R requantised(Requantised work) {
    return other(work);
  }
}
