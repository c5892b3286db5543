/** What several models changed, and in what they agree. */
package dev.stockpot.kernels.methods.consensus;
