package dev.stockpot.kernels.method;

import java.util.List;
import java.util.Optional;

/**
 * A step behind a merge: it changes merged tensors before they are rounded, whichever method made
 * them. Steps run one after the other, in the recipe's order.
 */
public interface PostStep {

  /** The word that a recipe uses, for example {@code svc}. */
  String name();

  /** Formula, purpose and source, for {@code stockpot methods NAME}. */
  MethodCard card();

  /** Each of the merge as a whole. */
  List<Parameter<?>> parameters();

  /** Whether it compares with the base model, so that it cannot do without. */
  boolean needsBase();

  /** What it looks at beside a tensor; nothing but the models, mostly. */
  default List<BesideTensor> beside() {
    return List.of();
  }

  /** One of what it is for, in words: all else stays as it was merged. */
  default String subject() {
    return "matrix of a layer";
  }

  /** Several of these. */
  default String subjects() {
    return "matrices of layers";
  }

  /** Why a model that has such a tensor cannot have the step behind its merge; mostly nothing. */
  default Optional<String> problemWith(TensorTerms terms) {
    return Optional.empty();
  }

  /**
   * What changes the tensor; nothing where it stays as it was merged.
   *
   * @param terms with the step's own values as those of the merge; the base is among the models
   *     wherever there is one, also if the method makes no use of it; what it {@link #beside looks
   *     at} stands behind the models
   */
  Optional<PostProgram> program(TensorTerms terms);
}
