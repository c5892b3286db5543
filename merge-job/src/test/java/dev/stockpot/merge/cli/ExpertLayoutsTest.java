package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Models that have experts or projections each by itself, and models that have them in one tensor:
 * as transformers 4 and 5 save mixtures of experts, and as Phi-3 is beside a Llama made of it.
 */
class ExpertLayoutsTest {
  private static final String EXPERTS = "model.layers.0.mlp.experts.";
  private static final String LAYER = "model.layers.0.";
  private static final int WIDTH = 4;
  private static final int INNER = 3;

  @TempDir private Path folder;
  private Situation here;

  @BeforeEach
  void writeModels() throws IOException {
    here = new Situation(folder);
    single("single", 0);
    single("other", 1000);
    mixture("fused")
        .matrix(EXPERTS + "gate_up_proj", counted(2000, 2 * 2 * INNER * WIDTH), 2, 6, WIDTH)
        .matrix(EXPERTS + "down_proj", counted(3000, 2 * WIDTH * INNER), 2, WIDTH, INNER)
        .write();
  }

  /** Gate, up and down of two experts, each a hundred from the one before. */
  private void single(String name, int from) throws IOException {
    ModelFolder model = mixture(name);
    for (int expert = 0; expert < 2; expert++) {
      String prefix = EXPERTS + expert;
      int first = from + 300 * expert;
      model
          .matrix(prefix + ".gate_proj.weight", counted(first, 12), INNER, WIDTH)
          .matrix(prefix + ".up_proj.weight", counted(first + 100, 12), INNER, WIDTH)
          .matrix(prefix + ".down_proj.weight", counted(first + 200, 12), WIDTH, INNER);
    }
    model.write();
  }

  private ModelFolder mixture(String name) throws IOException {
    return here.model(name)
        .file(
            "config.json",
            "{\"model_type\": \"qwen3_moe\", \"num_hidden_layers\": 1, \"num_experts\": 2}")
        .filled("model.embed_tokens.weight", 1, 5, WIDTH);
  }

  private static float[] counted(int from, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = from + i;
    }
    return values;
  }

  private double[] values(String tensor) throws IOException {
    return new Tensors(here.out()).values(tensor);
  }

  private Set<String> names() throws IOException {
    return new Tensors(here.out()).checkpoint().tensors().keySet();
  }

  private static double[] halves(double one, double other, int count) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = (one + other) / 2 + i;
    }
    return values;
  }

  @Test
  void takesExpertsOutOfOneTensorWhereTheFirstModelHasThemSingly() throws IOException {
    here.merge(Situation.half("single", "fused")).succeeds();

    assertThat(names()).hasSize(7).contains(EXPERTS + "1.up_proj.weight");
    // of [2, 6, 4]: an expert has 24 elements, the upper 12 are its gate
    assertThat(values(EXPERTS + "0.gate_proj.weight")).containsExactly(halves(0, 2000, 12));
    assertThat(values(EXPERTS + "0.up_proj.weight")).containsExactly(halves(100, 2012, 12));
    assertThat(values(EXPERTS + "1.gate_proj.weight")).containsExactly(halves(300, 2024, 12));
    assertThat(values(EXPERTS + "1.up_proj.weight")).containsExactly(halves(400, 2036, 12));
    assertThat(values(EXPERTS + "0.down_proj.weight")).containsExactly(halves(200, 3000, 12));
    assertThat(values(EXPERTS + "1.down_proj.weight")).containsExactly(halves(500, 3012, 12));
  }

  @Test
  void joinsExpertsWhereTheFirstModelHasThemInOneTensor() throws IOException {
    here.merge(Situation.half("fused", "single")).succeeds();

    assertThat(names())
        .containsExactly(
            "model.embed_tokens.weight", EXPERTS + "down_proj", EXPERTS + "gate_up_proj");
    double[] merged = values(EXPERTS + "gate_up_proj");
    assertThat(merged).hasSize(48).startsWith(halves(2000, 0, 12)).endsWith(halves(2036, 400, 12));
    assertThat(merged).containsSequence(halves(2012, 100, 12));
    assertThat(merged).containsSequence(halves(2024, 300, 12));
    assertThat(values(EXPERTS + "down_proj"))
        .startsWith(halves(3000, 200, 12))
        .endsWith(halves(3012, 500, 12));
  }

  @Test
  void tellsItBeforeAndAfter() throws IOException {
    String notice =
        "has experts in one tensor (%sdown_proj), ".formatted(EXPERTS)
            + "single has each in its own (%s0.down_proj.weight): those of ".formatted(EXPERTS);

    assertThat(here.plan(Situation.half("single", "fused")).succeeds().out()).contains(notice);
    assertThat(here.merge(Situation.half("single", "fused")).succeeds().err()).contains(notice);
  }

  /** A base counts as any other model, and a tensor of one model alone is taken as it is. */
  @ParameterizedTest
  @ValueSource(strings = {"single", "fused"})
  void takesOneModelsExpertsAsTheyAre(String only) throws IOException {
    here.merge(
            """
            merge_method: linear
            base_model: single
            models:
            - {model: single, parameters: {weight: %s}}
            - {model: fused, parameters: {weight: %s}}
            """
                .formatted(only.equals("single") ? 1 : 0, only.equals("fused") ? 1 : 0))
        .succeeds();

    double first = only.equals("single") ? 400 : 2036;
    assertThat(values(EXPERTS + "1.up_proj.weight")).containsExactly(halves(first, first, 12));
  }

  @Test
  void stacksLayersOfBothLayouts() throws IOException {
    here.merge(
            """
            merge_method: passthrough
            slices:
            - sources: [{model: single, layer_range: [0, 1]}]
            - sources: [{model: fused, layer_range: [0, 1]}]
            """)
        .succeeds();

    assertThat(values("model.layers.0.mlp.experts.1.up_proj.weight"))
        .containsExactly(halves(400, 400, 12));
    assertThat(values("model.layers.1.mlp.experts.1.up_proj.weight"))
        .containsExactly(halves(2036, 2036, 12));
  }

  @Test
  void mergesByMethodsThatLookAtWholeTensors() throws IOException {
    here.merge(
            """
            merge_method: ties
            base_model: other
            models:
            - {model: single, parameters: {weight: 1, density: 1}}
            - {model: fused, parameters: {weight: 0, density: 0.5}}
            """)
        .succeeds();

    assertThat(values(EXPERTS + "1.down_proj.weight")).containsExactly(halves(500, 500, 12));
  }

  @ParameterizedTest
  @ValueSource(strings = {"fail", "copy"})
  void refusesExpertsThatAreTurnedWhateverIsCopied(String missing) throws IOException {
    mixture("turned") // as gpt-oss: inputs first
        .filled(EXPERTS + "gate_up_proj", 1, 2, WIDTH, 2 * INNER)
        .filled(EXPERTS + "down_proj", 1, 2, INNER, WIDTH)
        .write();
    here.assertRefused(
        2,
        Situation.half("single", "turned"),
        "recipe.yml:4: turned has experts in one tensor (%sdown_proj), single has each in its own"
                .formatted(EXPERTS)
            + " (%s0.down_proj.weight). Load both with one version of the library that made them,"
                .formatted(EXPERTS)
            + " and save them again",
        "--set",
        "missing-tensors=" + missing);
  }

  @Test
  void modelsOfOneLayoutMergeInIt() throws IOException {
    here.merge(Situation.half("single", "other")).succeeds();

    assertThat(values(EXPERTS + "1.down_proj.weight")).containsExactly(halves(500, 1500, 12));
    here.merge(Situation.half("fused", "fused")).succeeds();
    assertThat(names())
        .containsExactly(
            "model.embed_tokens.weight", EXPERTS + "down_proj", EXPERTS + "gate_up_proj");
  }

  private ModelFolder dense(String name, String type) throws IOException {
    return here.model(name)
        .file(
            "config.json",
            "{\"model_type\": \"%s\", \"num_hidden_layers\": 1, \"hidden_size\": 4}"
                .formatted(type))
        .filled("model.embed_tokens.weight", 1, 5, WIDTH);
  }

  /** Four rows of queries, two of keys, two of values. */
  private void writeDense() throws IOException {
    dense("llama", "llama")
        .matrix(LAYER + "self_attn.q_proj.weight", counted(0, 16), 4, WIDTH)
        .matrix(LAYER + "self_attn.k_proj.weight", counted(100, 8), 2, WIDTH)
        .matrix(LAYER + "self_attn.v_proj.weight", counted(200, 8), 2, WIDTH)
        .matrix(LAYER + "mlp.gate_proj.weight", counted(300, 12), INNER, WIDTH)
        .matrix(LAYER + "mlp.up_proj.weight", counted(400, 12), INNER, WIDTH)
        .write();
    dense("phi", "phi3")
        .matrix(LAYER + "self_attn.qkv_proj.weight", counted(1000, 32), 8, WIDTH)
        .matrix(LAYER + "mlp.gate_up_proj.weight", counted(2000, 24), 2 * INNER, WIDTH)
        .write();
  }

  @Test
  void cutsTheProjectionsOfPhiForALlamaMadeOfIt() throws IOException {
    writeDense();
    here.merge(Situation.half("llama", "phi")).succeeds();

    assertThat(names()).hasSize(6);
    assertThat(values(LAYER + "self_attn.q_proj.weight")).containsExactly(halves(0, 1000, 16));
    assertThat(values(LAYER + "self_attn.k_proj.weight")).containsExactly(halves(100, 1016, 8));
    assertThat(values(LAYER + "self_attn.v_proj.weight")).containsExactly(halves(200, 1024, 8));
    assertThat(values(LAYER + "mlp.gate_proj.weight")).containsExactly(halves(300, 2000, 12));
    assertThat(values(LAYER + "mlp.up_proj.weight")).containsExactly(halves(400, 2012, 12));
  }

  @Test
  void joinsTheProjectionsOfALlamaForPhi() throws IOException {
    writeDense();
    String told = here.merge(Situation.half("phi", "llama")).succeeds().err();

    assertThat(told)
        .contains(
            "phi has queries, keys and values in one tensor", "phi has gate and up projections");
    assertThat(names()).hasSize(3);
    assertThat(values(LAYER + "self_attn.qkv_proj.weight"))
        .startsWith(halves(1000, 0, 16))
        .endsWith(halves(1024, 200, 8))
        .containsSequence(halves(1016, 100, 8));
    assertThat(values(LAYER + "mlp.gate_up_proj.weight"))
        .startsWith(halves(2000, 300, 12))
        .endsWith(halves(2012, 400, 12));
  }

  @Test
  void guessesNoOrderOfRowsInOtherFamilies() throws IOException {
    writeDense();
    dense("unknown", "llama")
        .filled(LAYER + "self_attn.qkv_proj.weight", 1, 8, WIDTH)
        .filled(LAYER + "mlp.gate_up_proj.weight", 1, 2 * INNER, WIDTH)
        .write();
    assertThat(here.plan(Situation.half("llama", "unknown")).err())
        .contains(
            "unknown has queries, keys and values in one tensor (%sself_attn.qkv_proj.weight), llama"
                    .formatted(LAYER)
                + " has each in its own");
  }
}
