/** One part, one machine, no Spark: reads inputs, runs kernels, writes bytes. */
package dev.stockpot.merge.part;
