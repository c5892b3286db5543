package dev.stockpot.merge.recipe;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A model's units are to be put where those of another model are that are most alike.
 *
 * @param to the other model, as it is named; the word {@code mean} stands for the mean of all
 *     others
 * @param by what tells how alike units are
 * @param movesResidual whether the residual stream may move too
 * @param movesExperts whether experts may change places
 * @param turnsHeads whether heads are turned, rather than their units put elsewhere
 * @param spec a file that says which units may change places; empty: the model's kind tells
 * @param zip how units are joined, where they are
 * @param line where the recipe says it
 */
public record AlignChoice(
    ModelReference to,
    By by,
    boolean movesResidual,
    boolean movesExperts,
    boolean turnsHeads,
    Optional<ModelReference> spec,
    Zip zip,
    int line) {

  private static final String MEAN = "mean";

  /** What tells how alike units are. */
  public enum By {
    /** What they are connected with. */
    WEIGHTS,
    /** What they do on the same examples. */
    ACTIVATIONS,
    /** The same, of two models whose units are joined rather than put in order. */
    ZIPIT;

    /** As a recipe says it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Kinds of statistics that must lie beside the model that is aligned: of both together. */
    public List<String> together() {
      return this == WEIGHTS ? List.of() : List.of("crossgram");
    }

    /** Kinds that may lie beside either model, of it alone. */
    public List<String> ofEach() {
      return switch (this) {
        case WEIGHTS -> List.of();
        case ACTIVATIONS -> List.of("gram", "gram_diag");
        case ZIPIT -> List.of("gram");
      };
    }
  }

  /**
   * How units are joined.
   *
   * @param alpha how much less alike joined features are to others
   * @param beta share of the units to be removed that may go within a model
   * @param until the last group of units to be joined; empty: all are
   */
  public record Zip(double alpha, double beta, Optional<String> until) {
    /** As it was published. */
    static final double ALPHA = 0.3;

    static final double BETA = 0.125;
  }

  public AlignChoice {
    requireNonNull(to, "to is null");
    requireNonNull(by, "by is null");
    requireNonNull(spec, "spec is null");
    requireNonNull(zip, "zip is null");
  }

  /**
   * The other model.
   *
   * @param base of the recipe, which the word {@code base} stands for
   */
  public ModelReference to(Optional<ModelReference> base) {
    return base.filter(any -> to.path().equals("base")).orElse(to);
  }

  /** Whether it is to be matched to the mean of all other models, as these are matched. */
  public boolean isToMean() {
    return to.path().equals(MEAN);
  }

  /** Whether another one says the same, wherever that stands. */
  boolean isLike(AlignChoice other) {
    return to.equals(other.to)
        && by == other.by
        && movesResidual == other.movesResidual
        && movesExperts == other.movesExperts
        && turnsHeads == other.turnsHeads
        && spec.equals(other.spec)
        && zip.equals(other.zip);
  }
}
