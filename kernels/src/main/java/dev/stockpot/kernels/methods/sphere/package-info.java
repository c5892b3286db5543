/** Merges by the geometry of a few long vectors: inner products first, weights from them. */
package dev.stockpot.kernels.methods.sphere;
