package dev.stockpot.kernels.method;

/** What one element of the output depends on. */
public enum Footprint {
  /** The inputs' elements at the same place: a tensor may be cut anywhere. */
  ELEMENT,
  /** Those, and a statistic over the whole tensor that is found by scanning it in slices. */
  TENSOR_STATISTIC,
  /** The inputs' whole rows: a tensor is cut between rows. */
  ROW,
  /** The whole tensor: it is not cut. */
  WHOLE_TENSOR
}
