/** Adapters as results: what a merge changes of its base, as matrices of low rank. */
package dev.stockpot.merge.extract;
