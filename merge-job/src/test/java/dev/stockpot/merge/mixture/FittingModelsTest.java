package dev.stockpot.merge.mixture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.plan.ModelHeaders;
import dev.stockpot.merge.recipe.MixtureChoice.Expert;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Problems;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Experts are built like the base; what may differ all the same is told. */
class FittingModelsTest {
  private final Problems problems = new Problems("recipe.yml");
  private final List<String> notices = new ArrayList<>();

  private static ModelHeaders dense(String name, String config, int layers) {
    ModelHeaders model = ModelHeaders.named(name).config("{%s}".formatted(config));
    for (int layer = 0; layer < layers; layer++) {
      String prefix = "model.layers.%s.mlp.".formatted(layer);
      model.tensor(prefix + "gate_proj.weight", 6, 4).tensor(prefix + "up_proj.weight", 6, 4);
      model.tensor(prefix + "down_proj.weight", 4, 6);
    }
    return model;
  }

  private void check(ModelHeaders base, ModelHeaders expert) {
    new FittingModels(new DenseModel("base", base.open()), problems, notices)
        .check(
            new Expert(new ModelReference("e", 3), List.of(), List.of(), 0, 1, 3),
            new DenseModel("e", expert.open()));
  }

  private void check(String base, String expert) {
    check(dense("base", base, 1), dense("e", expert, 1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"hidden_size\": 4 | \"hidden_size\": 8 | hidden_size 8 | 4",
        "\"model_type\": \"llama\" | \"model_type\": \"qwen3\" | model_type \"qwen3\" | \"llama\"",
        "\"hidden_act\": \"silu\" | \"hidden_act\": \"gelu\" | hidden_act \"gelu\" | \"silu\""
      })
  void whatBlocksReadAndWriteMustBeEqual(String ours, String theirs, String has, String base) {
    check(ours, theirs);
    assertThat(problems.sorted())
        .containsExactly(
            "recipe.yml:3: e has %s, and the base base has %s; experts of a mixture are fine-tunes of one model, or at least built like one"
                .formatted(has, base));
    assertThat(notices).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"rope_theta\": 10000.0 | \"rope_theta\": 500000 | rope_theta 500000 | 10000",
        "\"rms_norm_eps\": 1e-5 | \"rms_norm_eps\": 1e-6 | rms_norm_eps 1.0E-6 | 1.0E-5",
        "\"a\": 1 | \"rope_scaling\": {\"type\": \"yarn\"} | rope_scaling {\"type\":\"yarn\"} |"
            + " none",
        "\"rope_scaling\": 2 | \"rope_scaling\": null | rope_scaling none | 2"
      })
  void whatMayDifferIsTold(String ours, String theirs, String has, String base) {
    check(ours, theirs);
    assertThat(problems.sorted()).isEmpty();
    assertThat(notices)
        .containsExactly(
            "e has %s, and the base base has %s, which counts: the expert was trained otherwise"
                .formatted(has, base));
  }

  /** A key that one leaves out has its default there, which may be what the other says. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"rope_theta\": 10000.0 | \"rope_theta\": 10000",
        "\"rope_theta\": 10000 | \"a\": 1",
        "\"num_key_value_heads\": 2 | \"num_key_value_heads\": null",
        "\"vocab_size\": 4, \"a\": 2 | \"vocab_size\": 4, \"a\": 3"
      })
  void whatIsEqualOrUnsaidIsNotTold(String ours, String theirs) {
    check(ours, theirs);
    check(theirs, ours);
    assertThat(problems.sorted()).isEmpty();
    assertThat(notices).isEmpty();
  }

  @Test
  void blocksOfOtherShapesAreNamedTogether() {
    String gate = "model.layers.0.mlp.gate_proj.weight";
    String up = "model.layers.0.mlp.up_proj.weight";
    String down = "model.layers.0.mlp.down_proj.weight";
    check(
        dense("base", "", 1),
        dense("e", "", 2)
            .without(gate)
            .without(up)
            .tensor(up, DType.I8, 6, 4)
            .without(down)
            .tensor(down, 4, 7));
    assertThat(problems.sorted())
        .containsExactly(
            "recipe.yml:3: e does not fit the base base: it has 2 layers, and the base has 1, %s is missing, %s is I8, no numbers, %s is [4, 7], and the base's is [4, 6]; take models of one size, under the names of Llama's tensors"
                .formatted(gate, up, down));
  }

  @Test
  void blocksWithMoreThanProjectionsAreRefused() {
    String scale = "model.layers.0.mlp.gate_proj.weight_scale";
    check(dense("base", "", 1), dense("e", "", 1).tensor(scale, 1).tensor("lm_head.mlp.x", 1));
    assertThat(problems.sorted())
        .singleElement()
        .asString()
        .startsWith(
            "recipe.yml:3: e has %s in its feed-forward blocks, for which a mixture has no place; "
                .formatted(scale));
  }
}
