/**
 * How a model is built: stacks of blocks, what shares weights, and where its configuration says so.
 */
package dev.stockpot.merge.structure;
