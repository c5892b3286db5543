/** Runs parts on Spark's executors. The only package that imports Spark. */
package dev.stockpot.merge.spark;
