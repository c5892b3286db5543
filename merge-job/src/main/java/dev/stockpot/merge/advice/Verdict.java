package dev.stockpot.merge.advice;

/**
 * What weights alone say of two models, and what to do about it. The bounds lie in the gaps between
 * what was measured of networks that learned scikit-learn's digits and of tiny language models that
 * learned text, see docs/advice.md: trained apart they have cosines of -.03 to .03 and fixed shares
 * of -.08 to .13, from one start alone, whole runs later, .33 and .33; within a run and from one
 * base cosines from .82 and fixed shares from .88. Task vectors of different tasks have cosines up
 * to .18, those of one run or of one task twice .73 and more.
 */
public enum Verdict {
  /** No element differs. */
  SAME("have the same weights", "there is nothing to merge: one of them is enough"),

  /** Their task vectors point the same way. */
  ALIKE(
      "are of one run, or learned one task twice from one base",
      "average them: `checkpoint_average` of a run's checkpoints, `model_stock` or a greedy soup of"
          + " several runs"),

  /** Their task vectors have little in common. */
  ONE_BASE(
      "come from one base, and learned different things",
      "add their task vectors: `task_arithmetic` with weights from .3, `ties` or `dare_ties` where"
          + " signs conflict"),

  /** Nothing tells more without a base. */
  ONE_START(
      "come from one start: one run, or one base",
      "they can be averaged; with the base (`--base`) more can be said, and task vectors merged"),

  /** Units still stand where they stood, and weights have gone far. */
  FAR_APART(
      "seem to come from one start, and have gone far from each other",
      "an average may be worse than either: look at the way between them with `stockpot path`"
          + " first, and try small weights"),

  /** Units do not correspond. */
  TRAINED_APART(
      "were trained apart: their units do not correspond",
      "a plain average is worth nothing: match their units first, or use both as they are (an"
          + " ensemble, a mixture of experts)"),

  /** Nothing can be said. */
  UNKNOWN("have nothing that tells how they are related", "score what you make of them");

  /** Below it, weights have nothing to do with each other. */
  private static final double APART = 0.3;

  /** Below it, units are not the same ones. */
  private static final double FIXED = 0.5;

  /** Above it, models are near enough that the way between them is mostly flat. */
  private static final double NEAR = 0.8;

  /** From it on, task vectors are of one task. */
  private static final double ONE_TASK = 0.5;

  private final String finding;
  private final String remedy;

  Verdict(String finding, String remedy) {
    this.finding = finding;
    this.remedy = remedy;
  }

  static Verdict of(Pair pair) {
    if (pair.areSame()) {
      return SAME;
    }
    if (pair.cosine().isEmpty()) {
      return UNKNOWN;
    }
    double cosine = pair.cosine().getAsDouble();
    if (cosine < APART || pair.fixed().orElse(1) < FIXED) {
      return TRAINED_APART;
    }
    if (cosine < NEAR) {
      return FAR_APART;
    }
    if (pair.taskCosine().isEmpty()) {
      return ONE_START;
    }
    return pair.taskCosine().getAsDouble() < ONE_TASK ? ONE_BASE : ALIKE;
  }

  /** What two models are to each other, as the end of a sentence. */
  public String finding() {
    return finding;
  }

  /** What to do. */
  public String remedy() {
    return remedy;
  }

  /** Whether an average of two models is likely to be worth something. */
  boolean allowsAverage() {
    return this != TRAINED_APART;
  }
}
