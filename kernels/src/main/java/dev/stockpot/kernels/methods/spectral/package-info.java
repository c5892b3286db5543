/** Merges that take the task vectors of whole matrices apart: singular values and their vectors. */
package dev.stockpot.kernels.methods.spectral;
