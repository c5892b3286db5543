package dev.stockpot.merge.recipe;

/** What becomes of a tensor that some models lack. */
public enum MissingTensors {
  /** It is a problem. */
  FAIL,
  /** It is copied from the first model that holds it, the base before all others. */
  COPY
}
