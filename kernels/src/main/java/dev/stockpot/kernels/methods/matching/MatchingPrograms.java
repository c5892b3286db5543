package dev.stockpot.kernels.methods.matching;

import dev.stockpot.kernels.matrix.Permutation;
import dev.stockpot.kernels.method.MatrixProgram;
import dev.stockpot.kernels.number.Shape;
import java.io.Serializable;
import java.util.List;

/** Programs on whole tensors that put units where they were found to belong. */
public final class MatchingPrograms {
  private MatchingPrograms() {}

  /**
   * The upper triangle of a symmetric matrix [n (n + 1) / 2], row by row, with rows and columns in
   * another order.
   */
  public static MatrixProgram orderOfTriangle(Permutation order) {
    return new TriangleOrder(order);
  }

  /**
   * A tensor whose heads along an axis are turned.
   *
   * @param axis the first one or the last
   * @param turned one behind the other
   * @throws IllegalArgumentException if they do not fill it
   */
  public static MatrixProgram turned(Shape shape, int axis, List<Placed> turned) {
    return new TurnedHeads(shape, axis, turned);
  }

  /** Heads that begin at a place along an axis. */
  public record Placed(int first, Turn turn) implements Serializable {}

  /**
   * A tensor of one of two models whose units were joined: the average of both models' has the
   * features that they were joined to.
   *
   * @param isOutput whether the axis is what a layer puts out, rather than what it takes in
   * @param model 0 for the first, 1 for the other
   * @param zipped one behind the other, all along the axis
   * @throws IllegalArgumentException if they do not fill it
   */
  public static MatrixProgram zipped(
      Shape shape, int axis, boolean isOutput, int model, List<Zipped> zipped) {
    return new ZippedUnits(shape, axis, isOutput, model, zipped);
  }

  /**
   * Units that were joined with those of the other model.
   *
   * @param members places of each unit, which stay together
   */
  public record Zipped(Zip zip, int members) implements Serializable {}
}
