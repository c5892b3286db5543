package dev.stockpot.merge.recipe;

import dev.stockpot.merge.recipe.Carry.Method;
import dev.stockpot.merge.recipe.Carry.Tokens;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what carries tensors to another width or vocabulary. */
final class CarryReader {
  /** Beside {@code from}. */
  static final List<String> KEYS = List.of("through", "onto", "tokens");

  private static final int MOST = 64;
  private static final Section.Keys TOKENS =
      new Section.Keys(
          "`tokens` of a rule", List.of("of", "method", "k"), Map.of(), Map.of(), Optional.empty());

  private final Section rule;
  private final StrayWords words;
  private final Problems problems;
  private final ModelReader models;

  CarryReader(Section rule, StrayWords words, ModelReader models) {
    this.rule = rule;
    this.words = words;
    this.problems = words.problems();
    this.models = models;
  }

  /** How a tensor is carried. */
  Carry read() {
    Optional<Tokens> tokens = rule.map("tokens").flatMap(this::tokens);
    Optional<String> through = rule.word("through");
    Optional<String> onto = rule.word("onto");
    problems.addIf(
        tokens.isPresent() && (through.isPresent() || onto.isPresent()),
        rule.lineOf("tokens"),
        "`tokens` gives rows to an embedding as it is; `through` and `onto` belong to another"
            + " rule");
    return new Carry(through, onto, tokens);
  }

  private Optional<Tokens> tokens(MapNode map) {
    Section tokens = new Section(map, TOKENS, words);
    Optional<ModelReference> of = models.one(tokens, "of");
    Optional<Method> method =
        tokens.has("method")
            ? tokens.choice("method", List.of(Method.values()), Method::word)
            : Optional.of(Method.OMP);
    double most = tokens.number("k", MOST);
    boolean isCount = most >= 1 && most <= 1_000 && most == Math.rint(most);
    problems.addIf(
        !isCount,
        tokens.lineOf("k"),
        "`k` is %s, must be a whole number from 1 to 1000".formatted(most));
    problems.addIf(
        !tokens.has("of"),
        tokens.line(),
        "`tokens` names the model whose tokens they are: `of: MODEL`");
    return of.isPresent() && method.isPresent() && isCount
        ? Optional.of(new Tokens(of.get(), method.get(), (int) most))
        : Optional.empty();
  }
}
