package dev.stockpot.kernels.methods.taskvector;

/** Sizes of tensors that tests of other packages need. */
public final class LargeTensors {
  /** From so many elements on, thresholds are looked for in a sample first. */
  public static final int FEWEST_SAMPLED = (int) SelectNear.FEWEST_ELEMENTS;

  private LargeTensors() {}
}
