package dev.stockpot.merge.predict;

/** What can be wrong with rows of tables that are joined; one message for each that is found. */
enum Fault {
  NO_ID("has no id", "Give every row one, or leave it out"),
  DUPLICATE(
      "is there more than once", "Leave one row for each example; are several runs in one table?"),
  CLASSES(
      "has another number of scores than there are classes",
      "All models must be asked for the same classes, in the same order"),
  NOT_A_NUMBER("has a score that is no number", "Look at what wrote it: float16 overflows to NaN"),
  OUTSIDE(
      "has a score that its scale does not have",
      "Say what the scores are: --scores logits, log-probabilities or probabilities"),
  SUM(
      "has probabilities that do not sum to one",
      "Scores of all classes are wanted, not of the best few; if they are logits, say --scores"
          + " logits"),
  IMPOSSIBLE("holds all classes impossible", "One class at least needs a finite score"),
  LABEL("has a label that is no class", "Labels count from 0, or are names of the score columns"),
  LABELS_DISAGREE(
      "has two labels", "The tables are of other data, or number their classes differently"),
  MISSING(
      "is missing", "Add it there, or say --missing mask: the other models then answer without it");

  private final String what;
  private final String remedy;

  Fault(String what, String remedy) {
    this.what = what;
    this.remedy = remedy;
  }

  /**
   * The message.
   *
   * @param table that it was found in
   * @param id of the first example that has it
   * @param detail with the value; may be empty
   * @param count how many have it
   */
  String message(String table, String id, String detail, long count) {
    String value = detail.isEmpty() ? "" : " (%s)".formatted(detail);
    String more = count > 1 ? "; so it is of %s rows in all".formatted(count) : "";
    return "%s: example %s %s%s%s. %s".formatted(table, id, what, value, more, remedy);
  }
}
