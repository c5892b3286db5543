/** Averages that a few models cannot move far, and the distances that they follow from. */
package dev.stockpot.kernels.methods.robust;
