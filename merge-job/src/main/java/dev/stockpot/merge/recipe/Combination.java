package dev.stockpot.merge.recipe;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * How adapters of one base become one, in the words of PEFT's {@code add_weighted_adapter}.
 *
 * @param rule what is done with their changes
 * @param space where it is done
 * @param density share of each change that pruning or dropping leaves; 1 where nothing is
 * @param countsSigns whether signs are elected by how many have them, not by their sum
 */
public record Combination(Rule rule, Space space, double density, boolean countsSigns)
    implements Serializable {

  /** What is done with changes of several adapters. */
  public enum Rule {
    /** Thin matrices beside each other: exact, of the sum of the ranks. */
    CAT("cat", false),
    /** The weighted sum, of the rank that is wanted. */
    SUM("svd", false),
    /** The weighted mean of those that agree with the elected sign, after pruning by magnitude. */
    TIES("ties_svd", true),
    /** The weighted sum after dropping at random. */
    DARE("dare_linear_svd", true),
    /** As for {@link #TIES}, after dropping at random. */
    DARE_TIES("dare_ties_svd", true),
    /** The weighted sum after pruning by magnitude. */
    PRUNE("magnitude_prune_svd", true),
    /** Sums of the thin matrices themselves, whose product has cross terms. */
    FACTORS("linear", false),
    /**
     * The same with the weight on both sides, as LoraHub composes modules.
     *
     * @see <a href="https://arxiv.org/abs/2307.13269">LoraHub</a>
     */
    LORAHUB("lorahub", false);

    private final String word;
    private final boolean thins;

    Rule(String word, boolean thins) {
      this.word = word;
      this.thins = thins;
    }

    /** As recipes have it. */
    public String word() {
      return word;
    }

    /** Whether it takes a density. */
    public boolean thins() {
      return thins;
    }

    /** Whether its result has the factors that come of it, and no rank of its own. */
    public boolean keepsFactors() {
      return this == CAT || addsFactors();
    }

    /** Whether thin matrices are added, which must have one rank then. */
    public boolean addsFactors() {
      return this == FACTORS || this == LORAHUB;
    }

    static Optional<Rule> of(String word) {
      return Arrays.stream(values()).filter(rule -> rule.word.equals(word)).findFirst();
    }

    static List<String> words() {
      return Arrays.stream(values()).map(Rule::word).toList();
    }
  }

  /** Where a rule looks at elements. */
  public enum Space {
    /** Of the whole matrices. */
    DENSE("dense"),
    /**
     * Of small matrices, in bases that all adapters share.
     *
     * @see <a href="https://arxiv.org/abs/2509.17786">Core Space</a>
     */
    CORE("core"),
    /**
     * Of right singular vectors, for left ones that all adapters share.
     *
     * @see <a href="https://arxiv.org/abs/2410.19735">KnOTS</a>
     */
    KNOTS("knots");

    private final String word;

    Space(String word) {
      this.word = word;
    }

    /** As recipes have it. */
    public String word() {
      return word;
    }
  }

  public Combination {
    requireNonNull(rule, "rule is null");
    requireNonNull(space, "space is null");
    if (!(density > 0 && density <= 1)) {
      throw new IllegalArgumentException("density %s".formatted(density));
    }
  }
}
