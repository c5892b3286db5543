/** Asks others what a model is worth: commands, services and tables, and reads what they answer. */
package dev.stockpot.merge.evaluate;
