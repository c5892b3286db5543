package dev.stockpot.kernels.matrix;

/**
 * {@code A = Q B Pᵀ} of an m x n matrix, m not below n: B is upper bidiagonal, n x n.
 *
 * @param packed m x n: column i below the diagonal holds the vector of the left reflection i
 *     without its one; row i right of the element beside the diagonal that of the right reflection
 * @param diagonal of B, n elements
 * @param beside the n - 1 elements of B right of the diagonal
 * @param left scales of the left reflections
 * @param right scales of the right reflections, the last of which is zero
 */
record Bidiagonal(
    Matrix packed, double[] diagonal, double[] beside, double[] left, double[] right) {}
