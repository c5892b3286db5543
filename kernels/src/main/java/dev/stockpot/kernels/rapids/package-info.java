/**
 * Runs the vector algebra on columns in a GPU's memory. Programs of column operations are written
 * against {@link dev.stockpot.kernels.rapids.Device}, which tests implement with arrays; package
 * {@code cudf} implements it with RAPIDS.
 */
package dev.stockpot.kernels.rapids;
