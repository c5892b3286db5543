/** Number formats of checkpoints and their conversions to and from float32. */
package dev.stockpot.kernels.number;
