package dev.stockpot.merge.recipe;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * A model's units are to be put where those of another model are that are most alike.
 *
 * @param to the other model, as it is named
 * @param movesResidual whether the residual stream may move too
 * @param movesExperts whether experts may change places
 * @param spec a file that says which units may change places; empty: the model's kind tells
 * @param line where the recipe says it
 */
public record AlignChoice(
    ModelReference to,
    boolean movesResidual,
    boolean movesExperts,
    Optional<ModelReference> spec,
    int line) {
  public AlignChoice {
    requireNonNull(to, "to is null");
    requireNonNull(spec, "spec is null");
  }

  /**
   * The other model.
   *
   * @param base of the recipe, which the word {@code base} stands for
   */
  public ModelReference to(Optional<ModelReference> base) {
    return base.filter(any -> to.path().equals("base")).orElse(to);
  }

  /** Whether another one says the same, wherever that stands. */
  boolean isLike(AlignChoice other) {
    return to.equals(other.to)
        && movesResidual == other.movesResidual
        && movesExperts == other.movesExperts
        && spec.equals(other.spec);
  }
}
