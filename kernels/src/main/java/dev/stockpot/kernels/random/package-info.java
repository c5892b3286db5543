/**
 * Random numbers that are a function of seed, model, tensor and element, and what is decided by
 * them.
 */
package dev.stockpot.kernels.random;
