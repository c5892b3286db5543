package dev.stockpot.merge.gguf;

import dev.stockpot.kernels.number.DType;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** What numbers of tensor types stand for. Those that are not here hold blocks of codes. */
enum GgufTensorType {
  F32(0, DType.F32),
  F16(1, DType.F16),
  I8(24, DType.I8),
  I16(25, DType.I16),
  I32(26, DType.I32),
  I64(27, DType.I64),
  F64(28, DType.F64),
  BF16(30, DType.BF16);

  private static final Map<Integer, String> QUANTISED =
      Map.ofEntries(
          Map.entry(2, "Q4_0"),
          Map.entry(3, "Q4_1"),
          Map.entry(6, "Q5_0"),
          Map.entry(7, "Q5_1"),
          Map.entry(8, "Q8_0"),
          Map.entry(9, "Q8_1"),
          Map.entry(10, "Q2_K"),
          Map.entry(11, "Q3_K"),
          Map.entry(12, "Q4_K"),
          Map.entry(13, "Q5_K"),
          Map.entry(14, "Q6_K"),
          Map.entry(15, "Q8_K"),
          Map.entry(16, "IQ2_XXS"),
          Map.entry(17, "IQ2_XS"),
          Map.entry(18, "IQ3_XXS"),
          Map.entry(19, "IQ1_S"),
          Map.entry(20, "IQ4_NL"),
          Map.entry(21, "IQ3_S"),
          Map.entry(22, "IQ2_S"),
          Map.entry(23, "IQ4_XS"),
          Map.entry(29, "IQ1_M"),
          Map.entry(34, "TQ1_0"),
          Map.entry(35, "TQ2_0"),
          Map.entry(39, "MXFP4"));

  private final int number;
  private final DType dtype;

  GgufTensorType(int number, DType dtype) {
    this.number = number;
    this.dtype = dtype;
  }

  DType dtype() {
    return dtype;
  }

  static Optional<GgufTensorType> numbered(int number) {
    return Arrays.stream(values()).filter(type -> type.number == number).findFirst();
  }

  /** What llama.cpp calls one that is not here. */
  static String quantised(int number) {
    return QUANTISED.getOrDefault(number, "type " + Integer.toUnsignedString(number));
  }
}
