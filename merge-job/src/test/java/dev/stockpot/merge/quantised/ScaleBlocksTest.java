package dev.stockpot.merge.quantised;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which elements share a scale, what configurations say of that, and which names are scales. */
class ScaleBlocksTest {
  private static List<Long> longs(String text) {
    return text.isEmpty()
        ? List.of()
        : Arrays.stream(text.split(" ", -1)).map(Long::valueOf).toList();
  }

  private static Optional<List<Long>> blocks(String said, String codes, String scales) {
    Optional<List<Long>> block = said == null ? Optional.empty() : Optional.of(longs(said));
    return new ScaleBlocks(block).of(longs(codes), longs(scales));
  }

  /** What is said, the shapes of codes and scales, and the elements of a block along each axis. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "- | 256 384 | '' | 256 384",
        "- | 256 384 | 1 | 256 384",
        "- | 256 384 | 1 1 | 256 384",
        "- | 256 384 | 256 | 1 384",
        "- | 256 384 | 256 1 | 1 384",
        "- | 256 384 | 1 384 | 256 1",
        "- | 256 384 | 2 3 | 128 128",
        "128 128 | 256 384 | 2 3 | 128 128",
        "128 128 | 300 384 | 3 3 | 128 128",
        "128 128 | 100 384 | 1 3 | 100 128",
        "128 128 | 8 256 384 | 8 2 3 | 1 128 128",
        "128 128 | 8 256 384 | 8 | 1 256 384",
        "- | 8 256 384 | 8 256 | 1 1 384",
        "- | 64 512 | 64 32 | 1 16"
      })
  void areFoundByHowManyScalesThereAre(String said, String codes, String scales, String sizes) {
    assertThat(blocks(said, codes, scales)).hasValue(longs(sizes));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "- | 300 384 | 7 3",
        "- | 256 384 | 0 3",
        "128 128 | 300 384 | 2 3",
        "64 64 | 256 384 | 2 3",
        "- | 256 | 2 2",
        "- | 0 384 | 1",
        "- | '' | 1"
      })
  void scalesThatFitNoBlocksAreNotGuessed(String said, String codes, String scales) {
    assertThat(blocks(said, codes, scales)).isEmpty();
  }

  private static Quantiser quantiser(String... keysAndValues) {
    Map<String, String> config = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      config.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return new Quantiser(config);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "quantization_config.weight_block_size | [128,128] | 128 128",
        "weight_block_size | [64, 32] | 64 32",
        "quantization_config.config_groups.group_0.weights.block_structure | \"128x64\" | 128 64",
        "text_config.quantization_config.weight_block_size | [1,16] | 1 16"
      })
  void configurationsSayBlocksInTwoNumbers(String key, String value, String sizes) {
    assertThat(quantiser(key, value).block()).hasValue(longs(sizes));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[128]", "[128,128,128]", "[0,128]", "null", "", "[12345678901,1]"})
  void anythingElseIsNoBlock(String value) {
    assertThat(quantiser("quantization_config.weight_block_size", value).block()).isEmpty();
    assertThat(quantiser("quantization_config.other_block_size", "[128,128]").block()).isEmpty();
  }

  @Test
  void whatGroupsOfLayersSayAlikeCounts() {
    String group = "quantization_config.config_groups.group_%s.weights.%s";
    Quantiser alike =
        quantiser(
            group.formatted(0, "num_bits"), "4",
            group.formatted(1, "num_bits"), "4",
            group.formatted(0, "group_size"), "128",
            group.formatted(1, "group_size"), "null");
    assertThat(alike.bits()).hasValue(4L);
    assertThat(alike.groupSize()).as("null is said of no groups").hasValue(128L);
    Quantiser others =
        quantiser(group.formatted(0, "num_bits"), "4", group.formatted(1, "num_bits"), "8");
    assertThat(others.bits()).isEmpty();
    assertThat(quantiser("other.config_groups.group_0.weights.num_bits", "4").bits())
        .as("of no quantisation")
        .isEmpty();
  }

  @Test
  void zeroStandsForItselfUnlessOneSaysNo() {
    String key = "quantization_config.config_groups.group_%s.weights.symmetric";
    assertThat(quantiser().isSymmetric()).isTrue();
    assertThat(quantiser(key.formatted(0), "true").isSymmetric()).isTrue();
    assertThat(quantiser(key.formatted(0), "true", key.formatted(1), "false").isSymmetric())
        .isFalse();
  }

  @Test
  void aFormatIsThatOfAllGroups() {
    String groups = "quantization_config.config_groups.group_%s.";
    Quantiser packed =
        quantiser(
            "quantization_config.format",
            "pack-quantized",
            groups.formatted(0) + "format",
            "pack-quantized");
    assertThat(packed.isFormat("pack-quantized")).isTrue();
    assertThat(packed.isFormat("int-quantized")).isFalse();
    Quantiser mixed =
        quantiser(
            "quantization_config.format",
            "mixed-precision",
            groups.formatted(0) + "format",
            "pack-quantized");
    assertThat(mixed.isFormat("pack-quantized")).isFalse();
    assertThat(quantiser("quantization_config.format", "pack-quantized").isFormat("pack-quantized"))
        .as("without groups of layers")
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "model.q_proj.weight, model.q_proj.",
    "model.q_proj.weight.absmax, model.q_proj.",
    "model.q_proj.weight.quant_state.bitsandbytes__nf4, model.q_proj.",
    "model.q_proj.weight._data, model.q_proj.",
    "weight.absmax, ''",
    "weight, ''",
    "model.q_proj.weight.other, model.q_proj.weight."
  })
  void tensorsOfAModuleBeginAlike(String tensor, String prefix) {
    assertThat(CodeNames.prefix(tensor)).isEqualTo(prefix);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "weight_scale",
        "weight_scale_inv",
        "scales",
        "qzeros",
        "g_idx",
        "gate_up_proj_scales",
        "weight.absmax",
        "SCB",
        "zeros",
        "biases",
        "codebooks",
        "weight_zero_point",
        "weight_shape",
        "weight_scale_2",
        "input_global_scale"
      })
  void onlyCodesHaveScales(String name) {
    assertThat(CodeNames.isScale(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"weight", "bias", "logit_scale", "layer_scale", "scaled", "running_mean", "zerox"})
  void otherTensorsAreNoScales(String name) {
    assertThat(CodeNames.isScale(name)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "m.weight_scale, m.weight, true",
    "m.weight_scale_inv, m.weight, true",
    "m.input_scale, m.weight, true",
    "m.k_scale, m.weight, true",
    "m.scale, m.weight, true",
    "m.weight, m.weight, false",
    "m.bias, m.weight, false",
    "m.down_proj_scale_inv, m.down_proj, true",
    "m.up_proj_scale_inv, m.down_proj, false"
  })
  void aScaleOfFp8BelongsToItsTensorOrItsModule(String name, String code, boolean belongs) {
    assertThat(CodeNames.isFloat8Scale(name, code, "m.")).isEqualTo(belongs);
  }

  @ParameterizedTest
  @CsvSource({
    "embeddings.position_ids, true",
    "bn.num_batches_tracked, true",
    "attn.relative_position_index, true",
    "attn.mask, true",
    "q_proj.qweight, false",
    "ids_proj.weight, false"
  })
  void whatCountsOrPointsIsNoCode(String tensor, boolean isBuffer) {
    assertThat(CodeNames.isBuffer(tensor)).isEqualTo(isBuffer);
  }
}
