/** From what a user wrote to validated data, or to all problems with it at once. */
package dev.stockpot.merge.recipe;
