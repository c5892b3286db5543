/** The vector algebra on SIMD lanes. The only package that imports {@code jdk.incubator.vector}. */
package dev.stockpot.kernels.vector;
