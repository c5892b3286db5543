package dev.stockpot.merge.compare;

import static java.util.stream.Collectors.joining;

import dev.stockpot.merge.compare.Difference.Weight;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compares what ids stand for in two models: rows of their embeddings are only about the same if
 * they stand for the same token.
 */
public final class TokenComparison {
  /** Of tokens that were learnt, one in a hundred may be another before all are believed to be. */
  private static final int MOST_OTHERS = 100;

  private static final int EXAMPLES = 3;
  private static final int LONGEST = 24;

  private TokenComparison() {}

  /**
   * How a model's tokens differ from those of the one whose tokenizer the result has.
   *
   * @param donor what messages call that one
   * @param model what they call the other
   */
  public static Optional<Difference> of(
      String donor, TokenTable expected, String model, TokenTable found) {
    List<Long> common =
        expected.tokens().keySet().stream().filter(found.tokens()::containsKey).sorted().toList();
    List<Long> others =
        common.stream()
            .filter(id -> !expected.tokens().get(id).equals(found.tokens().get(id)))
            .toList();
    long learnt = others.stream().filter(id -> !expected.isSpare(id) && !found.isSpare(id)).count();
    if (learnt * MOST_OTHERS > common.size()) {
      return Optional.of(
          new Difference(
              Weight.NONSENSE,
              "%s of %s ids stand for other tokens in %s than in %s: %s"
                  .formatted(
                      others.size(),
                      common.size(),
                      model,
                      donor,
                      examples(others, donor, expected, model, found))));
    }
    List<Long> more =
        found.tokens().keySet().stream()
            .filter(id -> !expected.tokens().containsKey(id))
            .sorted()
            .toList();
    if (others.isEmpty() && more.isEmpty()) {
      return Optional.empty();
    }
    String other =
        others.isEmpty()
            ? ""
            : "%s stands for another token in %s than in %s: %s"
                .formatted(
                    others.size() == 1 ? "1 id" : others.size() + " ids",
                    model,
                    donor,
                    examples(others, donor, expected, model, found));
    String lacking =
        more.isEmpty()
            ? ""
            : "%s has %s that %s lacks: %s"
                .formatted(
                    model,
                    more.size() == 1 ? "a token" : more.size() + " tokens",
                    donor,
                    more.stream()
                            .limit(EXAMPLES)
                            .map(id -> "%s (%s)".formatted(text(found, id), id))
                            .collect(joining(", "))
                        + (more.size() > EXAMPLES ? ", …" : ""));
    return Optional.of(
        new Difference(
            Weight.PERHAPS_MEANT,
            others.isEmpty() || more.isEmpty() ? other + lacking : other + "; " + lacking));
  }

  private static String examples(
      List<Long> ids, String donor, TokenTable expected, String model, TokenTable found) {
    String some =
        ids.stream()
            .limit(EXAMPLES)
            .map(
                id ->
                    "%s is %s in %s, %s in %s"
                        .formatted(id, text(found, id), model, text(expected, id), donor))
            .collect(joining(", "));
    return ids.size() > EXAMPLES ? some + ", …" : some;
  }

  private static String text(TokenTable table, long id) {
    Map<Long, String> tokens = table.tokens();
    String token = tokens.get(id);
    return "\"%s\"".formatted(token.length() > LONGEST ? token.substring(0, LONGEST) + "…" : token);
  }
}
