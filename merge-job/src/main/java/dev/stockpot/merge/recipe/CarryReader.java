package dev.stockpot.merge.recipe;

import dev.stockpot.merge.recipe.Carry.Method;
import dev.stockpot.merge.recipe.Carry.Tokens;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

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
    Optional<ModelReference> of = model(tokens, "of");
    String word = tokens.word("method").orElse(Method.OMP.word());
    Optional<Method> method =
        Stream.of(Method.values()).filter(any -> any.word().equals(word)).findFirst();
    problems.addIf(
        method.isEmpty(),
        tokens.lineOf("method"),
        "`method` is %s; %s".formatted(word, Suggestion.or("it can be", word, Method.words())));
    double most = number(tokens, "k", MOST);
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

  Optional<ModelReference> model(Section section, String key) {
    int line = section.lineOf(key);
    Optional<ModelReference> model =
        section.value(key).flatMap(node -> models.read(node, key, line));
    model
        .filter(ModelReference::isPattern)
        .ifPresent(
            pattern ->
                problems.add(
                    line, "`%s` is the pattern %s; name one model".formatted(key, pattern.path())));
    return model;
  }

  double number(Section section, String key, double otherwise) {
    Optional<Node> value = section.value(key);
    Optional<Double> number =
        value.flatMap(
            node -> node instanceof ScalarNode scalar ? scalar.number() : Optional.empty());
    problems.addIf(
        value.isPresent() && number.isEmpty(),
        section.lineOf(key),
        "`%s` is %s, must be a number".formatted(key, value.map(Node::shown).orElse("")));
    return number.orElse(otherwise);
  }
}
