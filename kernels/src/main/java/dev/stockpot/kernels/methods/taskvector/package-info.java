/** Task vectors, what is dropped of them, and how they become one. */
package dev.stockpot.kernels.methods.taskvector;
