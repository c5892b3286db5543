package dev.stockpot.merge.recipe;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.random.Initialisation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** A rule of a composition: which tensors of the output there are, and what they are made of. */
public sealed interface ComposeRule {
  /** Where the recipe says it. */
  int line();

  /** The models whose tensors it takes. */
  List<ModelReference> models();

  void accept(Visitor visitor);

  /** The model that gives configuration and tokenizer if this rule is the first to have one. */
  default Optional<ModelReference> giver() {
    return Optional.empty();
  }

  /** What can be done with each kind. */
  interface Visitor {
    void take(Take rule);

    void fresh(Fresh rule);

    void fit(Fit rule);
  }

  /**
   * Tensors of a model, under other names or in another arrangement.
   *
   * @param match which ones, and what of their names is replaced
   * @param except of those, the ones that are left out
   * @param under what stands in front of every name; may be empty
   * @param as what stands instead of what was matched; as many as a tensor is split into
   * @param isLeftOut whether none of them goes into the output
   * @param carry how they come to another width or vocabulary, once they are arranged
   */
  record Take(
      ModelReference from,
      NamePattern match,
      List<NamePattern> except,
      String under,
      List<String> as,
      boolean isLeftOut,
      Arrangement arrangement,
      Carry carry,
      int line)
      implements ComposeRule {
    public Take {
      requireNonNull(from, "from is null");
      requireNonNull(match, "match is null");
      requireNonNull(under, "under is null");
      requireNonNull(arrangement, "arrangement is null");
      requireNonNull(carry, "carry is null");
      except = List.copyOf(except);
      as = List.copyOf(as);
    }

    @Override
    public List<ModelReference> models() {
      List<ModelReference> models = new ArrayList<>(List.of(from));
      arrangement.joined().forEach(part -> part.from().ifPresent(models::add));
      carry.tokens().map(Carry.Tokens::of).ifPresent(models::add);
      return models;
    }

    @Override
    public Optional<ModelReference> giver() {
      return isLeftOut ? Optional.empty() : Optional.of(from);
    }

    @Override
    public void accept(Visitor visitor) {
      visitor.take(this);
    }
  }

  /**
   * A tensor that no model holds.
   *
   * @param seed of its draws; empty: the merge's
   * @param dtype that it is stored as; empty: that of the tensors that are taken
   */
  record Fresh(
      String as,
      Shape shape,
      Initialisation initialisation,
      OptionalLong seed,
      Optional<DType> dtype,
      int line)
      implements ComposeRule {
    public Fresh {
      requireNonNull(as, "as is null");
      requireNonNull(shape, "shape is null");
      requireNonNull(initialisation, "initialisation is null");
      requireNonNull(seed, "seed is null");
      requireNonNull(dtype, "dtype is null");
    }

    @Override
    public List<ModelReference> models() {
      return List.of();
    }

    @Override
    public void accept(Visitor visitor) {
      visitor.fresh(this);
    }
  }

  /**
   * A map between the widths of two models.
   *
   * @param from the model whose states it takes, or a checkpoint of statistics
   * @param to the model whose states it gives; empty where statistics tell
   * @param grams a checkpoint of statistics with XᵀX; empty if it is the one with XᵀY
   * @param gram name of XᵀX in the statistics
   * @param crossgram name of XᵀY in the statistics
   * @param ridge what is added to the diagonal, times its mean
   * @param explained name of a tensor of one number, the share of the variance that it explains
   * @param bias name of what is added to what it gives: means are taken away before it is found
   * @param target name of YᵀY, or its diagonal, in the statistics; empty if it is not looked at
   * @param targets a checkpoint of statistics with it; empty if it is the one with XᵀY
   * @param isHidden whether only other rules take it, and it is not in the output
   */
  record Fit(
      String as,
      Kind kind,
      ModelReference from,
      Optional<ModelReference> to,
      Optional<ModelReference> grams,
      String gram,
      String crossgram,
      double ridge,
      Optional<String> explained,
      Optional<String> bias,
      Optional<String> target,
      Optional<ModelReference> targets,
      boolean isHidden,
      int line)
      implements ComposeRule {
    /** How it is found. */
    public enum Kind {
      /** By the rows that both embeddings have of the tokens that they share. */
      LEAST_SQUARES,
      /** The same, among orthogonal maps. */
      PROCRUSTES,
      /** By sums of products of what both models made of the same examples. */
      CROSSGRAM;

      /** As a recipe has it. */
      public String word() {
        return name().toLowerCase(Locale.ROOT);
      }

      static List<String> words() {
        return List.of(values()).stream().map(Kind::word).toList();
      }
    }

    public Fit {
      requireNonNull(as, "as is null");
      requireNonNull(kind, "kind is null");
      requireNonNull(from, "from is null");
      requireNonNull(to, "to is null");
      requireNonNull(grams, "grams is null");
      requireNonNull(explained, "explained is null");
      requireNonNull(bias, "bias is null");
      requireNonNull(target, "target is null");
      requireNonNull(targets, "targets is null");
    }

    @Override
    public List<ModelReference> models() {
      List<ModelReference> models = new ArrayList<>(List.of(from));
      to.ifPresent(models::add);
      grams.ifPresent(models::add);
      targets.ifPresent(models::add);
      return models;
    }

    @Override
    public void accept(Visitor visitor) {
      visitor.fit(this);
    }
  }
}
