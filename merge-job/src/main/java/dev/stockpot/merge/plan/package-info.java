/** From a recipe and headers to every byte of the output: pure functions, no I/O. */
package dev.stockpot.merge.plan;
