package dev.stockpot.merge.recipe;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what a recipe says of one token. */
final class TokenReader {
  private static final Section.Keys TOKEN =
      new Section.Keys("a token", List.of("source", "force"), Map.of(), Map.of(), Optional.empty());
  private static final Section.Keys ROW =
      new Section.Keys(
          "a token's source",
          List.of("kind", "model", "token", "token_id"),
          Map.of(),
          Map.of(),
          Optional.empty());

  private final Models models;
  private final StrayWords words;
  private final Problems problems;

  /** Reads the name of a single model. */
  interface Models {
    Optional<ModelReference> read(Node node, String key, int line);
  }

  TokenReader(Models models, StrayWords words) {
    this.models = models;
    this.words = words;
    this.problems = words.problems();
  }

  Optional<TokenChoice> read(MapNode.Entry entry) {
    if (entry.value() instanceof ScalarNode scalar && scalar.isNull()) {
      return Optional.of(new TokenChoice(Optional.empty(), false, entry.line()));
    }
    if (!(entry.value() instanceof MapNode map)) {
      problems.add(
          entry.line(),
          "`%s` must be a mapping with `source`, for example `source: PATH`"
              .formatted(entry.key()));
      return Optional.empty();
    }
    Section section = new Section(map, TOKEN, words);
    boolean isForced = section.flag("force");
    Optional<Node> source = section.value("source");
    problems.addIf(
        isForced && source.isEmpty(),
        section.lineOf("force"),
        "`force` says that all models take their row from `source`, and there is none; add it");
    Optional<TokenChoice.Row> row =
        source.flatMap(node -> row(node, entry.key(), section.lineOf("source")));
    if (row.isEmpty() && (source.isPresent() || isForced)) {
      return Optional.empty(); // which has been reported
    }
    return Optional.of(new TokenChoice(row, isForced, entry.line()));
  }

  private Optional<TokenChoice.Row> row(Node node, String token, int line) {
    if (!(node instanceof MapNode map)) {
      return models.read(node, "source", line).map(TokenChoice.Same::new);
    }
    Section section = new Section(map, ROW, words);
    String kind = section.word("kind").orElse("");
    boolean isOfModel = // mergekit tells its kinds apart by their keys, too
        kind.isEmpty() && section.has("model") && (section.has("token") || section.has("token_id"));
    if (kind.equals("zero")) {
      return Optional.of(new TokenChoice.Zeros());
    }
    if (kind.equals("model_token") || isOfModel) {
      return ofModel(section);
    }
    problems.add(
        line,
        "the source of `%s` has the kind `%s`, must be `zero`, or `model_token` with `model` and `token` or `token_id`"
            .formatted(token, kind));
    return Optional.empty();
  }

  private Optional<TokenChoice.Row> ofModel(Section section) {
    Optional<ModelReference> model =
        section.value("model").flatMap(node -> models.read(node, "model", section.lineOf("model")));
    problems.addIf(
        !section.has("model"), section.line(), "`model` is missing here; add the path of a model");
    if (section.has("token") == section.has("token_id")) {
      problems.add(
          section.line(), "a `model_token` needs either `token` or `token_id`; give one of them");
      return Optional.empty();
    }
    if (section.has("token")) {
      Optional<String> token = section.word("token");
      return model.flatMap(named -> token.map(text -> new TokenChoice.OfToken(named, text)));
    }
    Optional<Double> id =
        section
            .value("token_id")
            .flatMap(node -> node instanceof ScalarNode scalar ? scalar.number() : Optional.empty())
            .filter(number -> number >= 0 && number == number.intValue());
    problems.addIf(
        id.isEmpty(),
        section.lineOf("token_id"),
        "`token_id` must be a whole number from 0, not %s"
            .formatted(section.value("token_id").map(Node::shown).orElse("empty")));
    return model.flatMap(named -> id.map(number -> new TokenChoice.OfId(named, number.intValue())));
  }
}
