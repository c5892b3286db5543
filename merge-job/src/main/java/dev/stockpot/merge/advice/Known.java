package dev.stockpot.merge.advice;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * What is known of models beside their weights.
 *
 * @param architecture what configurations call the class that loads them; may be empty
 * @param tokenizer the {@code tokenizer_source} that they need, if they need one
 * @param areAdapters whether each is the base with an adapter
 * @param hasMoments whether they have batch norms, which keep moments of their inputs
 * @param remarks more reasons, for every recipe
 */
public record Known(
    String architecture,
    Optional<String> tokenizer,
    boolean areAdapters,
    boolean hasMoments,
    List<String> remarks) {
  public Known {
    requireNonNull(architecture, "architecture is null");
    requireNonNull(tokenizer, "tokenizer is null");
    remarks = List.copyOf(remarks);
  }

  /** Whether it writes text. */
  boolean isLanguageModel() {
    return architecture.matches(".*(ForCausalLM|LMHeadModel|ForConditionalGeneration)");
  }
}
