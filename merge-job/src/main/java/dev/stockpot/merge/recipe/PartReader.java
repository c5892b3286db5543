package dev.stockpot.merge.recipe;

import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.random.Initialisation;
import dev.stockpot.merge.recipe.PartRule.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads {@code heads} and {@code freeze}: what becomes of some tensors in place of a merge. */
final class PartReader {
  private static final String FREEZE = "freeze";
  private static final String HEADS = "heads";
  private static final String LABELS = "labels";
  private static final Section.Keys FROZEN =
      new Section.Keys(
          "an element of `freeze`", List.of("match", "from"), Map.of(), Map.of(), Optional.empty());

  private final StrayWords words;
  private final Problems problems;

  PartReader(StrayWords words) {
    this.words = words;
    this.problems = words.problems();
  }

  /** The rules, those of heads first. */
  List<PartRule> read(Section recipe) {
    List<PartRule> rules = new ArrayList<>();
    if (recipe.has(HEADS)) {
      recipe.list(HEADS).forEach(node -> head(node).ifPresent(rules::add));
    }
    if (recipe.has(FREEZE)) {
      Optional<ModelReference> base = new ModelReader(words).base(recipe);
      boolean passes = recipe.word("merge_method").filter("passthrough"::equals).isPresent();
      recipe.list(FREEZE).forEach(node -> frozen(node, base, passes).ifPresent(rules::add));
    }
    return rules;
  }

  private Optional<PartRule> frozen(Node node, Optional<ModelReference> base, boolean passes) {
    if (node instanceof ScalarNode scalar) {
      return pattern(scalar)
          .flatMap(match -> frozen(match, Optional.empty(), base, passes, scalar.line()));
    }
    if (node instanceof MapNode map) {
      Section section = new Section(map, FROZEN, words);
      Optional<ModelReference> from = new ModelReader(words).one(section, "from");
      return section
          .value("match")
          .flatMap(this::pattern)
          .flatMap(match -> frozen(match, from, base, passes, map.line()));
    }
    problems.add(
        node.line(),
        "an element of `freeze` is a regular expression, or {match: '…', from: MODEL}, not "
            + node.shown());
    return Optional.empty();
  }

  private Optional<PartRule> frozen(
      NamePattern match,
      Optional<ModelReference> from,
      Optional<ModelReference> base,
      boolean passes,
      int line) {
    Optional<ModelReference> model = from.or(() -> passes ? Optional.empty() : base);
    problems.addIf(
        model.isEmpty() && !passes,
        line,
        "`freeze` of `%s` does not say whose tensors stay; write {match: '%s', from: MODEL}, or give a `base_model`"
            .formatted(match, match));
    Action action = model.<Action>map(PartRule.FromModel::new).orElseGet(PartRule.As::new);
    return Optional.of(new PartRule(match, action, true, line));
  }

  private Optional<PartRule> head(Node node) {
    if (!(node instanceof MapNode map)) {
      problems.add(
          node.line(),
          "an element of `heads` must be a mapping, for example {match: '^classifier\\.', from: MODEL}, not "
              + node.shown());
      return Optional.empty();
    }
    Section section = new Section(map, RecipeKeys.HEAD, words);
    List<String> ways =
        Stream.of("from", "init", LABELS, "leave_out").filter(section::has).toList();
    Optional<NamePattern> match = section.value("match").flatMap(this::pattern);
    problems.addIf(
        !section.has("match") || ways.size() != 1,
        map.line(),
        "an element of `heads` has `match`, and one of `from`, `init`, `labels` and `leave_out`, not %s"
            .formatted(ways.isEmpty() ? "none" : Suggestion.quoted(ways)));
    for (String key : InitialisationReader.KEYS) {
      problems.addIf(
          section.has(key) && !section.has("init"),
          section.lineOf(key),
          "`%s` belongs to `init`, which is not here".formatted(key));
    }
    problems.addIf(
        section.has("shape") && !section.has("init"),
        section.lineOf("shape"),
        "`shape` belongs to `init`, which is not here");
    if (match.isEmpty() || ways.size() != 1) {
      return Optional.empty();
    }
    return action(section, ways.get(0))
        .map(action -> new PartRule(match.get(), action, false, map.line()));
  }

  private Optional<Action> action(Section section, String way) {
    return switch (way) {
      case "from" -> new ModelReader(words).one(section, "from").map(PartRule.FromModel::new);
      case "init" -> anew(section);
      case LABELS -> {
        String word = section.word(LABELS).orElse("");
        problems.addIf(
            !word.equals("concatenate") && !word.equals("union"),
            section.lineOf(LABELS),
            "`labels` is %s, must be `concatenate`, all classes of all models one behind the other, or `union`, those of one name being one"
                .formatted(word));
        yield Optional.of(new PartRule.ByLabel(word.equals("union")));
      }
      default -> {
        Optional<Boolean> isLeftOut =
            section
                .value("leave_out")
                .flatMap(
                    node -> node instanceof ScalarNode scalar ? scalar.flag() : Optional.empty());
        problems.addIf(
            !isLeftOut.equals(Optional.of(true)),
            section.lineOf("leave_out"),
            "`leave_out` is %s, must be true"
                .formatted(section.value("leave_out").map(Node::shown).orElse("")));
        yield Optional.of(new PartRule.LeftOut());
      }
    };
  }

  private Optional<Action> anew(Section section) {
    InitialisationReader reader = new InitialisationReader(section, problems);
    Optional<Shape> shape =
        section.has("shape") ? ShapeReader.read(section, problems) : Optional.empty();
    Optional<Initialisation> filled = reader.read();
    return filled.map(how -> new PartRule.Anew(how, shape, reader.seed()));
  }

  private Optional<NamePattern> pattern(Node node) {
    return NamePattern.read(node, "match", problems);
  }
}
