package dev.stockpot.merge.safetensors;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.checkpoint.Parts;
import dev.stockpot.merge.checkpoint.Surroundings;
import dev.stockpot.merge.output.OutputLayout;
import dev.stockpot.merge.output.OutputTensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PartsLayoutTest {
  private static final OutputLayout PIPELINE =
      PartsLayout.of(
          Surroundings.UNKNOWN.withParts(
              new Parts(
                  Map.of(
                      "unet", "a.U", "vae", "a.V", "text_encoder", "b.T", "text_encoder_2", "b.T"),
                  Map.of(
                      "unet", "diffusion_pytorch_model",
                      "vae", "diffusion_pytorch_model.fp16",
                      "text_encoder", "model",
                      "text_encoder_2", "model"),
                  false)));

  @Test
  void aModelInOneFolderHasItsLibrarysLayout() {
    assertThat(PartsLayout.of(Surroundings.UNKNOWN)).isEqualTo(SafetensorsLayout.CHECKPOINT);
    assertThat(SafetensorsLayout.CHECKPOINT.folder("unet/a")).isEmpty();
    assertThat(SafetensorsLayout.CHECKPOINT.in("")).isEqualTo(SafetensorsLayout.CHECKPOINT);
  }

  @ParameterizedTest
  @CsvSource({
    "unet/conv.weight, unet/",
    "text_encoder/a, text_encoder/",
    "text_encoder_2/a, text_encoder_2/",
    "unet, ''",
    "unets/a, ''",
    "model.layers.0.weight, ''"
  })
  void tensorsLieInTheFolderThatTheirNamesBeginWith(String tensor, String folder) {
    assertThat(PIPELINE.folder(tensor)).isEqualTo(folder);
  }

  @Test
  void eachFolderHasTheNamesOfItsLibrary() {
    assertThat(PIPELINE.in("unet/").file(1, 1))
        .isEqualTo("unet/diffusion_pytorch_model.safetensors");
    assertThat(PIPELINE.in("vae/").file(2, 3))
        .isEqualTo("vae/diffusion_pytorch_model.fp16-00002-of-00003.safetensors");
    assertThat(PIPELINE.in("vae/").indexFile())
        .isEqualTo("vae/diffusion_pytorch_model.safetensors.index.fp16.json");
    assertThat(PIPELINE.in("").file(1, 1)).isEqualTo("model.safetensors");
    assertThat(PIPELINE.file(1, 1)).isEqualTo("model.safetensors");
    assertThat(PIPELINE.beside("m").file(1, 1)).isEqualTo("state/m/model.safetensors");
  }

  @Test
  void filesInAFolderHoldTheNamesThatTheirModelHas() {
    OutputLayout unet = PIPELINE.in("unet/");
    OutputTensor tensor = new OutputTensor("unet/conv.weight", DType.F32, Shape.of(2));
    OutputTensor plain = new OutputTensor("conv.weight", DType.F32, Shape.of(2));
    assertThat(unet.header(List.of(tensor)))
        .isEqualTo(SafetensorsLayout.CHECKPOINT.header(List.of(plain)));
    String index =
        UTF_8.decode(unet.index(Map.of("unet/conv.weight", "unet/x.safetensors"), 8)).toString();
    assertThat(index)
        .contains("\"conv.weight\"")
        .contains("\"x.safetensors\"")
        .doesNotContain("unet");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "unet"})
  void aFolderEndsWithASlash(String folder) {
    assertThatThrownBy(() -> new FolderLayout(folder, SafetensorsLayout.CHECKPOINT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'%s' is no folder".formatted(folder));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a/b", "..", "a b"})
  void stateHasAPlainName(String name) {
    assertThatThrownBy(() -> FolderLayout.ofState(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'%s' is no name of a folder; use letters, digits and _".formatted(name));
  }
}
