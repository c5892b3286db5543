/**
 * Checkpoints as tables of Spark SQL: {@code spark.read.format("safetensors").load(model)}. A door
 * like the command line, for who has a session.
 */
package dev.stockpot.merge.table;
