/**
 * The report of a merge: figures of its tensors as a page to look at and as tables to compute with.
 */
package dev.stockpot.merge.report;
