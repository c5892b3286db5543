package dev.stockpot.merge.recipe;

import dev.stockpot.merge.recipe.ComposeRule.Fit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads how a map between the widths of two models is found. */
final class FitReader {
  /** Beside {@code fit}. */
  static final List<String> KEYS =
      List.of(
          "fit",
          "to",
          "ridge",
          "grams",
          "gram",
          "crossgram",
          "targets",
          "target",
          "explained",
          "bias",
          "hidden");

  private static final double RIDGE = 1e-3;

  private final Section rule;
  private final Problems problems;
  private final ModelReader models;

  FitReader(Section rule, StrayWords words, ModelReader models) {
    this.rule = rule;
    this.problems = words.problems();
    this.models = models;
  }

  /** A map between the widths of two models. */
  Optional<Fit> read() {
    String word = rule.word("fit").orElse("");
    Optional<Fit.Kind> kind =
        Stream.of(Fit.Kind.values()).filter(any -> any.word().equals(word)).findFirst();
    problems.addIf(
        kind.isEmpty(),
        rule.lineOf("fit"),
        "`fit` is %s; %s".formatted(word, Suggestion.or("it can be", word, Fit.Kind.words())));
    boolean isOfProducts = kind.equals(Optional.of(Fit.Kind.CROSSGRAM));
    Optional<ModelReference> from = models.one(rule, "from");
    Optional<ModelReference> to = models.one(rule, "to");
    Optional<String> as = rule.word("as");
    problems.addIf(
        as.isEmpty() || as.get().isBlank(), rule.line(), "a map needs a name; write `as: NAME`");
    for (String key : List.of("gram", "crossgram")) {
      problems.addIf(
          rule.has(key) != isOfProducts,
          rule.lineOf(key),
          "`%s` is the name of a tensor in `from`, a checkpoint of statistics, %s `fit: crossgram`"
              .formatted(key, isOfProducts ? "which is missing beside" : "and belongs to"));
    }
    problems.addIf(
        rule.has("to") == isOfProducts || !rule.has("from"),
        rule.line(),
        isOfProducts
            ? "`fit: crossgram` has `from`, a checkpoint of statistics, and no `to`"
            : "a fit has `from` and `to`, the models whose embeddings are compared");
    Optional<ModelReference> grams = ofProducts("grams", "gram", isOfProducts);
    Optional<ModelReference> targets = ofProducts("targets", "target", isOfProducts);
    problems.addIf(
        rule.has("target") && !isOfProducts,
        rule.lineOf("target"),
        "`target: %s` is the name of YᵀY in statistics, and belongs to `fit: crossgram`"
            .formatted(rule.word("target").orElse("")));
    problems.addIf(
        rule.has("targets") && !rule.has("target"),
        rule.lineOf("targets"),
        "`targets` is a checkpoint of statistics; write `target: NAME`, the tensor in it, too");
    Optional<String> bias = rule.word("bias");
    problems.addIf(
        rule.has("bias") && (bias.isEmpty() || bias.get().isBlank() || bias.equals(as)),
        rule.lineOf("bias"),
        "`bias` is the name of the vector that is added, another than `as`, which is %s"
            .formatted(as.orElse("missing")));
    double ridge = rule.number("ridge", isOfProducts ? RIDGE : 0);
    problems.addIf(
        ridge < 0 || (rule.has("ridge") && kind.equals(Optional.of(Fit.Kind.PROCRUSTES))),
        rule.lineOf("ridge"),
        "`ridge` is %s, must not be below 0, and belongs to least squares".formatted(ridge));
    problems.addIf(
        rule.has("explained") && isOfProducts,
        rule.lineOf("explained"),
        "`explained: %s` needs the rows themselves, and products are sums over them"
            .formatted(rule.word("explained").orElse("")));
    if (kind.isEmpty() || from.isEmpty() || as.isEmpty() || (to.isEmpty() && !isOfProducts)) {
      return Optional.empty();
    }
    return Optional.of(
        new Fit(
            as.get(),
            kind.get(),
            from.get(),
            to,
            grams,
            rule.word("gram").orElse(""),
            rule.word("crossgram").orElse(""),
            ridge,
            rule.word("explained"),
            bias,
            rule.word("target"),
            targets,
            rule.flag("hidden"),
            rule.line()));
  }

  /** Where a tensor of products lies that is not beside the others. */
  private Optional<ModelReference> ofProducts(String key, String tensor, boolean isOfProducts) {
    Optional<ModelReference> place = models.one(rule, key);
    problems.addIf(
        rule.has(key) && !isOfProducts,
        rule.lineOf(key),
        "`%s` is %s, where `%s` lies, and belongs to `fit: crossgram`"
            .formatted(
                key, place.map(Object::toString).orElse("a checkpoint of statistics"), tensor));
    return place;
  }
}
