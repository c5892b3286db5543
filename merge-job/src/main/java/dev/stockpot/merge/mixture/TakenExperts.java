package dev.stockpot.merge.mixture;

import dev.stockpot.merge.FirstFew;
import dev.stockpot.merge.checkpoint.ModelConfig;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.output.ConfigEdit;
import dev.stockpot.merge.recipe.ExpertChoice;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Problems;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Takes experts out of a mixture: a dense model, or a mixture of some of them. */
final class TakenExperts {
  private static final String PER_TOKEN = "num_experts_per_tok";

  /** What configurations of mixtures have, and those of dense models do not. */
  private static final List<String> OF_MIXTURES =
      List.of(
          "num_local_experts",
          "num_experts",
          "n_routed_experts",
          "n_shared_experts",
          PER_TOKEN,
          "output_router_logits",
          "router_aux_loss_coef",
          "router_jitter_noise",
          "decoder_sparse_step",
          "norm_topk_prob",
          "shared_expert_intermediate_size",
          "moe_intermediate_size",
          "mlp_only_layers",
          "qkv_bias",
          "first_k_dense_replace",
          "moe_layer_freq",
          "scoring_func",
          "aux_loss_alpha",
          "seq_aux",
          "auto_map");

  private final ExpertChoice choice;
  private final ModelReference reference;
  private final Model model;
  private final Problems problems;

  TakenExperts(ExpertChoice choice, ModelReference reference, Model model, Problems problems) {
    this.choice = choice;
    this.reference = reference;
    this.model = model;
    this.problems = problems;
  }

  /** The plan; nothing if there are problems. */
  Optional<MixturePlan> plan() {
    Optional<StoredMixture> mixture = StoredMixture.of(reference.toString(), model);
    problems.addIf(
        mixture.isEmpty(),
        reference.line(),
        "%s has model_type %s, which is no mixture that experts can be taken out of; they are %s"
            .formatted(
                reference,
                model.config().tree().text("model_type"),
                String.join(", ", MixtureKind.types())));
    mixture.ifPresent(this::check);
    return mixture.filter(any -> problems.isEmpty()).map(this::plan);
  }

  private void check(StoredMixture mixture) {
    int count = mixture.experts().getValue();
    for (int expert : choice.experts()) {
      problems.addIf(
          expert >= count,
          choice.line(),
          "%s has %s experts, numbered from 0, and no expert %s"
              .formatted(reference, count, expert));
    }
    problems.addIf(
        choice.isShared() && !mixture.hasShared(),
        choice.line(),
        "%s has no shared expert".formatted(reference));
    List<String> strange = mixture.strange();
    problems.addIf(
        !strange.isEmpty(),
        reference.line(),
        "%s has %s, of which nobody knows what is an expert's; take a mixture in numbers of 16 or 32 bits"
            .formatted(reference, FirstFew.of(strange)));
    List<String> dense = mixture.layersWithoutExperts();
    problems.addIf(
        choice.isDense() && !dense.isEmpty(),
        reference.line(),
        "%s has layers without experts (%s), of another size than an expert's blocks: no dense model has both"
            .formatted(reference, FirstFew.of(dense)));
  }

  private MixturePlan plan(StoredMixture mixture) {
    Map<String, TensorSource> tensors =
        choice.isShared()
            ? mixture.shared()
            : choice.isDense()
                ? mixture.dense(choice.experts().get(0))
                : mixture.only(choice.experts());
    ConfigEdit edit = ConfigEdit.values(choice.isDense() ? dense(mixture) : fewer(mixture));
    Model view = model.with(tensors).with(ModelConfig.of(edit.apply(mixture.config())));
    String told =
        choice.isDense()
            ? "%s of %s, as a dense model: what its router and other experts did is gone"
                .formatted(
                    choice.isShared() ? "the shared expert" : "expert " + choice.experts().get(0),
                    reference)
            : "experts %s of %s, in that order, with their rows of routers"
                .formatted(choice.experts(), reference);
    return new MixturePlan(
        Map.of(reference, view), List.of(edit), Optional.empty(), Optional.empty(), List.of(told));
  }

  private Map<String, Optional<JsonValue>> fewer(StoredMixture mixture) {
    Map<String, Optional<JsonValue>> values = new LinkedHashMap<>();
    int count = choice.experts().size();
    values.put(mixture.experts().getKey(), Optional.of(JsonValue.of(count)));
    long perToken = mixture.config().whole(PER_TOKEN, 0);
    if (perToken > count) {
      values.put(PER_TOKEN, Optional.of(JsonValue.of(count)));
    }
    return values;
  }

  private Map<String, Optional<JsonValue>> dense(StoredMixture mixture) {
    JsonObject config = mixture.config();
    Map<String, Optional<JsonValue>> values = new LinkedHashMap<>();
    OF_MIXTURES.forEach(key -> values.put(key, Optional.empty()));
    String architecture = mixture.kind().denseArchitecture();
    values.put("architectures", Optional.of(JsonValue.of(List.of(JsonValue.of(architecture)))));
    values.put("model_type", Optional.of(JsonValue.of(mixture.kind().denseType())));
    String size =
        choice.isShared() && config.has("shared_expert_intermediate_size")
            ? "shared_expert_intermediate_size"
            : "moe_intermediate_size";
    config.get(size).ifPresent(width -> values.put("intermediate_size", Optional.of(width)));
    return values;
  }
}
