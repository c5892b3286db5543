/**
 * Predictions of models as tables: how they are joined, combined, calibrated and measured. Row by
 * row and sum by sum, whoever runs it; nothing here knows Spark.
 */
package dev.stockpot.merge.predict;
