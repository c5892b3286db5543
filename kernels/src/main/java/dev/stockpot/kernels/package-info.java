/** What can be computed on the elements of tensors, and who computes it. */
package dev.stockpot.kernels;
