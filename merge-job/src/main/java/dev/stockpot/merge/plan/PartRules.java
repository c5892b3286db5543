package dev.stockpot.merge.plan;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonStyle;
import dev.stockpot.merge.json.JsonValue;
import dev.stockpot.merge.json.JsonWriter;
import dev.stockpot.merge.model.Initialised;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.output.Companion;
import dev.stockpot.merge.output.ConfigEdit;
import dev.stockpot.merge.output.OutputFolder;
import dev.stockpot.merge.plan.Gathering.Found;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.PartRule;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.Source;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Follows the rules of {@code heads} and {@code freeze}: the first that matches a name counts. */
final class PartRules {
  private static final String LISTS = "trainable.json";
  private static final String COUNT = "num_labels";

  private final Recipe recipe;
  private final Gathering gathering;
  private final Copies copies;
  private final Map<ModelReference, Model> models;
  private final Faults faults;
  private final long seed;
  private final Map<PartRule, List<String>> followed = new LinkedHashMap<>();
  private final Map<String, Optional<JsonValue>> config = new LinkedHashMap<>();

  PartRules(
      Recipe recipe,
      Gathering gathering,
      Copies copies,
      Map<ModelReference, Model> models,
      Faults faults,
      long seed) {
    this.recipe = recipe;
    this.gathering = gathering;
    this.copies = copies;
    this.models = models;
    this.faults = faults;
    this.seed = seed;
    recipe.parts().forEach(rule -> followed.put(rule, new ArrayList<>()));
  }

  /**
   * A tensor as a rule has it, or else as the merge does; nothing if it is left out or a problem.
   */
  Optional<PlannedTensor> planned(Route route, Function<Route, Optional<PlannedTensor>> merge) {
    Optional<PartRule> rule = rule(route.output());
    if (rule.isEmpty()) {
      return merge.apply(route);
    }
    followed.get(rule.get()).add(route.output());
    return rule.get().action().accept(new Following(route, rule.get(), merge));
  }

  private Optional<PartRule> rule(String tensor) {
    return recipe.parts().stream().filter(any -> any.match().isIn(tensor)).findFirst();
  }

  /** Whether a tensor was left out on purpose. */
  boolean leavesOut(String tensor) {
    return rule(tensor).filter(any -> any.action() instanceof PartRule.LeftOut).isPresent();
  }

  /** What one rule makes of one tensor. */
  private final class Following implements PartRule.Visitor<Optional<PlannedTensor>> {
    private final Route route;
    private final PartRule rule;
    private final Function<Route, Optional<PlannedTensor>> merge;

    Following(Route route, PartRule rule, Function<Route, Optional<PlannedTensor>> merge) {
      this.route = route;
      this.rule = rule;
      this.merge = merge;
    }

    private Optional<PlannedTensor> fault(String what) {
      faults.add(rule.line(), what, route.output());
      return Optional.empty();
    }

    @Override
    public Optional<PlannedTensor> as(PartRule.As action) {
      return merge.apply(route);
    }

    @Override
    public Optional<PlannedTensor> leftOut(PartRule.LeftOut action) {
      return Optional.empty();
    }

    @Override
    public Optional<PlannedTensor> fromModel(PartRule.FromModel action) {
      Optional<TensorSource> source = tensor(action.from());
      return source.isPresent()
          ? Optional.of(copies.taken(route, source.get()))
          : fault("%s has no such tensor to take".formatted(action.from()));
    }

    /** As the slice has it; where all of a model counts, it need not be a source. */
    private Optional<TensorSource> tensor(ModelReference model) {
      List<Source> sources = route.slice().sources();
      List<Optional<Found>> found = gathering.inputs(route);
      for (int i = 0; i < sources.size(); i++) {
        if (sources.get(i).model().equals(model)) {
          return found.get(i).map(Found::source);
        }
      }
      return recipe.wholeModels()
          ? Optional.ofNullable(models.get(model).tensors().get(route.output()))
          : Optional.empty();
    }

    @Override
    public Optional<PlannedTensor> anew(PartRule.Anew action) {
      TensorSource first =
          gathering.inputs(route).stream()
              .flatMap(Optional::stream)
              .findFirst()
              .orElseThrow()
              .source();
      Shape shape = action.shape().orElse(first.shape());
      Optional<String> problem = action.initialisation().problem(shape.dimensions());
      boolean isOfNumbers = first.storedType().isWritable() && !first.storedType().isInteger();
      if (problem.isPresent()) {
        return fault("it cannot be initialised so: " + problem.get());
      }
      if (!action.shape().equals(Optional.empty()) && !shape.equals(first.shape())) {
        countAnew(shape);
      }
      return Optional.of(
          copies.taken(
              route,
              new Initialised(
                  route.output(),
                  shape,
                  isOfNumbers ? first.storedType() : DType.F32,
                  action.initialisation(),
                  action.seed().orElse(seed))));
    }

    /** Classes of another number have no names yet. */
    private void countAnew(Shape shape) {
      Model donor = models.get(recipe.donor());
      if (!ModelLabels.of(donor).isEmpty() && !shape.dimensions().isEmpty()) {
        config.put(ModelLabels.KEY, Optional.empty());
        config.put("label2id", Optional.empty());
        config.put(COUNT, Optional.of(JsonValue.of(shape.dimensions().get(0).longValue())));
      }
    }

    @Override
    public Optional<PlannedTensor> byLabel(PartRule.ByLabel action) {
      Map<ModelReference, List<String>> labels = new LinkedHashMap<>();
      Map<ModelReference, TensorSource> heads = new LinkedHashMap<>();
      List<Source> sources = route.slice().sources();
      List<Optional<Found>> found = gathering.inputs(route);
      for (int i = 0; i < sources.size(); i++) {
        ModelReference model = sources.get(i).model();
        if (!recipe.isMerged(route.slice(), sources.get(i)) || labels.containsKey(model)) {
          continue;
        }
        if (found.get(i).isEmpty()) {
          return fault("%s has no such tensor, so not all classes have a row".formatted(model));
        }
        TensorSource head = found.get(i).get().source();
        List<String> names = ModelLabels.of(models.get(model));
        long rows = head.shape().dimensions().isEmpty() ? 0 : head.shape().dimensions().get(0);
        if (names.size() != rows || !head.dtype().isReadable()) {
          return fault(
              "%s has %s %s, and its config.json names %s classes in id2label, each once"
                  .formatted(model, head.dtype(), head.shape(), names.size()));
        }
        labels.put(model, names);
        heads.put(model, head);
      }
      long widths = heads.values().stream().map(head -> head.shape().columns()).distinct().count();
      if (widths > 1) {
        return fault("rows are of other lengths in some models: %s".formatted(shapes(heads)));
      }
      LabelRows rows = new LabelRows(labels, action.areShared());
      rows.values().forEach((key, value) -> config.put(key, Optional.of(value)));
      Model donor = models.get(recipe.donor());
      if (donor.config().tree().has(COUNT)) {
        config.put(COUNT, Optional.of(JsonValue.of((long) rows.merged().size())));
      }
      DType type = heads.values().iterator().next().storedType();
      TensorSource all = rows.of(route.output(), heads);
      return Optional.of(copies.taken(route, all, type));
    }

    private String shapes(Map<ModelReference, TensorSource> heads) {
      List<String> shapes = new ArrayList<>();
      heads.forEach((model, head) -> shapes.add("%s of %s".formatted(head.shape(), model)));
      return String.join(", ", shapes);
    }
  }

  /** Tells of rules that say nothing of any tensor. */
  void report(Problems problems) {
    followed.forEach(
        (rule, names) ->
            problems.addIf(
                names.isEmpty(),
                rule.line(),
                "no tensor of the output matches `%s`".formatted(rule.match())));
  }

  /** What was made otherwise than by merging. */
  List<String> notices() {
    List<String> notices = new ArrayList<>();
    followed.forEach(
        (rule, names) ->
            notices.add(
                "%s by line %s of the recipe instead of merged: %s"
                    .formatted(
                        Gathering.tensors(names.size()), rule.line(), Gathering.examples(names))));
    return notices;
  }

  /** The folder with what follows of the rules: classes, and lists for who trains it. */
  OutputFolder applied(OutputFolder folder, List<PlannedTensor> tensors) {
    List<ConfigEdit> edits = new ArrayList<>(folder.edits());
    if (!config.isEmpty()) {
      edits.add(ConfigEdit.values(config));
    }
    List<Companion> companions = new ArrayList<>(folder.companions());
    if (recipe.parts().stream().anyMatch(PartRule::isFrozen)) {
      companions.removeIf(companion -> companion.name().equals(LISTS));
      companions.add(new Companion.Made(LISTS, UTF_8.encode(lists(tensors))));
    }
    return folder.with(edits, companions);
  }

  private String lists(List<PlannedTensor> tensors) {
    List<JsonValue> frozen = new ArrayList<>();
    List<JsonValue> trainable = new ArrayList<>();
    for (PlannedTensor tensor : tensors) {
      String name = tensor.output().name();
      boolean isFrozen =
          followed.entrySet().stream()
              .anyMatch(rule -> rule.getKey().isFrozen() && rule.getValue().contains(name));
      (isFrozen ? frozen : trainable).add(JsonValue.of(name));
    }
    return JsonWriter.text(
        JsonStyle.PYTHON, JsonObject.EMPTY.with("frozen", frozen).with("trainable", trainable));
  }
}
