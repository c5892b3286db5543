/** What carries tensors from the width or the vocabulary of one model to that of another. */
package dev.stockpot.kernels.methods.widths;
