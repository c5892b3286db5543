package dev.stockpot.merge.recipe;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A mixture of experts that dense models are put together to: each layer's attention and norms are
 * the base model's, its feed-forward blocks are those of all experts, and a router chooses among
 * them for each token.
 *
 * @param experts in the order in which routers count them
 * @param shared the expert that every token goes through, beside those that are chosen
 * @param expertsPerToken how many are chosen
 * @param architecture the beginning of the name of a kind of mixture; empty if the first that fits
 *     is taken
 * @param isFused whether the experts of a layer are one tensor
 * @param line where the experts are listed
 */
public record MixtureChoice(
    List<Expert> experts,
    Optional<Expert> shared,
    Gates gates,
    int expertsPerToken,
    Optional<String> architecture,
    boolean isFused,
    int line) {

  public MixtureChoice {
    experts = List.copyOf(experts);
    requireNonNull(shared, "shared is null");
    requireNonNull(gates, "gates is null");
    requireNonNull(architecture, "architecture is null");
    if (experts.isEmpty() || expertsPerToken < 1 || expertsPerToken > experts.size()) {
      throw new IllegalArgumentException(
          "%s of %s experts per token".formatted(expertsPerToken, experts.size()));
    }
  }

  /**
   * A model whose feed-forward blocks are taken.
   *
   * @param positive prompts that it is to answer
   * @param negative prompts that it is not to answer
   * @param noiseScale standard deviation of the noise that is added to its blocks
   * @param residualScale factor of what its blocks add to the stream
   */
  public record Expert(
      ModelReference model,
      List<String> positive,
      List<String> negative,
      double noiseScale,
      double residualScale,
      int line) {
    public Expert {
      requireNonNull(model, "model is null");
      positive = List.copyOf(positive);
      negative = List.copyOf(negative);
    }
  }

  /** Where the rows of routers come from. */
  public enum GateMode {
    /** States of the base model that prompts lead to, at the last token, from a file. */
    HIDDEN("hidden", true),
    /** The same, as mergekit calls it, too. */
    HIDDEN_LAST("hidden_last", true),
    /** Their means over all tokens. */
    HIDDEN_AVG("hidden_avg", true),
    /** Sums of the embeddings of the prompts' tokens. */
    CHEAP_EMBED("cheap_embed", true),
    /** Draws of the normal distribution. */
    RANDOM("random", false),
    /** Draws as a new linear layer has them. */
    UNIFORM_RANDOM("uniform_random", false),
    /** Zeros: all experts count alike. */
    ZERO("zero", false),
    /** Rows as a file has them. */
    FILE("file", false);

    private final String word;
    private final boolean usesPrompts;

    GateMode(String word, boolean usesPrompts) {
      this.word = word;
      this.usesPrompts = usesPrompts;
    }

    /** As a recipe has it. */
    public String word() {
      return word;
    }

    /** Whether prompts tell the experts apart. */
    public boolean usesPrompts() {
      return usesPrompts;
    }

    /** Whether states are read that somebody found by running the base model. */
    public boolean readsStates() {
      return this == HIDDEN || this == HIDDEN_LAST || this == HIDDEN_AVG;
    }
  }

  /**
   * How routers are made.
   *
   * @param file of rows or states, where the mode reads one
   * @param scale factor of all rows
   * @param isCentred whether the mean of all rows is taken from each
   * @param promptIds tokens of prompts, by their text
   */
  public record Gates(
      GateMode mode,
      Optional<ModelReference> file,
      double scale,
      boolean isCentred,
      Map<String, List<Integer>> promptIds,
      int line) {
    public Gates {
      requireNonNull(mode, "mode is null");
      requireNonNull(file, "file is null");
      promptIds = Collections.unmodifiableMap(new LinkedHashMap<>(promptIds));
    }
  }

  /** The experts, and the shared one behind them. */
  public List<Expert> all() {
    return Stream.concat(experts.stream(), shared.stream()).toList();
  }

  /** Their models, each once. */
  Set<ModelReference> models() {
    Set<ModelReference> models = new LinkedHashSet<>();
    all().forEach(expert -> models.add(expert.model()));
    return models;
  }

  /** All prompts, each once. */
  public Set<String> prompts() {
    List<String> prompts = new ArrayList<>();
    for (Expert expert : all()) {
      prompts.addAll(expert.positive());
      prompts.addAll(expert.negative());
    }
    return new LinkedHashSet<>(prompts);
  }
}
