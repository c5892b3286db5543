/** Soups and searches: what a recipe asks to be tried, and how trials are made, scored and kept. */
package dev.stockpot.merge.trial;
