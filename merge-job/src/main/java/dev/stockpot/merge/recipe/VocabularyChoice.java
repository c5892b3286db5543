package dev.stockpot.merge.recipe;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * What a recipe says of tokens: which tokenizer the result has, and which chat template.
 *
 * @param tokenizer without which the donor's files are copied, and no row moves
 * @param template without which the one stays that comes with the tokenizer
 * @param tensors regular expressions for names of tensors with a row for each token, beside those
 *     that are known; without the key a doubtful name is a problem
 */
public record VocabularyChoice(
    Optional<TokenizerChoice> tokenizer,
    Optional<TemplateChoice> template,
    Optional<List<String>> tensors) {
  /** A recipe that says nothing of tokens. */
  public static final VocabularyChoice NONE =
      new VocabularyChoice(Optional.empty(), Optional.empty(), Optional.empty());

  public VocabularyChoice {
    requireNonNull(tokenizer, "tokenizer is null");
    requireNonNull(template, "template is null");
    tensors = tensors.map(List::copyOf);
  }
}
