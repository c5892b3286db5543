package dev.stockpot.merge.advice;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Proposes recipes for models that can be merged by their headers, best first: the defaults of a
 * survey of the literature for what the weights show. Whoever asks takes the first one that can be
 * planned.
 */
public final class Advisor {
  /** Of a run, the mean of as many of its last checkpoints is a good first try. */
  private static final int TAIL = 10;

  /** Above it, gains of elaborate methods over plain sums are gone (scale study, 2410.03617). */
  private static final long LARGE = 30_000_000_000L;

  /** Fine-tunes of which more is unchanged learned by reinforcement, mostly. */
  private static final double SPARSE = 0.9;

  private final Kinship kinship;
  private final Known known;

  private Advisor(Kinship kinship, Known known) {
    this.kinship = kinship;
    this.known = known;
  }

  /** Proposals, best first; none if weights say that nothing is worth a try. */
  public static List<Proposal> proposals(Kinship kinship, Known known) {
    return new Advisor(kinship, known).all();
  }

  private List<Proposal> all() {
    if (kinship.models().size() - (kinship.view().hasBase() ? 1 : 0) == 1) {
      return List.of(between());
    }
    List<Integer> strangers = strangers();
    List<String> tuned = names(kinship.view().tuned());
    if (!strangers.isEmpty()) {
      return ofStrangers();
    }
    Optional<List<String>> run = RunNames.ordered(tuned);
    if (run.isPresent()) {
      return List.of(ofRun(run.get()));
    }
    return kinship.view().hasBase() ? onBase() : List.of(withoutBase());
  }

  private List<String> names(List<Integer> models) {
    return models.stream().map(kinship.models()::get).toList();
  }

  /** Models that cannot be averaged with the base, or, without one, with most of the others. */
  private List<Integer> strangers() {
    List<Integer> kin = new Lineage(kinship).kin();
    return kinship.view().tuned().stream()
        .filter(
            model ->
                kinship.view().hasBase()
                    ? !kinship.pair(kinship.view().base(), model).verdict().allowsAverage()
                    : !kin.contains(model))
        .toList();
  }

  /** One fine-tune and its base. */
  private Proposal between() {
    String base = kinship.models().get(kinship.view().base());
    String model = names(kinship.view().tuned()).get(0);
    return proposal(
        RecipeText.of("task_arithmetic").base(base).model(model, "parameters: {weight: 0.5}"),
        "%s is a fine-tune of %s: half-way between both, much of what it learned is kept and little of the base forgotten (WiSE-FT, arXiv:2109.01903). Try weights from .3 to .8."
            .formatted(model, base));
  }

  /** Some of the models were trained apart from the others. */
  private List<Proposal> ofStrangers() {
    List<Integer> strangers = strangers();
    List<Integer> kin = new ArrayList<>(kinship.view().tuned());
    kin.removeAll(strangers);
    List<Proposal> proposals = new ArrayList<>();
    String apart = String.join(", ", names(strangers));
    if (kin.size() > 1) {
      proposals.add(
          proposal(
              RecipeText.of("uniform_soup").models(names(kin)),
              "%s left out: trained apart from the others, so that units do not correspond. Of the others a plain average is a good beginning."
                  .formatted(apart)));
    }
    List<String> all = names(kinship.view().tuned());
    String first = names(kin.isEmpty() ? kinship.view().tuned() : kin).get(0);
    RecipeText aligned = RecipeText.of("linear").parameters("weight: 1");
    for (String model : all) {
      if (names(strangers).contains(model) && !model.equals(first)) {
        aligned.model(model, "align: {to: %s}".formatted(RecipeText.quoted(first)));
      } else {
        aligned.model(model);
      }
    }
    proposals.add(
        proposal(
            aligned,
            "%s: trained apart from %s (%s). Their units are matched first; without that an average is worth nothing."
                .formatted(apart, first, figures(kinship.models().indexOf(first), strangers)),
            "Matching helps wide networks, and narrow ones less: score the result, or the way to it with `stockpot path`, before it is used."));
    return proposals;
  }

  private String figures(int first, List<Integer> strangers) {
    int other = strangers.get(0) == first ? strangers.get(strangers.size() - 1) : strangers.get(0);
    Pair pair = kinship.pair(first, other);
    return "cosine of the weights %s, units in the same places %s"
        .formatted(number(pair.cosine()), percent(pair.fixed()));
  }

  private Proposal ofRun(List<String> ordered) {
    boolean isLong = ordered.size() > TAIL;
    RecipeText recipe =
        RecipeText.of("checkpoint_average")
            .parameters(isLong ? "scheme: last_k, last: %s".formatted(TAIL) : "scheme: mean")
            .models(ordered);
    return proposal(
        recipe,
        "Their names are those of checkpoints of one run, and their weights are near each other: the mean of its end is better than its last (arXiv:1803.05407)."
            + (isLong ? " The last %s of %s count.".formatted(TAIL, ordered.size()) : ""),
        "Oldest first. `scheme: ema` weighs late ones more; with a loss of each, `soup: swad` finds where to begin.");
  }

  private Proposal withoutBase() {
    List<String> models = kinship.models();
    return proposal(
        RecipeText.of("uniform_soup").models(models),
        "They come from one start (cosines of the weights %s), so a plain average of all is sound (arXiv:2203.05482)."
            .formatted(range(Pair::cosine)),
        "Name their base with --base and more can be said: which learned the same, and which other things. With scores, `soup: greedy` leaves out what does not help.");
  }

  private List<Proposal> onBase() {
    String base = kinship.models().get(kinship.view().base());
    List<Integer> tuned = kinship.view().tuned();
    List<String> models = names(tuned);
    boolean areSparse =
        tuned.stream().allMatch(model -> kinship.unchanged(model).orElse(0) > SPARSE);
    if (areSparse) {
      return List.of(
          proposal(
              RecipeText.of("ram").base(base).models(models),
              "More than %s of the elements of each are as in %s, as after reinforcement learning: what one model alone changed is kept whole (arXiv:2601.13572)."
                  .formatted(percent(OptionalDouble.of(SPARSE)), base)));
    }
    String cosines = "cosines of the task vectors %s".formatted(range(Pair::taskCosine));
    boolean areAlike = kinship.pairs().stream().allMatch(pair -> pair.verdict() == Verdict.ALIKE);
    if (areAlike) {
      return List.of(
          proposal(
              RecipeText.of("model_stock").base(base).models(models),
              "They learned one task from %s (%s): the average, drawn towards the base as far as they disagree (arXiv:2403.19522)."
                  .formatted(base, cosines),
              "With scores of a validation set, `soup: greedy` is better still."));
    }
    List<Proposal> proposals = new ArrayList<>();
    if (known.areAdapters()) {
      proposals.add(
          proposal(
              summed(RecipeText.of("task_arithmetic").base(base), models, "")
                  .line("output: {kind: adapter, combination_type: cat}"),
              "Adapters of %s beside each other in one: exact, and of the sum of their ranks. Where that is too much, `combination_type: svd` with a rank."
                  .formatted(base)));
    }
    proposals.add(differentTasks(base, models, cosines));
    return proposals;
  }

  private Proposal differentTasks(String base, List<String> models, String cosines) {
    String learned =
        "From %s they learned different things (%s, signs that agree %s)."
            .formatted(base, cosines, range(Pair::signs));
    if (kinship.elements() >= LARGE || !known.isLanguageModel()) {
      String why =
          kinship.elements() >= LARGE
              ? "Of models of this size the plain sum of task vectors is as good as anything (arXiv:2410.03617)."
              : "The plain sum of their task vectors, weighted.";
      return proposal(
          summed(RecipeText.of("task_arithmetic").base(base), models, ""),
          learned,
          why + " Try weights from .1 to .6, in a `search:` if there are scores.",
          known.isLanguageModel()
              ? "With statistics of the inputs (`stockpot-tools statistics gram`), `regmean` gains most."
              : "For models that were fine-tuned alike, as of vision, `iso_c` and `tsv_m` mostly gain more; with statistics of the inputs, `regmean` most.");
    }
    return proposal(
        summed(RecipeText.of("dare_ties").base(base), models, ", density: 0.5"),
        learned,
        "Half of each change is dropped and the rest scaled up, and signs are voted on: little of one is in the way of another (arXiv:2311.03099).",
        "Compare with `task_arithmetic` at weights of .3: on language models it is seldom worse (arXiv:2511.21437).");
  }

  /** With a weight for each model. */
  private static RecipeText summed(RecipeText recipe, List<String> models, String more) {
    String weight = models.size() == 2 ? "0.5" : "0.3";
    models.forEach(
        model -> recipe.model(model, "parameters: {weight: %s%s}".formatted(weight, more)));
    return recipe;
  }

  private Proposal proposal(RecipeText recipe, String... reasons) {
    List<String> all = new ArrayList<>(List.of(reasons));
    boolean areFar = kinship.pairs().stream().anyMatch(pair -> pair.verdict() == Verdict.FAR_APART);
    if (areFar) {
      all.add(
          "Some have gone far from each other: look at the way between them with `stockpot path` before the result is used.");
    }
    if (known.hasMoments()) {
      all.add(
          "They have batch norms: recompute their moments on data after the merge, or the result may be far below what it can be.");
    }
    all.addAll(known.remarks());
    return new Proposal(recipe.tokenizer(known.tokenizer()).text(), all);
  }

  private interface Figure {
    OptionalDouble of(Pair pair);
  }

  private String range(Figure figure) {
    List<Double> values = new ArrayList<>();
    kinship.pairs().forEach(pair -> figure.of(pair).ifPresent(values::add));
    if (values.isEmpty()) {
      return "unknown";
    }
    double least = values.stream().mapToDouble(Double::doubleValue).min().getAsDouble();
    double most = values.stream().mapToDouble(Double::doubleValue).max().getAsDouble();
    return most - least < 0.005
        ? number(OptionalDouble.of(most))
        : "%s to %s".formatted(number(OptionalDouble.of(least)), number(OptionalDouble.of(most)));
  }

  private static String number(OptionalDouble value) {
    return value.isPresent() ? String.format(Locale.ROOT, "%.2f", value.getAsDouble()) : "unknown";
  }

  private static String percent(OptionalDouble share) {
    return share.isPresent()
        ? String.format(Locale.ROOT, "%.0f %%", 100 * share.getAsDouble())
        : "unknown";
  }
}
