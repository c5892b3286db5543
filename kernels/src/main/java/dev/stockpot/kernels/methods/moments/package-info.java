/** Steps behind averages that put means and deviations right which averaging spoils. */
package dev.stockpot.kernels.methods.moments;
