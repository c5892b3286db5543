package dev.stockpot.merge.mixture;

import static java.util.stream.Collectors.joining;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.checkpoint.ModelConfig;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.output.CardFacts;
import dev.stockpot.merge.output.ConfigEdit;
import dev.stockpot.merge.output.Library;
import dev.stockpot.merge.recipe.MixtureChoice;
import dev.stockpot.merge.recipe.MixtureChoice.Expert;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.storage.ObjectSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Plans one mixture: which kind it is, whether its models fit, and what its tensors are. */
final class MixturePlanner {
  private final Recipe recipe;
  private final MixtureChoice mixture;
  private final DenseModel base;
  private final List<DenseModel> experts;
  private final Map<ModelReference, Model> models;
  private final ObjectSource store;
  private final Problems problems;
  private final List<String> notices = new ArrayList<>();
  private final long seed;

  MixturePlanner(
      Recipe recipe,
      MixtureChoice mixture,
      Map<ModelReference, Model> models,
      ObjectSource store,
      Problems problems,
      long seed) {
    this.recipe = recipe;
    this.mixture = mixture;
    this.models = models;
    this.store = store;
    this.problems = problems;
    this.seed = seed;
    this.base = dense(recipe.donor());
    this.experts = mixture.all().stream().map(expert -> dense(expert.model())).toList();
  }

  private DenseModel dense(ModelReference model) {
    return new DenseModel(model.toString(), models.get(model));
  }

  /** The plan; nothing if there are problems. */
  Optional<MixturePlan> plan(Optional<Model> gates, PromptTokens tokenizer) throws IOException {
    Optional<MixtureKind> kind = kind();
    FittingModels fitting = new FittingModels(base, problems, notices);
    for (int i = 0; i < experts.size(); i++) {
      fitting.check(mixture.all().get(i), experts.get(i));
    }
    if (kind.isEmpty()) {
      return Optional.empty();
    }
    BaseTensors kept = new BaseTensors(base, kind.get(), notices);
    kept.strange()
        .ifPresent(
            strange ->
                problems.add(
                    recipe.donor().line(),
                    "%s has %s, for which %s has no place; take another base, or another `architecture`"
                        .formatted(base.name(), strange, kind.get().word())));
    kept.missing()
        .ifPresent(
            missing ->
                problems.add(
                    recipe.donor().line(),
                    "%s has no %s; take a base with the names of Llama's tensors"
                        .formatted(base.name(), missing)));
    if (!problems.isEmpty()) {
      return Optional.empty();
    }
    int width = Math.toIntExact(base.projection(0, 0).orElseThrow().shape().columns());
    List<RouterRows> routers =
        new Gates(mixture, kind.get(), base, width, store, problems, notices, seed)
            .of(base.layers(), gates, tokenizer);
    return problems.isEmpty() ? Optional.of(plan(kind.get(), kept, routers)) : Optional.empty();
  }

  private Optional<MixtureKind> kind() {
    List<MixtureKind> named =
        mixture.architecture().map(MixtureKind::named).orElse(Arrays.asList(MixtureKind.values()));
    problems.addIf(
        named.isEmpty(),
        mixture.line(),
        "`architecture` is %s, must be the beginning of one of %s"
            .formatted(
                mixture.architecture().orElse(""),
                Arrays.stream(MixtureKind.values()).map(MixtureKind::word).collect(joining(", "))));
    boolean hasPrompts =
        mixture.shared().filter(shared -> !shared.positive().isEmpty()).isPresent();
    List<String> obstacles = new ArrayList<>();
    for (MixtureKind kind : named) {
      Optional<String> obstacle =
          kind.inputs().contains(base.type())
              ? kind.obstacle(mixture.shared().isPresent(), hasPrompts)
              : Optional.of(
                  "is made of models of model_type %s"
                      .formatted(String.join(", ", kind.inputs().stream().sorted().toList())));
      if (obstacle.isEmpty() && mixture.isFused() && !kind.canFuse()) {
        obstacle = Optional.of("has no layout with experts in one tensor");
      }
      if (obstacle.isEmpty()) {
        return checkedShared(kind);
      }
      obstacles.add("%s %s".formatted(kind.word(), obstacle.get()));
    }
    problems.addIf(
        !named.isEmpty(),
        mixture.line(),
        "no kind of mixture can be made of %s (model_type %s)%s: %s"
            .formatted(
                base.name(),
                base.type().isEmpty() ? "none" : base.type(),
                mixture.shared().isPresent() ? " with a shared expert" : "",
                String.join("; ", obstacles)));
    return Optional.empty();
  }

  private Optional<MixtureKind> checkedShared(MixtureKind kind) {
    if (kind.gatesShared() && mixture.gates().mode().usesPrompts()) {
      Expert shared = mixture.shared().orElseThrow();
      problems.addIf(
          shared.positive().isEmpty(),
          shared.line(),
          "the shared expert %s has no `positive_prompts`, of which %s makes its gate; add some"
              .formatted(shared.model(), kind.word()));
    }
    return Optional.of(kind);
  }

  private MixturePlan plan(MixtureKind kind, BaseTensors kept, List<RouterRows> routers) {
    ExpertTensors blocks = new ExpertTensors(kind, seed);
    int count = mixture.experts().size();
    Map<String, TensorSource> tensors = new LinkedHashMap<>(kept.tensors());
    for (int layer = 0; layer < base.layers(); layer++) {
      tensors.put(
          kind.router(layer, mixture.isFused()), routers.get(layer).first(count).tensor());
      tensors.putAll(
          mixture.isFused()
              ? blocks.fused(layer, mixture.experts(), experts)
              : blocks.split(layer, mixture.experts(), experts));
      if (mixture.shared().isPresent()) {
        tensors.putAll(blocks.shared(layer, mixture.shared().get(), experts.get(count)));
        if (kind.gatesShared()) {
          tensors.put(
              MixtureKind.sharedGate(layer), routers.get(layer).only(count).tensor());
        }
      }
    }
    ConfigEdit edit =
        ConfigEdit.values(
            MixtureConfig.of(
                kind,
                base.config(),
                count,
                mixture.expertsPerToken(),
                mixture.shared().isPresent()));
    JsonObject config = edit.apply(base.config());
    Model view = base.model().with(tensors).with(ModelConfig.of(config));
    notices.add(
        "%s of %s experts, %s for each token%s: attention, norms, embeddings and tokenizer are those of %s"
            .formatted(
                kind.word(),
                count,
                mixture.expertsPerToken(),
                mixture.shared().isPresent() ? ", and a shared one" : "",
                base.name()));
    return new MixturePlan(
        Map.of(recipe.donor(), view),
        List.of(edit),
        Optional.of(type()),
        Optional.of(card(config)),
        notices);
  }

  /** That of the base's blocks, if it is one that files can have. */
  private DType type() {
    DType stored = base.projection(0, 0).orElseThrow().storedType();
    return stored.isWritable() ? stored : DType.BF16;
  }

  private CardFacts card(JsonObject config) {
    Map<ModelReference, Model> all = new LinkedHashMap<>();
    all.put(recipe.donor(), base.model());
    mixture.all().forEach(expert -> all.put(expert.model(), models.get(expert.model())));
    List<CardFacts.Input> inputs = new ArrayList<>();
    all.forEach(
        (name, model) ->
            inputs.add(
                new CardFacts.Input(name.toString(), model.folder(), model.surroundings().card())));
    return CardFacts.of(Library.of(config, base.model().companions().keySet()).word(), inputs);
  }
}
