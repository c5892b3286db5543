/** What two models have in common, and what not: configurations, and names of tensors. */
package dev.stockpot.merge.compare;
