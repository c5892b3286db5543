/** Tables of predictions as DataFrames: the only imports of Spark SQL but for the facades'. */
package dev.stockpot.merge.spark.frames;
