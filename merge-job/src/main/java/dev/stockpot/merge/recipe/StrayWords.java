package dev.stockpot.merge.recipe;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.method.Arity;
import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.Parameter.Scope;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Words of a recipe that nothing comes of. mergekit passes them over in silence, and so published
 * recipes are full of them: they are told. A word that looks like another one was meant to be that,
 * and is a problem.
 */
final class StrayWords {
  private static final String RECIPE = "a recipe";
  private static final String TOKENIZER = "`tokenizer`";

  /** Where a word means something, for one that stands elsewhere. */
  private static final Map<String, String> PLACES =
      Map.ofEntries(
          Map.entry("merge_method", RECIPE),
          Map.entry("base_model", "a recipe, or of a slice"),
          Map.entry("models", RECIPE),
          Map.entry("slices", RECIPE),
          Map.entry("modules", RECIPE),
          Map.entry("parameters", RECIPE),
          Map.entry("dtype", RECIPE),
          Map.entry("out_dtype", RECIPE),
          Map.entry("tokenizer", RECIPE),
          Map.entry("tokenizer_source", RECIPE),
          Map.entry("chat_template", RECIPE),
          Map.entry("vocab-tensors", RECIPE),
          Map.entry("post", RECIPE),
          Map.entry("output", RECIPE),
          Map.entry("compose", RECIPE),
          Map.entry("heads", RECIPE),
          Map.entry("freeze", RECIPE),
          Map.entry("name", RECIPE),
          Map.entry("soup", RECIPE),
          Map.entry("search", RECIPE),
          Map.entry("evaluate", RECIPE),
          Map.entry("sources", "a slice"),
          Map.entry(
              "layer_range",
              "a source of `slices`, while what `models` lists is merged with all layers"),
          Map.entry("stack", "a source of `slices`"),
          Map.entry("model", "an entry of `models`, or of a source of `slices`"),
          Map.entry("tokens", TOKENIZER),
          Map.entry("pad_to_multiple_of", TOKENIZER));

  private final Problems problems;
  private final UnknownKeys policy;
  private final Optional<MergeMethod> method;
  private final Set<String> parameters;

  /**
   * For one recipe.
   *
   * @param method whose parameters count; empty if the recipe names none that is known
   * @param methods all that there are: their parameters are left in recipes when the method changes
   */
  StrayWords(
      Problems problems,
      UnknownKeys policy,
      Optional<MergeMethod> method,
      List<MergeMethod> methods) {
    this.problems = requireNonNull(problems, "problems is null");
    this.policy = requireNonNull(policy, "policy is null");
    this.method = requireNonNull(method, "method is null");
    this.parameters =
        methods.stream()
            .flatMap(known -> known.parameters().stream())
            .map(Parameter::name)
            .collect(Collectors.toCollection(TreeSet::new));
  }

  Problems problems() {
    return problems;
  }

  /** Tells of something that does no harm: mergekit has it, and it changes nothing. */
  void tell(int line, String what) {
    problems.tell(line, what);
  }

  /** A key that its mapping does not have. */
  void key(MapNode.Entry entry, Section.Keys keys) {
    String key = entry.key();
    String what = "`%s` is not a key of %s".formatted(key, keys.owner());
    if (keys.level().isPresent() && parameters.contains(key)) {
      stray(entry, "it is a parameter", new BesideParameters(method).remedy(entry, keys.level()));
    } else if (Suggestion.closest(key, keys.known()).isPresent()) {
      String meant = Suggestion.closest(key, keys.known()).orElseThrow();
      problems.add(entry.line(), "%s; did you mean `%s`?".formatted(what, meant));
    } else if (keys.level().isPresent() && Suggestion.closest(key, own()).isPresent()) {
      String meant = Suggestion.closest(key, own()).orElseThrow();
      problems.add(
          entry.line(),
          "%s; did you mean the parameter `%s`? It goes under `parameters`".formatted(what, meant));
    } else if (PLACES.containsKey(key)) {
      stray(entry, "it is a key of " + PLACES.get(key), "move it there, or remove it");
    } else {
      stray(
          entry,
          "it is not a key of " + keys.owner(),
          "its keys are " + Suggestion.quoted(keys.known()));
    }
  }

  /** A parameter that the method does not have, or not there. Whether it is one of its own. */
  boolean isOwn(MapNode.Entry entry, Level level) {
    MergeMethod chosen = method.orElseThrow();
    String name = entry.key();
    Optional<Parameter<?>> parameter =
        chosen.parameters().stream().filter(known -> known.name().equals(name)).findFirst();
    if (parameter.isPresent() && parameter.get().scope() == Scope.MERGE && level == Level.MODEL) {
      stray(entry, "it has one value for all models", "move it to the `parameters` of the recipe");
      return false;
    }
    if (parameter.isPresent()) {
      return true;
    }
    Optional<String> meant = Suggestion.closest(name, own());
    if (parameters.contains(name) || own().isEmpty()) {
      stray(entry, chosen.name() + " has no such parameter", "remove the line");
    } else if (meant.isPresent()) {
      problems.add(
          entry.line(),
          "%s has no parameter `%s`; did you mean `%s`? It has %s"
              .formatted(chosen.name(), name, meant.get(), Suggestion.quoted(own())));
    } else if (PLACES.containsKey(name)) {
      stray(entry, "it is a key of " + PLACES.get(name), "move it there, or remove it");
    } else {
      stray(
          entry,
          chosen.name() + " has no such parameter",
          "it has %s".formatted(Suggestion.quoted(own())));
    }
    return false;
  }

  /** Whether a slice's own base model is one that the method makes no use of, which is told. */
  boolean isIdleBase(int line) {
    boolean isIdle = method.filter(chosen -> chosen.arity().base() == Arity.Base.DONOR).isPresent();
    if (isIdle) {
      doubt(
          line,
          "`base_model` has no effect here: %s has no use for a slice's own base model; remove the line"
              .formatted(method.get().name()));
    }
    return isIdle;
  }

  /** Whether `yes` counts as 1 where a number is wanted, as to tools that are not so strict. */
  boolean takesFlagsForNumbers() {
    return policy != UnknownKeys.ERROR;
  }

  /** The parameters of the method; of all, where nobody knows which it is. */
  private Collection<String> own() {
    return method.isEmpty()
        ? parameters
        : method.get().parameters().stream().map(Parameter::name).toList();
  }

  private void stray(MapNode.Entry entry, String why, String remedy) {
    doubt(entry.line(), "`%s` has no effect here: %s; %s".formatted(entry.key(), why, remedy));
  }

  /** Something that mergekit takes without a word, and that is hardly meant: told, or a problem. */
  void doubt(int line, String what) {
    boolean isOfOurs = method.filter(MergeMethod::isRound).isPresent(); // mergekit has no rounds
    if (isOfOurs || policy == UnknownKeys.ERROR) {
      problems.add(line, what);
    } else {
      problems.tell(line, what);
    }
  }
}
