/**
 * The device of {@link dev.stockpot.kernels.rapids.Device} with RAPIDS: the only package that
 * imports {@code ai.rapids.cudf}, and nothing of it is loaded before a GPU has been seen.
 */
package dev.stockpot.kernels.rapids.cudf;
