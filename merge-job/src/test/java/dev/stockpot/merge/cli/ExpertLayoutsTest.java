package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One model as transformers 4 saves its experts, each by itself, and one as transformers 5 does.
 */
class ExpertLayoutsTest {
  private static final String EXPERTS = "model.layers.0.mlp.experts.";

  @TempDir private Path folder;
  private Situation here;

  @BeforeEach
  void writeModels() throws IOException {
    here = new Situation(folder);
    for (String name : new String[] {"single", "other"}) {
      ModelFolder model = model(name);
      for (int expert = 0; expert < 2; expert++) {
        for (String part : new String[] {"gate", "up"}) {
          model.filled("%s%s.%s_proj.weight".formatted(EXPERTS, expert, part), expert, 4, 8);
        }
        model.filled("%s%s.down_proj.weight".formatted(EXPERTS, expert), expert, 8, 4);
      }
      model.write();
    }
    model("fused")
        .filled(EXPERTS + "gate_up_proj", 3, 2, 8, 8)
        .filled(EXPERTS + "down_proj", 3, 2, 8, 4)
        .write();
  }

  private ModelFolder model(String name) throws IOException {
    return here.model(name)
        .file(
            "config.json",
            "{\"model_type\": \"qwen3_moe\", \"num_hidden_layers\": 1, \"num_experts\": 2}")
        .filled("model.embed_tokens.weight", 1, 4, 8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fail", "copy"})
  void bothInOneOutputAreRefusedByNameWhateverIsCopied(String missing) throws IOException {
    here.assertRefused(
        2,
        Situation.half("single", "fused"),
        "recipe.yml:4: fused has experts in one tensor (%sdown_proj), single has each in its own"
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

    assertThat(here.first(EXPERTS + "1.down_proj.weight")).isEqualTo(1);
    here.merge(Situation.half("fused", "fused")).succeeds();
    assertThat(new Tensors(here.out()).checkpoint().tensors().keySet())
        .containsExactly(
            "model.embed_tokens.weight", EXPERTS + "down_proj", EXPERTS + "gate_up_proj");
  }
}
