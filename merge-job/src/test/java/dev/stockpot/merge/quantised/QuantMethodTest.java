package dev.stockpot.merge.quantised;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Quantisers say in many places who they are. */
class QuantMethodTest {
  @ParameterizedTest
  @CsvSource({
    "quantization_config.quant_method, GPTQ, gptq",
    "text_config.quantization_config.quant_method, awq, awq",
    "compression_config.quant_method, compressed-tensors, compressed-tensors",
    "quantization_config.quant_algo, NVFP4, nvfp4",
    "quantization.quant_algo, FP8, fp8",
    "hf_quant_config.quantization.quant_algo, NVFP4_AWQ, nvfp4_awq",
    "quantization.bits, 4, mlx",
    "quantize_config.bits, 4, gptq",
    "quant_config.w_bit, 4, awq",
    "quant_config.bits, 4, awq"
  })
  void itsWordIsFoundWhereverItIs(String key, String value, String word) {
    assertThat(QuantMethod.of(Map.of(key, value, "hidden_size", "8")).word()).isEqualTo(word);
  }

  @ParameterizedTest
  @CsvSource({
    "my_quantization_config.quant_method, gptq",
    "quantization_config.bits, 4",
    "quant_method, gptq",
    "quantization_config.quant_methods, gptq"
  })
  void whatIsCalledAlikeSaysNothing(String key, String value) {
    assertThat(QuantMethod.of(Map.of(key, value)).word()).isEmpty();
  }

  @Test
  void whatIsNamedCountsBeforeWhatIsGuessedFromAKey() {
    assertThat(
            QuantMethod.of(
                    Map.of("quantization.bits", "4", "quantization_config.quant_method", "hqq"))
                .word())
        .isEqualTo("hqq");
  }

  @ParameterizedTest
  @CsvSource({"gptq, true", "mxfp4, true", "fp8, false", "fbgemm_fp8, false", "'', false"})
  void integersAreCodesUnderAMethodForThem(String word, boolean areCodes) {
    assertThat(new QuantMethod(word).isOfIntegers()).isEqualTo(areCodes);
  }
}
