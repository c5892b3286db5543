package dev.stockpot.merge.vocabulary;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a user should know of the tokens of a merge, in words. */
final class VocabularyNotices {
  private static final int EXAMPLES = 3;

  private final List<Member> members;
  private final OutputTokens tokens;
  private final RowOrigins origins;

  VocabularyNotices(List<Member> members, OutputTokens tokens, RowOrigins origins) {
    this.members = members;
    this.tokens = tokens;
    this.origins = origins;
  }

  /** Tokens that no model has a row for are a problem, unless the recipe says what they get. */
  Optional<String> problemOfHomeless() {
    List<String> homeless = origins.homeless();
    return homeless.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "no model has a row for %s of the result: %s. Say under `tokens` where it is from: `source: {kind: zero}`, or a model's token"
                .formatted(count(homeless.size(), "token"), quoted(homeless)));
  }

  /** All that is worth telling. */
  List<String> all(int rows, boolean keepsPadding) {
    List<String> notices = new ArrayList<>();
    stripped().ifPresent(notices::add);
    appended().ifPresent(notices::add);
    tokens.unlike().stream().limit(EXAMPLES).forEach(notices::add);
    filled().ifPresent(notices::add);
    padding(rows, keepsPadding).ifPresent(notices::add);
    return notices;
  }

  private Optional<String> stripped() {
    List<String> stripped =
        tokens.stripped().stream().filter(token -> tokens.id(token).isEmpty()).toList();
    return stripped.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "%s beyond the vocab_size of %s, for which it has no rows, leave the tokenizer: %s"
                .formatted(
                    count(stripped.size(), "token"),
                    tokens.source().file().name(),
                    quoted(stripped)));
  }

  /** Of ordinary pieces, most are of no use: those with signs that no text has are never found. */
  private Optional<String> appended() {
    List<String> ordinary = tokens.ordinary();
    if (ordinary.isEmpty()) {
      return Optional.empty();
    }
    long useless =
        ordinary.stream()
            .filter(token -> tokens.source().file().tokens().kind().neverMatches(token))
            .count();
    return Optional.of(
        "the union has %s that only other models cut text into, and they are found as whole words alone, before text is cut: %s. Of these, %s never found, for no text has their signs; the others change how text is cut. With `tokenizer_source: base` they are left out"
            .formatted(
                count(ordinary.size(), "ordinary token"),
                quoted(ordinary),
                useless == 1 ? "1 is" : useless + " are"));
  }

  private Optional<String> filled() {
    List<String> filled = new ArrayList<>();
    for (int member = 0; member < members.size(); member++) {
      int lacking = 0;
      for (int id = 0; id < origins.tokens(); id++) {
        lacking += origins.own(member, id) < 0 ? 1 : 0;
      }
      if (lacking > 0) {
        filled.add("%s of %s".formatted(members.get(member).reference(), count(lacking, "token")));
      }
    }
    return filled.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "models that lack tokens of the result take rows for them from others that have them: %s"
                .formatted(String.join(", ", filled)));
  }

  private Optional<String> padding(int rows, boolean keepsPadding) {
    long before = members.get(0).rows().rows();
    boolean isShorter = before > rows && rows == tokens.size() && !keepsPadding;
    return isShorter
        ? Optional.of(
            "embeddings have %s rows, one for each token, and %s had %s: `pad: keep` under `tokenizer` keeps those that no token has"
                .formatted(rows, members.get(0).reference(), before))
        : Optional.empty();
  }

  private static String count(long number, String what) {
    return number == 1 ? "1 " + what : "%s %ss".formatted(number, what);
  }

  private static String quoted(List<String> tokens) {
    String some =
        tokens.stream()
            .limit(EXAMPLES)
            .map("'%s'"::formatted)
            .reduce((a, b) -> a + ", " + b)
            .orElse("");
    return tokens.size() > EXAMPLES ? some + ", …" : some;
  }
}
