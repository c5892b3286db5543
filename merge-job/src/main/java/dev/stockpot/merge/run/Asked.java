package dev.stockpot.merge.run;

/**
 * A candidate that waits for its score.
 *
 * @param candidate its name, by which its score is told; the same for the same bytes
 * @param model the folder where it lies until then
 * @param what it is in words
 * @param recipe that makes it, as YAML
 * @param budget how many examples it is to be scored on; 0 for all
 */
public record Asked(String candidate, String model, String what, String recipe, int budget) {}
