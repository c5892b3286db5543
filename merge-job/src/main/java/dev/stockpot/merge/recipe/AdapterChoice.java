package dev.stockpot.merge.recipe;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * That a recipe makes a LoRA adapter of its base instead of a checkpoint.
 *
 * @param rule ranks of the modules
 * @param embeddings what becomes of tensors with a row for each token
 * @param excluded of tensors that stay as they are in the base, expressions that are found in their
 *     names
 * @param combination how adapters become one; empty where what is merged is the base with its
 *     change
 * @param line of the recipe where it stands
 */
public record AdapterChoice(
    RankRule rule,
    Embeddings embeddings,
    List<Pattern> excluded,
    Optional<Combination> combination,
    int line) {
  /** What becomes of embeddings and heads over the vocabulary, where they change. */
  public enum Embeddings {
    /** They lie in the adapter as they are, all of them. */
    WHOLE("whole"),
    /** Their change is of low rank like that of others. */
    LOW_RANK("low-rank"),
    /** They stay those of the base, which is told. */
    LEAVE("leave");

    private final String word;

    Embeddings(String word) {
      this.word = word;
    }

    /** As recipes have it. */
    public String word() {
      return word;
    }
  }

  public AdapterChoice {
    requireNonNull(rule, "rule is null");
    requireNonNull(embeddings, "embeddings is null");
    requireNonNull(combination, "combination is null");
    excluded = List.copyOf(excluded);
  }

  /** Whether a tensor is to stay as it is. */
  public boolean excludes(String tensor) {
    return excluded.stream().anyMatch(pattern -> pattern.matcher(tensor).find());
  }
}
