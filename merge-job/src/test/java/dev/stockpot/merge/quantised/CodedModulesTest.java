package dev.stockpot.merge.quantised;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.plan.ModelHeaders;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Recognises each way of storing codes by the tensors that its quantiser writes. */
class CodedModulesTest {
  private static ModelHeaders linear() {
    return ModelHeaders.named("m").tensor("l.0.norm.weight", 16).tensor("l.0.q_proj.bias", 16);
  }

  private static ModelHeaders gptq() {
    return linear()
        .tensor("l.0.q_proj.qweight", DType.I32, 2, 16)
        .tensor("l.0.q_proj.qzeros", DType.I32, 1, 2)
        .tensor("l.0.q_proj.scales", DType.F16, 1, 16)
        .tensor("l.0.q_proj.g_idx", DType.I32, 16);
  }

  private static ModelHeaders awq() {
    return linear()
        .tensor("l.0.q_proj.qweight", DType.I32, 16, 2)
        .tensor("l.0.q_proj.qzeros", DType.I32, 1, 2)
        .tensor("l.0.q_proj.scales", DType.F16, 1, 16);
  }

  private static ModelHeaders packed(DType codes, DType scale, String... more) {
    ModelHeaders model =
        linear()
            .tensor("l.0.q_proj.weight_packed", codes, 16, 2)
            .tensor("l.0.q_proj.weight_scale", scale, 16, 1);
    for (String name : more) {
      model.tensor("l.0.q_proj." + name, DType.F32, 1);
    }
    return model;
  }

  private static ModelHeaders weight(DType codes, Object... companions) {
    ModelHeaders model = linear().tensor("l.0.q_proj.weight", codes, 16, 8);
    for (int i = 0; i < companions.length; i += 2) {
      model.tensor("l.0.q_proj." + companions[i], (DType) companions[i + 1], 16);
    }
    return model;
  }

  static Stream<Arguments> quantised() {
    return Stream.of(
        Arguments.of(gptq(), "", Coding.GPTQ, 4),
        Arguments.of(gptq(), "gptq", Coding.GPTQ, 4),
        Arguments.of(awq(), "", Coding.AWQ, 3),
        Arguments.of(gptq(), "awq", Coding.AWQ, 4),
        Arguments.of(
            linear()
                .tensor("l.0.q_proj.W_q", DType.U8, 8, 8)
                .tensor("l.0.q_proj.scale", DType.F16, 8, 1)
                .tensor("l.0.q_proj.zero", DType.F16, 8, 1),
            "",
            Coding.HQQ,
            3),
        Arguments.of(
            weight(
                DType.U8,
                "weight.absmax",
                DType.U8,
                "weight.quant_map",
                DType.F32,
                "weight.nested_absmax",
                DType.F32,
                "weight.nested_quant_map",
                DType.F32,
                "weight.quant_state.bitsandbytes__nf4",
                DType.U8),
            "",
            Coding.BITSANDBYTES_4,
            6),
        Arguments.of(
            weight(DType.I8, "SCB", DType.F32, "weight_format", DType.U8),
            "",
            Coding.BITSANDBYTES_8,
            3),
        Arguments.of(
            packed(DType.I32, DType.BF16, "weight_shape"), "", Coding.COMPRESSED_TENSORS, 3),
        Arguments.of(
            packed(DType.U8, DType.F8_E4M3, "weight_global_scale", "input_global_scale"),
            "",
            Coding.COMPRESSED_TENSORS,
            4),
        Arguments.of(weight(DType.I8, "weight_scale", DType.F32), "", Coding.COMPRESSED_TENSORS, 2),
        Arguments.of(
            weight(
                DType.U8,
                "weight_scale",
                DType.F8_E4M3,
                "weight_scale_2",
                DType.F32,
                "input_scale",
                DType.F32),
            "",
            Coding.NVFP4,
            4),
        Arguments.of(
            linear()
                .tensor("l.0.q_proj._weight_qdata", DType.I8, 16, 8)
                .tensor("l.0.q_proj._weight_scale", DType.F32, 16),
            "",
            Coding.TORCHAO,
            2),
        Arguments.of(
            linear()
                .tensor("l.0.q_proj.weight._data", DType.I8, 16, 8)
                .tensor("l.0.q_proj.weight._scale", DType.F32, 16),
            "",
            Coding.QUANTO,
            2),
        Arguments.of(
            weight(DType.U32, "scales", DType.F16, "biases", DType.F16), "", Coding.MLX, 3),
        Arguments.of(weight(DType.U8), "gguf", Coding.GGUF, 1),
        Arguments.of(
            linear()
                .tensor("l.0.q_proj.codes", DType.I16, 8, 8)
                .tensor("l.0.q_proj.codebooks", DType.F16, 8, 8),
            "",
            Coding.AQLM,
            2),
        Arguments.of(weight(DType.I8, "weight_scales", DType.F16), "", Coding.EETQ, 2),
        Arguments.of(weight(DType.U8, "weight_scale", DType.BF16), "bitnet", Coding.BITNET, 2),
        Arguments.of(
            linear().tensor("l.0.q_proj.indices", DType.I16, 1, 8, 8), "vptq", Coding.VPTQ, 1),
        Arguments.of(
            linear().tensor("l.0.q_proj.dense_weights", DType.I64, 16, 8), "spqr", Coding.SPQR, 1),
        Arguments.of(weight(DType.I16, "scales", DType.F16), "higgs", Coding.HIGGS, 2),
        Arguments.of(
            weight(DType.F8_E4M3, "weight_scale_inv", DType.F32), "fp8", Coding.FLOAT8, 2));
  }

  @ParameterizedTest
  @MethodSource("quantised")
  void findsCodesAndAllThatBelongsToThem(
      ModelHeaders model, String method, Coding coding, int tensors) {
    CodedModules found = find(model, method);
    assertThat(found.all())
        .singleElement()
        .satisfies(
            module -> {
              assertThat(module.prefix()).isEqualTo("l.0.q_proj.");
              assertThat(module.coding()).isEqualTo(coding);
              assertThat(module.tensors()).hasSize(tensors).doesNotContain("l.0.q_proj.bias");
            });
    assertThat(found.of("l.0.norm.weight")).isEmpty();
    assertThat(found.around("l.0.q_proj.weight")).isPresent();
    assertThat(found.around("l.0.q_proj.bias")).isEmpty();
  }

  /** Quantisers say what they did in various places, some of them in files of their own. */
  @ParameterizedTest
  @CsvSource({
    "quantization_config.quant_method, hqq, HQQ",
    "text_config.quantization_config.quant_method, torchao, TORCHAO",
    "compression_config.quant_method, compressed-tensors, COMPRESSED_TENSORS",
    "quantization_config.quant_algo, NVFP4, NVFP4",
    "quantization_config.quantization.quant_algo, NVFP4, NVFP4",
    "hf_quant_config.quantization.quant_algo, NVFP4, NVFP4",
    "hf_quant_config.quantization.quant_algo, W4A16_AWQ, OTHER",
    "hf_quant_config.quantization.quant_algo, FP8_PB_WO, OTHER",
    "quantize_config.bits, 4, GPTQ",
    "quant_config.w_bit, 4, AWQ",
    "quantization.bits, 4, MLX",
  })
  void readsWhichQuantiserItWas(String key, String value, Coding coding) {
    ModelHeaders codes =
        linear()
            .tensor("l.0.q_proj.weight", DType.U8, 16, 8)
            .tensor("l.0.q_proj.scales", DType.F32, 16);
    CodedModules found = CodedModules.of(Map.of(key, value), codes.open().tensors());
    assertThat(found.all()).singleElement().extracting(CodedModule::coding).isEqualTo(coding);
  }

  @Test
  void keepsTheExpertsOfALayerTogether() {
    ModelHeaders model = ModelHeaders.named("m");
    for (String name : new String[] {"gate_up_proj", "down_proj"}) {
      model
          .tensor("mlp.experts." + name + "_blocks", DType.U8, 2, 8, 2, 16)
          .tensor("mlp.experts." + name + "_scales", DType.U8, 2, 8, 2)
          .tensor("mlp.experts." + name + "_bias", 2, 8);
    }
    assertThat(find(model, "mxfp4").all())
        .singleElement()
        .satisfies(
            module -> {
              assertThat(module.coding()).isEqualTo(Coding.MXFP4);
              assertThat(module.tensors()).hasSize(4).noneMatch(name -> name.endsWith("_bias"));
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"position_ids", "num_batches_tracked", "relative_position_index"})
  void takesNoBufferForCodes(String buffer) {
    ModelHeaders model =
        ModelHeaders.named("m")
            .tensor("attn." + buffer, DType.I64, 1, 512)
            .tensor("attn.logit_scale", DType.F32, 4);
    assertThat(find(model, "").all()).isEmpty();
    assertThat(find(model, "gptq").all()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"U8", "I8"})
  void takesWeightsOfBytesForCodesThoughNothingSaysSo(DType bytes) {
    assertThat(find(weight(bytes), "").all()).hasSize(1);
  }

  @Test
  void findsCodesWhoseTablesLieInAModuleOfTheirOwn() {
    ModelHeaders model =
        linear()
            .tensor("l.0.q_proj.indices", DType.U16, 1, 8, 8)
            .tensor("l.0.q_proj.centroids.weight", DType.F16, 1, 16);
    assertThat(find(model, "vptq").of("l.0.q_proj.indices")).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"token_type_ids", "causal_mask", "relative_position_index"})
  void takesNoBufferForCodesThoughTheModelHasSome(String buffer) {
    ModelHeaders model = gptq().tensor("l.0.attn." + buffer, DType.I32, 8, 8);
    assertThat(find(model, "gptq").all()).singleElement().returns(4, m -> m.tensors().size());
  }

  @Test
  void takesFloatsOfEightBitsWithoutScalesForNumbers() {
    assertThat(find(weight(DType.F8_E4M3), "").all()).isEmpty();
  }

  @Test
  void takesIntegersWithoutScalesForWhatTheyAre() {
    assertThat(find(weight(DType.I32), "").all()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Coding.class)
  void namesWhoMakesNumbersOfThem(Coding coding) {
    assertThat(coding.dequantiser()).isNotBlank();
    assertThat(coding.toString()).isNotBlank();
  }

  private static CodedModules find(ModelHeaders model, String method) {
    Map<String, ? extends TensorSource> tensors = model.open().tensors();
    return CodedModules.of(
        method.isEmpty() ? Map.of() : Map.of("quantization_config.quant_method", method), tensors);
  }
}
