package dev.stockpot.merge.vocabulary;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tokens that a chat template writes to steer a model: {@code <|im_start|>}, {@code <end_of_turn>},
 * {@code [|user|]}. One that the vocabulary lacks is cut into pieces that the model never saw.
 */
final class ControlTokens {
  private static final Pattern TOKEN =
      Pattern.compile(
          "<\\|[^<>|\\s'\"{}]{1,64}\\|>|<｜[^<>｜\\s'\"{}]{1,64}｜>|\\[\\|[^\\[\\]|\\s'\"{}]{1,64}\\|\\]"
              + "|<(?:start|end)_of_(?:turn|role)>|<(?:/?s|bos|eos)>");

  private ControlTokens() {}

  /** Those that a template names, in its order. */
  static Set<String> of(String template) {
    Set<String> tokens = new LinkedHashSet<>();
    Matcher token = TOKEN.matcher(template);
    while (token.find()) {
      tokens.add(token.group());
    }
    return tokens;
  }

  /** What a user should know of a template in a model with these tokens. */
  static Optional<String> notice(String template, OutputTokens tokens) {
    List<String> missing =
        of(template).stream().filter(token -> tokens.id(token).isEmpty()).toList();
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "the chat template writes %s, and the tokenizer has no such token%s: they are cut into pieces, and answers may be garbage. Take the tokenizer of a model that has them, or another chat_template"
                .formatted(String.join(", ", missing), missing.size() == 1 ? "" : "s"));
  }
}
