/**
 * Linear algebra on whole matrices of float64 that gives the same bits everywhere: each sum has one
 * order, which depends on shapes alone.
 */
package dev.stockpot.kernels.matrix;
