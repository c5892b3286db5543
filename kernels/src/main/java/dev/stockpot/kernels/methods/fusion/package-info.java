/** Arcee Fusion: the changes that matter most to a row. */
package dev.stockpot.kernels.methods.fusion;
