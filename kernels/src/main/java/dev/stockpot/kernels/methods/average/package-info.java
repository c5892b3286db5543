/** Averages of whole models. */
package dev.stockpot.kernels.methods.average;
