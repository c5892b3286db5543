package dev.stockpot.merge.mixture;

import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.FirstFew;
import dev.stockpot.merge.json.JsonStyle;
import dev.stockpot.merge.json.JsonValue;
import dev.stockpot.merge.json.JsonWriter;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.recipe.MixtureChoice.Expert;
import dev.stockpot.merge.recipe.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether dense models fit each other, so that one's blocks can stand in another's layers. */
final class FittingModels {
  /** What must be equal: the stream that blocks read and write, and what they do to it. */
  private static final List<String> EQUAL =
      List.of(
          "model_type",
          "hidden_size",
          "intermediate_size",
          "num_hidden_layers",
          "num_attention_heads",
          "num_key_value_heads",
          "hidden_act");

  /** What may differ, though its author should know. */
  private static final List<String> TOLD =
      List.of("vocab_size", "rope_theta", "rms_norm_eps", "rope_scaling");

  /** Without the key there is none; others have a value all the same. */
  private static final String SCALING = "rope_scaling";

  private static final String NOT_GIVEN = "none";

  private final DenseModel base;
  private final Problems problems;
  private final List<String> notices;

  FittingModels(DenseModel base, Problems problems, List<String> notices) {
    this.base = base;
    this.problems = problems;
    this.notices = notices;
  }

  /** Checks one expert. */
  void check(Expert expert, DenseModel model) {
    for (String key : EQUAL) {
      String ours = value(base, key);
      String theirs = value(model, key);
      problems.addIf(
          isGiven(ours) && isGiven(theirs) && !ours.equals(theirs),
          expert.line(),
          "%s has %s %s, and the base %s has %s; experts of a mixture are fine-tunes of one model, or at least built like one"
              .formatted(model.name(), key, theirs, base.name(), ours));
    }
    for (String key : TOLD) {
      String ours = value(base, key);
      String theirs = value(model, key);
      boolean areGiven = isGiven(ours) && isGiven(theirs);
      if (!ours.equals(theirs) && (areGiven || key.equals(SCALING))) {
        notices.add(
            "%s has %s %s, and the base %s has %s, which counts: the expert was trained otherwise"
                .formatted(model.name(), key, theirs, base.name(), ours));
      }
    }
    List<String> strange = model.strangeProjections();
    problems.addIf(
        !strange.isEmpty(),
        expert.line(),
        "%s has %s in its feed-forward blocks, for which a mixture has no place; take a dense model in numbers of 16 or 32 bits; of one in FP8 a stage makes one: `merge_method: linear` of that model, with `dtype: bfloat16`"
            .formatted(model.name(), FirstFew.of(strange)));
    checkShapes(expert, model);
  }

  private void checkShapes(Expert expert, DenseModel model) {
    List<String> wrong = new ArrayList<>();
    if (model.layers() != base.layers()) {
      wrong.add("it has %s layers, and the base has %s".formatted(model.layers(), base.layers()));
    }
    for (int layer = 0; layer < base.layers(); layer++) {
      for (int projection = 0; projection < MixtureKind.DENSE.size(); projection++) {
        Optional<Shape> expected = base.projection(layer, projection).map(TensorSource::shape);
        Optional<TensorSource> found = model.projection(layer, projection);
        String name = DenseModel.projectionName(layer, projection);
        if (found.isEmpty()) {
          wrong.add("%s is missing".formatted(name));
        } else if (!found.get().dtype().isReadable()) {
          wrong.add("%s is %s, no numbers".formatted(name, found.get().dtype()));
        } else if (expected.isPresent() && !expected.get().equals(found.get().shape())) {
          wrong.add(
              "%s is %s, and the base's is %s"
                  .formatted(name, found.get().shape(), expected.get()));
        }
      }
    }
    problems.addIf(
        !wrong.isEmpty(),
        expert.line(),
        "%s does not fit the base %s: %s; take models of one size, under the names of Llama's tensors"
            .formatted(model.name(), base.name(), FirstFew.of(wrong)));
  }

  private static boolean isGiven(String value) {
    return !value.equals(NOT_GIVEN);
  }

  private static String value(DenseModel model, String key) {
    Map<String, JsonValue> fields = model.config().fields();
    JsonValue value = fields.getOrDefault(key, JsonValue.nothing());
    if (value.equals(JsonValue.nothing())) {
      return NOT_GIVEN;
    }
    return value.number().isPresent()
        ? String.valueOf(value.number().getAsDouble()).replaceAll("\\.0$", "")
        : JsonWriter.text(JsonStyle.COMPACT, value);
  }
}
