/** Merges that weigh models by statistics of them: curvature, and the inputs of their matrices. */
package dev.stockpot.kernels.methods.statistics;
