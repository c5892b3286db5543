package dev.stockpot.merge.recipe;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.random.Initialisation;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What becomes of some tensors in the place of a merge: heads that do not fit each other, parts
 * that stay what they were.
 *
 * @param match names of tensors of the output
 * @param isFrozen whether they stay when the result is trained
 * @param line where the recipe says it
 */
public record PartRule(NamePattern match, Action action, boolean isFrozen, int line) {
  public PartRule {
    requireNonNull(match, "match is null");
    requireNonNull(action, "action is null");
  }

  /** What becomes of a tensor. */
  public sealed interface Action permits As, FromModel, LeftOut, Anew, ByLabel {
    <R> R accept(Visitor<R> visitor);

    /** The model that it takes tensors of; none if the merge's own, or none at all. */
    default Optional<ModelReference> model() {
      return Optional.empty();
    }
  }

  /** What can be done with each kind. */
  public interface Visitor<R> {
    R as(As action);

    R fromModel(FromModel action);

    R leftOut(LeftOut action);

    R anew(Anew action);

    R byLabel(ByLabel action);
  }

  /** What it would be without the rule. */
  public record As() implements Action {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.as(this);
    }
  }

  /** It is that of one model, unchanged. */
  public record FromModel(ModelReference from) implements Action {
    public FromModel {
      requireNonNull(from, "from is null");
    }

    @Override
    public Optional<ModelReference> model() {
      return Optional.of(from);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.fromModel(this);
    }
  }

  /** It is not there. */
  public record LeftOut() implements Action {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.leftOut(this);
    }
  }

  /**
   * It is new.
   *
   * @param shape empty: that of the first model that has one
   * @param seed empty: the merge's
   */
  public record Anew(Initialisation initialisation, Optional<Shape> shape, OptionalLong seed)
      implements Action {
    public Anew {
      requireNonNull(initialisation, "initialisation is null");
      requireNonNull(shape, "shape is null");
      requireNonNull(seed, "seed is null");
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.anew(this);
    }
  }

  /**
   * Its rows are classes, and those of all models are there.
   *
   * @param areShared whether classes of one name are one, the mean over the models that have it; if
   *     not, each model's stand one behind the other
   */
  public record ByLabel(boolean areShared) implements Action {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.byLabel(this);
    }
  }
}
