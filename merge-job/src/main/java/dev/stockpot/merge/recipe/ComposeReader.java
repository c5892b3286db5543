package dev.stockpot.merge.recipe;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.random.Initialisation;
import dev.stockpot.merge.recipe.ComposeRule.Fresh;
import dev.stockpot.merge.recipe.ComposeRule.Take;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Reads {@code compose}: the rules that say what the tensors of the output are. */
final class ComposeReader {
  static final String KEY = "compose";

  private static final List<String> TAKE =
      List.of("from", "match", "except", "as", "under", "leave_out");
  private static final Section.Keys RULE =
      new Section.Keys(
          "a rule of `compose`",
          Stream.of(
                  TAKE,
                  ArrangementReader.KEYS,
                  CarryReader.KEYS,
                  FitReader.KEYS,
                  List.of("shape", "dtype"),
                  InitialisationReader.KEYS)
              .flatMap(List::stream)
              .toList(),
          Map.of(),
          Map.of(),
          Optional.empty());
  private static final List<String> FIT_ALONE =
      Stream.of(
              List.of("match", "except", "under", "leave_out", "shape", "dtype"),
              ArrangementReader.KEYS,
              CarryReader.KEYS,
              InitialisationReader.KEYS)
          .flatMap(List::stream)
          .toList();
  private static final Section.Keys CONFIG =
      new Section.Keys(
          "`config`", List.of("template", "set", "remove"), Map.of(), Map.of(), Optional.empty());

  private final StrayWords words;
  private final Problems problems;
  private final ModelReader models;

  ComposeReader(StrayWords words) {
    this.words = words;
    this.problems = words.problems();
    this.models = new ModelReader(words);
  }

  /** The composition; where a rule is wrong, that is a problem and it is not in it. */
  Composition read(Section recipe) {
    List<ComposeRule> rules = new ArrayList<>();
    for (Node node : recipe.list(KEY)) {
      if (node instanceof MapNode map) {
        for (MapNode each : Layers.expanded(map, problems)) {
          rule(new Section(each, RULE, words)).ifPresent(rules::add);
        }
      } else {
        problems.add(
            node.line(),
            "an element of `compose` must be a mapping, for example {from: MODEL, under: encoder}, not %s"
                .formatted(node.shown()));
      }
    }
    return new Composition(
        rules, recipe.map("config").map(this::config).orElse(Composition.Config.UNCHANGED));
  }

  private Optional<ComposeRule> rule(Section rule) {
    int before = problems.count();
    if (rule.has("fit")) {
      only(rule, FIT_ALONE, "a map is found, and neither taken nor drawn");
      Optional<ComposeRule.Fit> fit = new FitReader(rule, words, models).read();
      return problems.count() == before ? fit.map(any -> any) : Optional.empty();
    }
    only(rule, FitReader.KEYS, "it belongs to `fit`");
    boolean takes = rule.value("from").isPresent();
    problems.addIf(
        takes == rule.has("init"),
        rule.line(),
        takes
            ? "a rule has `from`, where tensors are taken, or `init`, where there is a new one;"
                + " keep one"
            : "a rule has `from`, the model whose tensors are taken, or `init`, what a new tensor"
                + " is filled with");
    if (takes == rule.has("init")) {
      return Optional.empty();
    }
    Optional<? extends ComposeRule> read = takes ? take(rule) : fresh(rule);
    return problems.count() == before ? read.map(any -> any) : Optional.empty();
  }

  private Optional<Take> take(Section rule) {
    only(
        rule,
        List.of("shape", "dtype"),
        "a tensor that is taken has its own; a merge's `dtype` changes it");
    only(rule, InitialisationReader.KEYS, "it belongs to `init`");
    Optional<ModelReference> from = models.one(rule, "from");
    boolean isLeftOut = rule.flag("leave_out");
    Optional<NamePattern> match =
        rule.has("match")
            ? rule.value("match").flatMap(node -> NamePattern.read(node, "match", problems))
            : Optional.of(NamePattern.ANY);
    List<NamePattern> except = new ArrayList<>();
    for (Node node : several(rule, "except")) {
      NamePattern.read(node, "except", problems).ifPresent(except::add);
    }
    Arrangement arrangement = new ArrangementReader(rule, problems, models).read();
    List<String> as = names(rule);
    for (String name : as) {
      match.ifPresent(pattern -> checkGroups(rule, pattern, name));
    }
    if (isLeftOut) {
      for (String key : List.of("as", "under")) {
        problems.addIf(
            rule.has(key),
            rule.lineOf(key),
            "`%s` names what goes into the output, and `leave_out: true` says that nothing does"
                .formatted(key));
      }
    }
    arrangement.joined().stream()
        .map(Arrangement.Part::name)
        .forEach(name -> match.ifPresent(pattern -> checkGroups(rule, pattern, name)));
    problems.addIf(
        as.size() > 1 && (!arrangement.joined().isEmpty() || arrangement.kept().isPresent()),
        rule.lineOf("as"),
        "`as` has %s names, so a tensor is split; it cannot be joined or cut as well"
            .formatted(as.size()));
    problems.addIf(
        as.size() < 2 && !arrangement.sizes().equals(Arrangement.Sizes.EQUAL),
        rule.lineOf("sizes"),
        "`sizes` are those of the parts that a tensor is split into; list their names under `as`");
    if (from.isEmpty() || match.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Take(
            from.get(),
            match.get(),
            except,
            rule.word("under").orElse(""),
            as,
            isLeftOut,
            arrangement,
            new CarryReader(rule, words, models).read(),
            rule.line()));
  }

  private Optional<Fresh> fresh(Section rule) {
    only(rule, List.of("match", "except", "under", "leave_out"), "it belongs to `from`");
    only(rule, ArrangementReader.KEYS, "it belongs to `from`");
    only(rule, CarryReader.KEYS, "it belongs to `from`");
    Optional<String> as = rule.word("as");
    problems.addIf(
        as.isEmpty() || as.get().isBlank(),
        rule.line(),
        "a new tensor needs a name; write `as: NAME`");
    Optional<Shape> shape = ShapeReader.read(rule, problems);
    InitialisationReader reader = new InitialisationReader(rule, problems);
    Optional<Initialisation> filled = reader.read();
    OptionalLong seed = reader.seed();
    Optional<DType> dtype = DTypeWord.of(rule, "dtype", problems);
    if (as.isEmpty() || shape.isEmpty() || filled.isEmpty()) {
      return Optional.empty();
    }
    filled
        .get()
        .problem(shape.get().dimensions())
        .ifPresent(
            why ->
                problems.add(
                    rule.lineOf("shape"),
                    "`%s` cannot be initialised so: %s".formatted(as.get(), why)));
    return Optional.of(new Fresh(as.get(), shape.get(), filled.get(), seed, dtype, rule.line()));
  }

  private void only(Section rule, List<String> keys, String why) {
    for (String key : keys) {
      problems.addIf(
          rule.has(key), rule.lineOf(key), "`%s` is out of place here: %s".formatted(key, why));
    }
  }

  /** One value or a list of them. */
  private static List<Node> several(Section section, String key) {
    return section.value(key).stream()
        .flatMap(node -> node instanceof ListNode list ? list.elements().stream() : Stream.of(node))
        .toList();
  }

  private List<String> names(Section rule) {
    List<String> names = new ArrayList<>();
    for (Node node : several(rule, "as")) {
      if (node instanceof ScalarNode scalar) {
        names.add(scalar.text());
      } else {
        problems.add(node.line(), "`as` must be a name, or a list of names, not " + node.shown());
      }
    }
    return names;
  }

  private void checkGroups(Section rule, NamePattern pattern, String instead) {
    try {
      new Rename(pattern.text(), instead, rule.line());
    } catch (IllegalArgumentException e) {
      problems.add(rule.lineOf("as"), e.getMessage());
      return;
    }
    try {
      new NamePattern(pattern.text() + "|").replaced("", instead); // it is in any name now
    } catch (IllegalArgumentException e) {
      problems.add(
          rule.lineOf("as"),
          "`%s` makes no name: %s; write `\\$` for a dollar, and `\\\\` for a backslash"
              .formatted(instead, e.getMessage()));
    }
  }

  private Composition.Config config(MapNode map) {
    Section section = new Section(map, CONFIG, words);
    Optional<ModelReference> template =
        section
            .value("template")
            .flatMap(node -> models.read(node, "template", section.lineOf("template")));
    Map<String, Node> set = new LinkedHashMap<>();
    section
        .map("set")
        .ifPresent(
            values -> values.entries().forEach(entry -> set.put(entry.key(), entry.value())));
    List<String> removed = new ArrayList<>();
    for (Node node : several(section, "remove")) {
      if (node instanceof ScalarNode scalar) {
        removed.add(scalar.text());
      } else {
        problems.add(
            node.line(),
            "`remove` must be names, with dots where they lie in others, not " + node.shown());
      }
    }
    return new Composition.Config(template, set, removed, map.line());
  }
}
