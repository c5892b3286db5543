/** Which elements of a tensor are worked on together: blocks, rows, samples. */
package dev.stockpot.kernels.block;
