package dev.stockpot.merge.vocabulary;

import dev.stockpot.merge.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tokens of a result: those of one tokenizer, whose ids never move, then others. mergekit's
 * order of the others differs from run to run; here they follow the models, and in each its ids.
 */
final class OutputTokens {
  private final Tokenizer source;
  private final int kept;
  private final Map<String, Integer> ids = new LinkedHashMap<>();
  private final List<AddedToken> appended = new ArrayList<>();
  private final List<String> ordinary = new ArrayList<>();
  private final Map<String, String> unlike = new LinkedHashMap<>();

  private OutputTokens(Tokenizer source, int kept) {
    this.source = source;
    this.kept = kept;
    source.tokens().subList(0, kept).forEach(token -> ids.put(token, ids.size()));
  }

  /**
   * The tokens of one tokenizer, and those that a recipe names.
   *
   * @param kept how many of its tokens count
   * @param named by the recipe
   */
  static OutputTokens of(Tokenizer source, int kept, List<String> named) {
    OutputTokens tokens = new OutputTokens(source, kept);
    named.forEach(token -> tokens.append(AddedToken.plain(token)));
    return tokens;
  }

  /**
   * The tokens of a model, and those of others that it lacks: their ordinary pieces first, then
   * what they have added.
   *
   * @param members the one whose ids stay first
   * @param named by the recipe
   */
  static OutputTokens union(List<Member> members, List<String> named) {
    Member base = members.get(0);
    OutputTokens tokens = new OutputTokens(base.tokenizer(), base.tokens());
    for (Member member : members) {
      for (String token : member.tokenizer().tokens().subList(0, member.tokens())) {
        boolean isAdded =
            members.stream().anyMatch(other -> other.tokenizer().added(token).isPresent());
        if (!isAdded && !tokens.ids.containsKey(token)) {
          tokens.ordinary.add(token);
          tokens.append(AddedToken.plain(token));
        }
      }
    }
    Map<String, AddedToken> defined = new LinkedHashMap<>();
    for (Member member : members) {
      for (String token : member.tokenizer().tokens().subList(0, member.tokens())) {
        member
            .tokenizer()
            .added(token)
            .ifPresent(
                added -> {
                  tokens.compare(member, added, defined);
                  tokens.append(added);
                });
      }
    }
    named.forEach(token -> tokens.append(AddedToken.plain(token)));
    return tokens;
  }

  private void compare(Member member, AddedToken token, Map<String, AddedToken> defined) {
    AddedToken first = defined.putIfAbsent(token.content(), token);
    if (first != null && !first.equals(token)) {
      unlike.putIfAbsent(
          token.content(),
          "'%s' is %s first, and %s in %s"
              .formatted(token.content(), first.flags(), token.flags(), member.reference()));
    }
  }

  private void append(AddedToken token) {
    if (ids.containsKey(token.content())) {
      return;
    }
    if (!Json.isEncodable(token.content())) {
      throw new TokenizerException(
          source.file().name(), "token %s to be added is no text".formatted(ids.size()));
    }
    ids.put(token.content(), ids.size());
    appended.add(token);
  }

  /** Whose tokenizer it is, but for what is appended. */
  Tokenizer source() {
    return source;
  }

  /** How many tokens the source's tokenizer still has. */
  int kept() {
    return kept;
  }

  /** All tokens in the order of their ids. */
  List<String> all() {
    return List.copyOf(ids.keySet());
  }

  int size() {
    return ids.size();
  }

  Optional<Integer> id(String token) {
    return Optional.ofNullable(ids.get(token));
  }

  /**
   * The id in the result of what is a token of a model by another. Those of the source stay what
   * they are, also where nobody knows which token that is.
   */
  Optional<Long> moved(Tokenizer of, int id) {
    boolean isSources = of == source;
    if (isSources && id < kept) {
      return Optional.of((long) id);
    }
    if (id < of.tokens().size()) {
      return id(of.tokens().get(id)).map(Integer::longValue);
    }
    return isSources && id >= size() ? Optional.of((long) id) : Optional.empty();
  }

  /** What stands behind the tokens of the source, in the order of ids. */
  List<AddedToken> appended() {
    return appended;
  }

  /** Those of the appended that are ordinary pieces of some model. */
  List<String> ordinary() {
    return ordinary;
  }

  /** Added tokens that models define otherwise, in words; the first definition counts. */
  List<String> unlike() {
    return List.copyOf(unlike.values());
  }

  /** Tokens of the source's tokenizer that its model has no rows for. */
  List<String> stripped() {
    return source.tokens().subList(kept, source.tokens().size());
  }

  /** Whether it is the source's tokenizer as it is. */
  boolean isUnchanged() {
    return appended.isEmpty() && stripped().isEmpty();
  }
}
