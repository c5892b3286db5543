package dev.stockpot.kernels.method;

/** What a tensor is for, as far as its name and the model's configuration tell. */
public enum TensorRole {
  /** A table of tokens or positions: its rows are looked up, never multiplied. */
  EMBEDDING,
  /** What makes logits, or another result, of the last hidden state. */
  HEAD,
  /** All else: what a model computes with in between. */
  INNER
}
