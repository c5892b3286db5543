package dev.stockpot.merge.recipe;

import dev.stockpot.merge.recipe.TokenizerChoice.Padding;
import dev.stockpot.merge.recipe.TokenizerChoice.Source;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Reads {@code tokenizer}, {@code tokenizer_source}, {@code chat_template}, {@code vocab-tensors}.
 */
final class VocabularyReader {
  private static final Section.Keys TOKENIZER =
      new Section.Keys(
          "`tokenizer`",
          List.of("source", "tokens", "pad_to_multiple_of", "pad"),
          Map.of(),
          Map.of(),
          Optional.empty());

  /** More than any vocabulary has: rows that no token has fill the result otherwise. */
  private static final int MOST_ROWS = 1 << 20;

  private final StrayWords words;
  private final ModelReader models;
  private final Problems problems;

  VocabularyReader(StrayWords words) {
    this.words = words;
    this.models = new ModelReader(words);
    this.problems = words.problems();
  }

  VocabularyChoice read(Section recipe) {
    problems.addIf(
        recipe.has("tokenizer") && recipe.has("tokenizer_source"),
        Math.max(recipe.lineOf("tokenizer"), recipe.lineOf("tokenizer_source")),
        "`tokenizer` in line %s and `tokenizer_source` in line %s exclude each other; keep one"
            .formatted(recipe.lineOf("tokenizer"), recipe.lineOf("tokenizer_source")));
    Optional<TokenizerChoice> tokenizer = tokenizer(recipe).or(() -> tokenizerSource(recipe));
    return new VocabularyChoice(tokenizer, template(recipe), tensors(recipe));
  }

  private record Named(Source source, Optional<ModelReference> model) {
    static final Named UNION = new Named(Source.UNION, Optional.empty());
  }

  private Optional<TokenizerChoice> tokenizerSource(Section recipe) {
    return named(recipe, "tokenizer_source")
        .map(
            named ->
                new TokenizerChoice(
                    named.source(),
                    named.model(),
                    Map.of(),
                    Padding.NONE,
                    recipe.lineOf("tokenizer_source")));
  }

  private Optional<TokenizerChoice> tokenizer(Section recipe) {
    if (recipe.value("tokenizer").orElse(null) instanceof ScalarNode word) {
      problems.add(
          recipe.lineOf("tokenizer"),
          "`tokenizer` is a mapping; a word alone is `tokenizer_source: %s`"
              .formatted(word.text()));
      return Optional.empty();
    }
    Optional<MapNode> map = recipe.map("tokenizer");
    if (map.isEmpty()) {
      return Optional.empty();
    }
    Section section = new Section(map.get(), TOKENIZER, words);
    Optional<Named> source =
        section.has("source") ? named(section, "source") : Optional.of(Named.UNION);
    Map<String, TokenChoice> tokens = tokens(section);
    Padding padding = padding(section);
    return source.map(
        named ->
            new TokenizerChoice(
                named.source(), named.model(), tokens, padding, recipe.lineOf("tokenizer")));
  }

  /** Whose tokenizer it is. */
  private Optional<Named> named(Section section, String key) {
    Optional<Node> value = section.value(key);
    if (value.isPresent() && value.get() instanceof ScalarNode scalar) {
      if (scalar.text().equals("union")) {
        return Optional.of(Named.UNION);
      }
      if (scalar.text().equals("base")) {
        return Optional.of(new Named(Source.BASE, Optional.empty()));
      }
    }
    return value
        .flatMap(node -> model(node, key, section.lineOf(key)))
        .map(model -> new Named(Source.MODEL, Optional.of(model)));
  }

  /** A single model. */
  private Optional<ModelReference> model(Node node, String key, int line) {
    Optional<ModelReference> model = models.read(node, key, line);
    problems.addIf(
        model.filter(ModelReference::isPattern).isPresent(),
        line,
        "`%s` is a pattern; name one model".formatted(key));
    return model.filter(named -> !named.isPattern());
  }

  private Padding padding(Section section) {
    int multiple = 1;
    if (section.value("pad_to_multiple_of").isPresent()) {
      OptionalInt read = whole(section.value("pad_to_multiple_of").get());
      problems.addIf(
          read.isEmpty() || read.getAsInt() < 1 || read.getAsInt() > MOST_ROWS,
          section.lineOf("pad_to_multiple_of"),
          "`pad_to_multiple_of` must be a whole number from 1 to %s, for example 64, not %s"
              .formatted(MOST_ROWS, section.value("pad_to_multiple_of").get().shown()));
      multiple = Math.min(MOST_ROWS, Math.max(1, read.orElse(1)));
    }
    Optional<String> kept = section.word("pad");
    problems.addIf(
        kept.isPresent() && !kept.get().equals("keep"),
        section.lineOf("pad"),
        "`pad` is %s, must be `keep`: as many rows as the model with most of them has"
            .formatted(kept.orElse("")));
    return new Padding(multiple, kept.filter("keep"::equals).isPresent());
  }

  private static OptionalInt whole(Node node) {
    return node instanceof ScalarNode scalar
        ? scalar
            .number()
            .filter(number -> number == number.intValue())
            .map(number -> OptionalInt.of(number.intValue()))
            .orElse(OptionalInt.empty())
        : OptionalInt.empty();
  }

  private Map<String, TokenChoice> tokens(Section section) {
    Map<String, TokenChoice> tokens = new LinkedHashMap<>();
    section
        .map("tokens")
        .ifPresent(
            map -> {
              for (MapNode.Entry entry : map.entries()) {
                problems.addIf(
                    entry.key().isEmpty(), entry.line(), "a token of no letters is none");
                new TokenReader(this::model, words)
                    .read(entry)
                    .ifPresent(token -> tokens.put(entry.key(), token));
              }
            });
    return tokens;
  }

  private Optional<TemplateChoice> template(Section recipe) {
    Optional<String> text = recipe.word("chat_template");
    int line = recipe.lineOf("chat_template");
    problems.addIf(
        text.isPresent() && !TemplateChoice.isOne(text.get()),
        line,
        "`chat_template` is `%s`, must be `auto`, one of %s, or a template in Jinja"
            .formatted(text.orElse(""), Suggestion.quoted(TemplateChoice.NAMES)));
    return text.filter(TemplateChoice::isOne).map(choice -> new TemplateChoice(choice, line));
  }

  private Optional<List<String>> tensors(Section recipe) {
    Optional<Node> value = recipe.value("vocab-tensors");
    if (value.isEmpty()) {
      return Optional.empty();
    }
    List<String> patterns = new ArrayList<>();
    if (!(value.get() instanceof ListNode list)) {
      problems.add(
          recipe.lineOf("vocab-tensors"),
          "`vocab-tensors` must be a list of regular expressions for names of tensors, not %s"
              .formatted(value.get().shown()));
      return Optional.empty();
    }
    for (Node element : list.elements()) {
      Optional<String> fault = fault(element);
      fault.ifPresent(why -> problems.add(element.line(), why));
      if (fault.isEmpty() && element instanceof ScalarNode scalar) {
        patterns.add(scalar.text());
      }
    }
    return Optional.of(patterns);
  }

  private static Optional<String> fault(Node element) {
    if (!(element instanceof ScalarNode scalar)) {
      return Optional.of("an element of `vocab-tensors` must be a regular expression");
    }
    try {
      Pattern.compile(scalar.text());
      return Optional.empty();
    } catch (PatternSyntaxException e) {
      return Optional.of(
          "`%s` is no regular expression: %s".formatted(scalar.text(), e.getDescription()));
    }
  }
}
