package dev.stockpot.merge.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DTypeWordTest {
  @ParameterizedTest
  @CsvSource({
    "float16, F16",
    "torch.bfloat16, BF16",
    "bf16, BF16",
    "F32, F32",
    "float64, F64",
  })
  void isATypeAsPyTorchOrSafetensorsCallsIt(String word, DType dtype) {
    assertThat(DTypeWord.parse(word)).contains(dtype);
  }

  @ParameterizedTest
  @CsvSource({
    "fp16, float16",
    "FP16, float16",
    "half, float16",
    "torch.half, float16",
    "fp32, float32",
    "float, float32",
    "single, float32",
    "double, float64",
    "fp64, float64",
    "bfloat, bfloat16",
    "bflaot16, bfloat16",
    "float-16, float16",
    "Float32, float32",
  })
  void anotherNameIsNoneButIsUnderstood(String word, String meant) {
    assertThat(DTypeWord.parse(word)).isEmpty();
    assertThat(DTypeWord.remedy(word)).isEqualTo("did you mean `%s`?".formatted(meant));
  }

  @ParameterizedTest
  @ValueSource(strings = {"int8", "fp8", "float8_e4m3fn", "auto", ""})
  void whatIsMeantByAnythingElseIsNotGuessed(String word) {
    assertThat(DTypeWord.parse(word)).isEmpty();
    assertThat(DTypeWord.remedy(word))
        .isEqualTo("must be one of float32, float16, bfloat16, float64");
  }

  @Test
  void namesThoseThatCanBeWritten() {
    assertThat(DTypeWord.all()).containsExactly("float32", "float16", "bfloat16", "float64");
  }
}
