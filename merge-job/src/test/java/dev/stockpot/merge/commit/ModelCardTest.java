package dev.stockpot.merge.commit;

import static dev.stockpot.kernels.random.Rounding.Mode.NEAREST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.output.CardFacts;
import dev.stockpot.merge.output.Companion;
import dev.stockpot.merge.output.MatrixFindings;
import dev.stockpot.merge.output.OutputFolder;
import dev.stockpot.merge.output.RankCut;
import dev.stockpot.merge.plan.ModelHeaders;
import dev.stockpot.merge.safetensors.SafetensorsLayout;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The README.md of an output names what it was made of as people know it. */
class ModelCardTest {
  private static final OutputFolder CHECKPOINT =
      new OutputFolder(
          SafetensorsLayout.CHECKPOINT, List.of(), List.of(), CardFacts.NONE, Map.of());
  private static final OutputFolder ADAPTER =
      OutputFolder.ofAdapter(
          SafetensorsLayout.CHECKPOINT,
          new Companion.Made("adapter_config.json", ByteBuffer.allocate(0)),
          CardFacts.NONE);

  private static MergeFacts facts(String recipe) {
    return new MergeFacts(recipe, "ties", 7, NEAREST, Map.of());
  }

  private static String card(MergeFacts facts, OutputFolder output, String... models) {
    List<Model> inputs = Stream.of(models).map(name -> ModelHeaders.named(name).open()).toList();
    return ModelCard.of(facts, inputs, output);
  }

  @Test
  void tellsWhatWasMadeOfWhatAndHow() {
    assertThat(card(facts("a: 1\n\nb:\n  - 2\n"), CHECKPOINT, "/models/one", "two"))
        .isEqualTo(
            CardFacts.NONE.frontMatter(false)
                + """

                # Merged model

                Made by Stockpot with the method `ties` of:

                - `one`
                - `two`

                The recipe:

                    a: 1
                   \s
                    b:
                      - 2

                Inputs, parameters, seed and a checksum of every tensor are in\
                 `stockpot-manifest.json`; `stockpot verify` checks them.
                """);
  }

  @ParameterizedTest
  @CsvSource({
    "/models/one, `one`",
    "s3://bucket/team/one, `one`",
    "/models/base+/loras/one, `base+one`",
    "hf://org/one@0a1b2c, [`org/one`](https://huggingface.co/org/one) at `0a1b2c`",
    "hf://org/one@0a1b2c/unet/a, [`org/one`](https://huggingface.co/org/one) at `0a1b2c` in"
        + " `/unet/a`",
    "hf://org/one@main, `one@main`"
  })
  void modelsAreCalledAsTheirPlaceCallsThem(String place, String called) {
    assertThat(card(facts("r"), CHECKPOINT, place)).contains("\n- " + called + "\n");
  }

  @Test
  void anAdapterIsCalledOneAndHasATableOfItsModules() {
    Map<String, RankCut> cuts =
        Map.of(
            "layers.10.q", new RankCut(16, 2, 0.03125, 1.25),
            "layers.9.q", new RankCut(8, 2, 0, 12));
    MergeFacts found = facts("r").knowing(new MatrixFindings(cuts, Map.of()));
    assertThat(card(found, ADAPTER, "a"))
        .startsWith(CardFacts.NONE.frontMatter(true) + "\n# LoRA adapter\n\n")
        .contains(
            """

            What the adapter leaves out of the change of each module, in units of its length:

            | module | rank | error | stable rank |
            | --- | --- | --- | --- |
            | `layers.9.q` | 8 | 0.0000 | 12.00 |
            | `layers.10.q` | 16 | 0.0313 | 1.25 |

            Inputs, parameters\
            """);
    assertThat(card(facts("r"), ADAPTER, "a")).doesNotContain("| module |");
  }

  @Test
  void keysInARecipeAreNotShown() {
    assertThat(card(facts("token: x\npassword: correct-horse\n"), CHECKPOINT, "a"))
        .contains("    password: ***\n")
        .doesNotContain("correct-horse");
  }
}
