package dev.stockpot.merge.compose;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.model.Initialised;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.recipe.Arrangement.Part;
import dev.stockpot.merge.recipe.ComposeRule;
import dev.stockpot.merge.recipe.ComposeRule.Fit;
import dev.stockpot.merge.recipe.ComposeRule.Fresh;
import dev.stockpot.merge.recipe.ComposeRule.Take;
import dev.stockpot.merge.recipe.Composition;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.NamePattern;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.Recipe;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Puts a model together by rules. Each tensor of the models is taken or left out, and each tensor
 * of the output has one rule; all else is a problem.
 */
public final class Composer implements ComposeRule.Visitor {
  private final Map<ModelReference, Model> models;
  private final CarriedTensors carrying;
  private final long seed;
  private final Problems problems;
  private final ModelUses uses;
  private final Map<String, Made> made = new LinkedHashMap<>();
  private final List<Fresh> fresh = new ArrayList<>();

  private record Made(TensorSource source, String origin, int line) {}

  private Composer(
      Map<ModelReference, Model> models,
      TokenRows tokens,
      FitStatistics statistics,
      long seed,
      Problems problems) {
    this.models = models;
    this.carrying = new CarriedTensors(models, tokens, statistics);
    this.uses = new ModelUses(models);
    this.seed = seed;
    this.problems = problems;
  }

  /**
   * The model that a recipe composes.
   *
   * @param models every model that it names
   * @param tokens who knows which ones models share
   * @param statistics who knows what is said of statistics
   * @param template text of the file that its configuration is made of, where it names one
   * @param seed of draws, where a rule has none of its own
   * @throws dev.stockpot.merge.UserException with every problem, if there is one
   */
  public static Composed of(
      Recipe recipe,
      Map<ModelReference, Model> models,
      TokenRows tokens,
      FitStatistics statistics,
      Optional<String> template,
      long seed) {
    Problems problems = new Problems(recipe.source());
    Composition composition = recipe.composition().orElseThrow();
    Composer composer = new Composer(models, tokens, statistics, seed, problems);
    composition.rules().forEach(rule -> rule.accept(composer));
    composer.makeFresh();
    composer.uses.report(problems);
    for (Shifts.Owed owed : composer.carrying.owed()) {
      problems.add(
          owed.line(),
          "%s adds something to what it gives, so that %s changes, too: carry it `through: %s` by a rule that matches it, as its matrix"
              .formatted(owed.map(), owed.bias(), owed.map()));
    }
    problems.addIf(
        composer.made.isEmpty(),
        0,
        "%s rules of `compose` make no tensor".formatted(composition.rules().size()));
    Model donor = models.get(recipe.donor());
    ComposedConfig config =
        config(composition.config(), models, donor, template, problems)
            .with(composer.carrying.config(), composition.config());
    problems.throwIfAny();
    return composer.composed(recipe, donor, config);
  }

  private static ComposedConfig config(
      Composition.Config wanted,
      Map<ModelReference, Model> models,
      Model donor,
      Optional<String> template,
      Problems problems) {
    Model giver = wanted.model().map(models::get).orElse(donor);
    ComposedConfig before =
        template.isPresent()
            ? ComposedConfig.parse(
                wanted.file().orElseThrow().path(), template.get(), wanted.line(), problems)
            : new ComposedConfig(giver.config(), giver.configText());
    return ComposedConfig.of(before.config(), before.text(), wanted, problems);
  }

  private Composed composed(Recipe recipe, Model donor, ComposedConfig config) {
    Map<String, TensorSource> tensors = new LinkedHashMap<>();
    made.forEach((name, tensor) -> tensors.put(name, tensor.source()));
    Model model =
        new Model(
            donor.folder(),
            tensors,
            config.config(),
            config.text(),
            uses.shards(),
            donor.companions(),
            donor.surroundings());
    List<ComposedTensor> table = new ArrayList<>();
    for (String name : model.tensors().keySet()) {
      Made tensor = made.get(name);
      table.add(
          new ComposedTensor(
              name,
              tensor.source().shape(),
              tensor.source().storedType(),
              tensor.origin(),
              tensor.line()));
    }
    return new Composed(model, table, uses.leftOut(), notices(recipe));
  }

  private List<String> notices(Recipe recipe) {
    List<String> notices = new ArrayList<>(problems.told());
    notices.addAll(carrying.notices());
    boolean isMixed = uses.count() > 1 || !fresh.isEmpty();
    if (isMixed && recipe.composition().orElseThrow().config().isUnchanged()) {
      notices.add(
          "config.json is that of %s, as it is; say what is different of the whole with `config: {set: {key: value}}`"
              .formatted(recipe.donor()));
    }
    return notices;
  }

  @Override
  public void take(Take rule) {
    Model model = models.get(rule.from());
    int found = 0;
    Set<NamePattern> idle = new LinkedHashSet<>(rule.except());
    for (String name : model.tensors().keySet()) {
      if (!rule.match().isIn(name)) {
        continue;
      }
      List<NamePattern> against = rule.except().stream().filter(any -> any.isIn(name)).toList();
      idle.removeAll(against);
      if (!against.isEmpty() || rule.isLeftOut()) {
        uses.leaveOut(rule.from(), name);
        found += rule.isLeftOut() ? 1 : 0;
      } else {
        found++;
        uses.take(rule.from(), name);
        make(rule, model, name);
      }
    }
    problems.addIf(
        found == 0,
        rule.line(),
        "no tensor of %s matches `%s`%s; they are called %s"
            .formatted(
                rule.from(),
                rule.match(),
                rule.except().isEmpty() ? "" : " without what `except` says",
                ModelUses.examples(model.tensors().keySet())));
    idle.forEach(
        pattern ->
            problems.tell(
                rule.line(), "`except` leaves out `%s`, which matches nothing".formatted(pattern)));
  }

  private void make(Take rule, Model model, String name) {
    List<TensorSource> tensors = new ArrayList<>(List.of(model.tensors().get(name)));
    List<String> names = new ArrayList<>(List.of(name));
    for (Part part : rule.arrangement().joined()) {
      ModelReference from = part.from().orElse(rule.from());
      String wanted = rule.match().replaced(name, part.name()).orElseThrow();
      TensorSource tensor = models.get(from).tensors().get(wanted);
      if (tensor == null) {
        problems.add(
            rule.line(),
            "%s has no %s to join to %s; its tensors are called %s"
                .formatted(
                    from, wanted, name, ModelUses.examples(models.get(from).tensors().keySet())));
        return;
      }
      uses.take(from, wanted);
      tensors.add(tensor);
      names.add(part.from().map(other -> other + " ").orElse("") + wanted);
    }
    int count = Math.max(1, rule.as().size());
    try {
      List<TensorSource> parts = new Arranging(rule.arrangement(), model).of(tensors, count);
      String origin = "%s %s".formatted(rule.from(), String.join(" + ", names));
      for (int i = 0; i < count; i++) {
        String part = count == 1 ? origin : "%s, part %s of %s".formatted(origin, i + 1, count);
        carry(rule, named(rule, name, i), parts.get(i), part);
      }
    } catch (IllegalArgumentException e) {
      problems.add(rule.line(), "%s of %s: %s".formatted(name, rule.from(), e.getMessage()));
    }
  }

  private void carry(Take rule, String name, TensorSource source, String origin) {
    CarriedTensors.Carried carried = carrying.carried(rule, name, source, origin, this::map);
    add(name, carried.source(), carried.words(), rule.line());
    carried.bias().ifPresent(bias -> add(bias.name(), bias.source(), bias.words(), rule.line()));
  }

  private Optional<TensorSource> map(String name) {
    return Optional.ofNullable(made.get(name)).map(Made::source);
  }

  @Override
  public void fit(Fit rule) {
    try {
      carrying.fit(rule, (name, source, origin) -> add(name, source, origin, rule.line()));
    } catch (IllegalArgumentException e) {
      problems.add(rule.line(), "%s cannot be found: %s".formatted(rule.as(), e.getMessage()));
    }
  }

  private static String named(Take rule, String name, int part) {
    String bare =
        rule.as().isEmpty() ? name : rule.match().replaced(name, rule.as().get(part)).orElseThrow();
    String under = rule.under();
    return under.isEmpty() || under.endsWith(".") ? under + bare : under + "." + bare;
  }

  private void add(String name, TensorSource source, String origin, int line) {
    if (name.isBlank()) {
      problems.add(line, "nothing is left of the name of %s".formatted(origin));
      return;
    }
    Made before = made.putIfAbsent(name, new Made(source, origin, line));
    problems.addIf(
        before != null,
        line,
        "%s would be %s, and so would %s of line %s; give one another name, or leave it out with `except`"
            .formatted(
                origin,
                name,
                before == null ? "" : before.origin(),
                before == null ? 0 : before.line()));
  }

  @Override
  public void fresh(Fresh rule) {
    fresh.add(rule);
  }

  /** New tensors, of the type that most of the others have, once these are known. */
  private void makeFresh() {
    Map<DType, Long> elements = new LinkedHashMap<>();
    for (Made tensor : made.values()) {
      DType type = tensor.source().storedType();
      if (type.isWritable() && !type.isInteger()) {
        elements.merge(type, tensor.source().shape().elements(), Long::sum);
      }
    }
    DType usual =
        elements.entrySet().stream()
            .max(Map.Entry.comparingByValue())
            .map(Map.Entry::getKey)
            .orElse(DType.F32);
    for (Fresh rule : fresh) {
      Initialised tensor =
          new Initialised(
              rule.as(),
              rule.shape(),
              rule.dtype().orElse(usual),
              rule.initialisation(),
              rule.seed().orElse(seed));
      add(rule.as(), tensor, "new, " + rule.initialisation().words(), rule.line());
    }
  }
}
