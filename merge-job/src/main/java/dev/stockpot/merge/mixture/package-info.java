/** Mixtures of experts: dense models put together to one, and taken out of it again. */
package dev.stockpot.merge.mixture;
