/**
 * The merge methods, each written once over the vector algebra of {@link
 * dev.stockpot.kernels.Kernels}.
 */
package dev.stockpot.kernels.method;
