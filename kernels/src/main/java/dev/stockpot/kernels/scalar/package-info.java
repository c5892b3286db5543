/** The vector algebra as plain loops: the specification, and what runs where nothing faster can. */
package dev.stockpot.kernels.scalar;
