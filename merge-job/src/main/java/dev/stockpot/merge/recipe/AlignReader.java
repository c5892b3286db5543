package dev.stockpot.merge.recipe;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code align}: to which model the units of a model are matched, and how. */
final class AlignReader {
  static final String KEY = "align";
  private static final String FIXED = "fixed";
  private static final String FREE = "free";
  private static final String PERMUTED = "permuted";
  private static final String TURNED = "turned";

  private static final Section.Keys KEYS =
      new Section.Keys(
          "`align`",
          List.of("to", "by", "residual", "experts", "heads", "spec", "alpha", "beta", "until"),
          Map.of(),
          Map.of(),
          Optional.empty());

  private final StrayWords words;
  private final ModelReader models;

  AlignReader(StrayWords words) {
    this.words = words;
    this.models = new ModelReader(words);
  }

  Optional<AlignChoice> read(Section section) {
    Optional<MapNode> map = section.map(KEY);
    if (map.isEmpty()) {
      return Optional.empty();
    }
    Section align = new Section(map.get(), KEYS, words);
    words
        .problems()
        .addIf(
            !align.has("to"),
            section.lineOf(KEY),
            "`align` has no `to`; name the model whose units are matched, for example {to:"
                + " other/model}");
    Optional<ModelReference> to = models.one(align, "to");
    Optional<AlignChoice.By> by =
        align.choice("by", List.of(AlignChoice.By.values()), AlignChoice.By::word);
    Optional<String> residual = align.choice("residual", List.of(FIXED, FREE), word -> word);
    Optional<String> experts = align.choice("experts", List.of(FIXED, FREE), word -> word);
    Optional<String> heads = align.choice("heads", List.of(PERMUTED, TURNED), word -> word);
    Optional<ModelReference> spec = models.one(align, "spec");
    return to.map(
        model ->
            new AlignChoice(
                model,
                by.orElse(AlignChoice.By.WEIGHTS),
                residual.filter(FREE::equals).isPresent(),
                experts.filter(FIXED::equals).isEmpty(),
                heads.filter(TURNED::equals).isPresent(),
                spec,
                zip(align, by.orElse(AlignChoice.By.WEIGHTS)),
                section.lineOf(KEY)));
  }

  /** How units are joined; words of that mean nothing elsewhere. */
  private AlignChoice.Zip zip(Section align, AlignChoice.By by) {
    for (String key : List.of("alpha", "beta", "until")) {
      words
          .problems()
          .addIf(
              align.has(key) && by != AlignChoice.By.ZIPIT,
              align.lineOf(key),
              "`%s` is of units that are joined; write `by: zipit` beside it, or leave it out"
                  .formatted(key));
    }
    double alpha = align.number("alpha", AlignChoice.Zip.ALPHA);
    double beta = align.number("beta", AlignChoice.Zip.BETA);
    words
        .problems()
        .addIf(
            !(alpha > 0 && alpha <= 1),
            align.lineOf("alpha"),
            "`alpha` is %s, must be above 0 and at most 1".formatted(alpha));
    words
        .problems()
        .addIf(
            !(beta >= 0 && beta <= 1),
            align.lineOf("beta"),
            "`beta` is %s, must be from 0 to 1".formatted(beta));
    return new AlignChoice.Zip(alpha, beta, align.word("until"));
  }
}
