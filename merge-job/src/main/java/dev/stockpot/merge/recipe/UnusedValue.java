package dev.stockpot.merge.recipe;

/**
 * A value that a recipe gives and no tensor gets.
 *
 * @param parameter its name
 * @param line of the recipe, where the parameter is given
 * @param isOverridden whether nothing is wrong with it but that others count in its place
 * @param reason a clause that says which value it is and why, without the parameter
 */
public record UnusedValue(String parameter, int line, boolean isOverridden, String reason) {}
