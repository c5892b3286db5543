/**
 * Runs the vector algebra on columns in a GPU's memory. Programs of column operations are written
 * against {@link dev.stockpot.kernels.rapids.Device}, which tests implement with arrays; one class
 * implements it with RAPIDS. The only package that imports {@code ai.rapids.cudf}.
 */
package dev.stockpot.kernels.rapids;
