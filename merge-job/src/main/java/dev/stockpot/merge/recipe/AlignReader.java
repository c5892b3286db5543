package dev.stockpot.merge.recipe;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code align}: to which model the units of a model are matched, and how. */
final class AlignReader {
  static final String KEY = "align";
  private static final String FIXED = "fixed";
  private static final String FREE = "free";

  private static final Section.Keys KEYS =
      new Section.Keys(
          "`align`",
          List.of("to", "residual", "experts", "spec"),
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
    Optional<String> residual = align.choice("residual", List.of(FIXED, FREE), word -> word);
    Optional<String> experts = align.choice("experts", List.of(FIXED, FREE), word -> word);
    Optional<ModelReference> spec = models.one(align, "spec");
    return to.map(
        model ->
            new AlignChoice(
                model,
                residual.filter(FREE::equals).isPresent(),
                experts.filter(FIXED::equals).isEmpty(),
                spec,
                section.lineOf(KEY)));
  }
}
