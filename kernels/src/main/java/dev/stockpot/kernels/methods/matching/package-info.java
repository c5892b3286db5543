/** Which units of two networks correspond to each other, by what they are connected with. */
package dev.stockpot.kernels.methods.matching;
