package dev.stockpot.merge.recipe;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Reads how many singular values an adapter keeps. */
record RankReader(Problems problems) {
  /** Where a recipe gives none: small beside the model, and enough for most fine-tunes. */
  private static final int RANK = 32;

  private static final int MOST_RANK = 1 << 20;

  /** The rule; nothing if it is wrong. */
  Optional<RankRule> read(Section output, Optional<Combination> combination) {
    List<RankRule.Kind> given =
        Arrays.stream(RankRule.Kind.values())
            .filter(kind -> kind != RankRule.Kind.NUMBER && output.has(kind.key()))
            .toList();
    problems.addIf(
        given.size() > 1,
        output.line(),
        "%s exclude each other; keep one"
            .formatted(Suggestion.quoted(given.stream().map(RankRule.Kind::key).toList())));
    Optional<Integer> most = most(output);
    boolean hasRank = output.has("rank") || output.has("svd_rank");
    if (given.isEmpty()) {
      return hasRank
          ? most.map(RankRule::number)
          : Optional.of(RankRule.number(combination.isPresent() ? RankRule.ANY : RANK));
    }
    RankRule.Kind kind = given.get(0);
    Optional<Double> value = share(output, kind);
    return hasRank && most.isEmpty()
        ? Optional.empty()
        : value.map(found -> new RankRule(kind, found, most.orElse(RankRule.ANY)));
  }

  private Optional<Integer> most(Section output) {
    String key = output.has("svd_rank") ? "svd_rank" : "rank";
    problems.addIf(
        output.has("rank") && output.has("svd_rank"),
        output.lineOf("svd_rank"),
        "`rank` in line %s and `svd_rank` in line %s mean the same; keep one"
            .formatted(output.lineOf("rank"), output.lineOf("svd_rank")));
    Optional<Node> value = output.value(key);
    Optional<Integer> rank =
        value
            .flatMap(RankReader::number)
            .filter(number -> number == Math.rint(number) && number >= 1 && number <= MOST_RANK)
            .map(Double::intValue);
    problems.addIf(
        value.isPresent() && rank.isEmpty(),
        output.lineOf(key),
        "`%s` must be a whole number from 1 on, not %s"
            .formatted(key, value.map(Node::shown).orElse("")));
    return rank;
  }

  private Optional<Double> share(Section output, RankRule.Kind kind) {
    boolean isShare = kind != RankRule.Kind.THRESHOLD;
    Optional<Node> value = output.value(kind.key());
    Optional<Double> number =
        value
            .flatMap(RankReader::number)
            .filter(found -> found >= 0 && Double.isFinite(found) && (!isShare || found <= 1))
            .filter(found -> kind != RankRule.Kind.ENERGY || found > 0);
    problems.addIf(
        number.isEmpty(),
        output.lineOf(kind.key()),
        "`%s` must be %s, not %s"
            .formatted(
                kind.key(),
                switch (kind) {
                  case ENERGY -> "a share, above 0 and at most 1";
                  case ERROR -> "a share, from 0 to 1";
                  default -> "a number from 0 on";
                },
                value.map(Node::shown).orElse("")));
    return number;
  }

  private static Optional<Double> number(Node node) {
    return node instanceof ScalarNode scalar ? scalar.number() : Optional.empty();
  }
}
