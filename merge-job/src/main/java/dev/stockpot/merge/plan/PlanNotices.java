package dev.stockpot.merge.plan;

import static java.util.stream.Collectors.joining;

import dev.stockpot.kernels.method.Arity;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Recipe;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a user should know of a plan though nothing is wrong. */
final class PlanNotices {
  private final Recipe recipe;
  private final List<String> notices = new ArrayList<>();

  PlanNotices(Recipe recipe) {
    this.recipe = recipe;
  }

  void add(String notice) {
    notices.add(notice);
  }

  /** Tensors that are not merged. */
  void addCopied(String reason, List<String> names) {
    add(
        "%s copied from one model, because %s: %s"
            .formatted(Gathering.tensors(names.size()), reason, Gathering.examples(names)));
  }

  void addLoss(Model donor, boolean isDequantised, boolean isFloat8Gone) {
    if ((isDequantised || isFloat8Gone) && donor.config().quantizesToFloat8()) {
      add("config.json loses its quantization_config: no tensor is FP8 any more");
    } else if (isDequantised && donor.config().isQuantised()) {
      add("config.json loses its quantization_config: no tensor is quantised any more");
    }
  }

  void addUntied(Gathering gathering) {
    if (gathering.unties()) {
      add(
          "some models share their embedding with the output head and some do not:"
              + " the shared ones count for both, and the result does not share");
    }
  }

  /** What was seen when models were opened. */
  void addRemarks(Map<ModelReference, Model> models) {
    models.forEach(
        (name, model) ->
            model
                .surroundings()
                .remarks()
                .forEach(remark -> add("%s: %s".formatted(name, remark))));
  }

  /** Tells of what lies beside the donor's weights and does not go along. */
  void addLeftBehind(Model donor) {
    Map<String, List<String>> byReason = new LinkedHashMap<>();
    donor
        .surroundings()
        .leftBehind()
        .forEach((name, why) -> byReason.computeIfAbsent(why, any -> new ArrayList<>()).add(name));
    if (!byReason.isEmpty()) {
      add(
          "left behind of %s: %s"
              .formatted(
                  recipe.donor(),
                  byReason.entrySet().stream()
                      .map(
                          reason ->
                              "%s (%s)"
                                  .formatted(
                                      Gathering.examples(reason.getValue()), reason.getKey()))
                      .collect(joining(", "))));
    }
  }

  /** Tells of a base model that the method makes no use of. */
  void addIdleBase() {
    boolean baseIsIdle =
        recipe.method().arity().base() == Arity.Base.DONOR
            && recipe.base().isPresent()
            && recipe.slices().stream().noneMatch(slice -> slice.lists(recipe.base().get()));
    if (baseIsIdle) {
      add(
          "%s does not merge the base model %s; it gives configuration and tokenizer"
              .formatted(recipe.method().name(), recipe.base().get()));
    }
  }

  List<String> all() {
    return notices;
  }
}
