package dev.stockpot.merge.quantised;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.model.TensorSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a configuration calls the quantisation.
 *
 * @param word in lower case; empty if it says nothing
 */
record QuantMethod(String word) {
  /** Where it is said; the last one is MLX's, and that of NVIDIA's file. */
  private static final List<String> OBJECTS =
      List.of("quantization_config.", "compression_config.", "quantization.");

  /** Files and objects of one quantiser, which need not name it; of several the first counts. */
  private static final List<Map.Entry<String, String>> SAID_BY_KEY =
      List.of(
          Map.entry("quantization.bits", "mlx"),
          Map.entry("quantize_config.bits", "gptq"),
          Map.entry("quant_config.w_bit", "awq"),
          Map.entry("quant_config.bits", "awq"));

  QuantMethod {
    requireNonNull(word, "word is null");
  }

  static QuantMethod of(Map<String, String> config) {
    for (String object : OBJECTS) {
      for (String key : List.of("quant_method", "quant_algo", "quantization.quant_algo")) {
        String word =
            config.entrySet().stream()
                .filter(entry -> isAt(entry.getKey(), object + key))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("");
        if (!word.isEmpty()) {
          return new QuantMethod(word.toLowerCase(Locale.ROOT));
        }
      }
    }
    return new QuantMethod(
        SAID_BY_KEY.stream()
            .filter(entry -> config.containsKey(entry.getKey()))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElse(""));
  }

  private static boolean isAt(String path, String key) {
    return path.equals(key) || path.endsWith("." + key);
  }

  /** Whether any integers beside a module's other tensors are codes. */
  boolean isOfIntegers() {
    return !word.isEmpty() && !word.contains("fp8");
  }

  /** Which coding a module has: what its tensors are called says it better than the method. */
  Coding coding(
      String prefix,
      List<String> codes,
      List<String> companions,
      Map<String, ? extends TensorSource> tensors) {
    List<String> names =
        Stream.concat(codes.stream(), companions.stream())
            .map(name -> name.substring(prefix.length()))
            .toList();
    if (names.contains("qweight")) {
      return word.equals("awq") || (!word.contains("gptq") && isAwq(prefix, tensors))
          ? Coding.AWQ
          : Coding.GPTQ;
    }
    if (names.stream().anyMatch(name -> name.endsWith("_blocks"))) {
      return Coding.MXFP4;
    }
    if (names.contains("weight_packed")) {
      return Coding.COMPRESSED_TENSORS;
    }
    if (names.contains("weight_scale_2")) {
      return Coding.NVFP4;
    }
    if (names.contains("weight.absmax")) {
      return Coding.BITSANDBYTES_4;
    }
    if (names.contains("SCB")) {
      return Coding.BITSANDBYTES_8;
    }
    if (names.contains("W_q")) {
      return Coding.HQQ;
    }
    if (names.stream().anyMatch(name -> name.endsWith("qdata"))) {
      return Coding.TORCHAO;
    }
    if (names.contains("weight._data")) {
      return Coding.QUANTO;
    }
    return byWord(tensors.get(codes.get(0)).dtype(), names);
  }

  private Coding byWord(DType dtype, List<String> names) {
    return switch (word) {
      case "gptq" -> Coding.GPTQ;
      case "awq" -> Coding.AWQ;
      case "hqq" -> Coding.HQQ;
      case "bitsandbytes" -> dtype == DType.I8 ? Coding.BITSANDBYTES_8 : Coding.BITSANDBYTES_4;
      case "compressed-tensors" -> Coding.COMPRESSED_TENSORS;
      case "torchao" -> Coding.TORCHAO;
      case "quanto" -> Coding.QUANTO;
      case "mxfp4" -> Coding.MXFP4;
      case "nvfp4", "nvfp4_awq", "modelopt" -> Coding.NVFP4;
      case "mlx" -> Coding.MLX;
      case "gguf" -> Coding.GGUF;
      case "eetq" -> Coding.EETQ;
      case "aqlm" -> Coding.AQLM;
      case "vptq" -> Coding.VPTQ;
      case "spqr" -> Coding.SPQR;
      case "higgs" -> Coding.HIGGS;
      case "bitnet" -> Coding.BITNET;
      default -> byNames(dtype, names);
    };
  }

  private static Coding byNames(DType dtype, List<String> names) {
    if (dtype == DType.U32 && names.contains("scales")) {
      return Coding.MLX;
    }
    if (names.contains("codebooks")) {
      return Coding.AQLM;
    }
    if (dtype == DType.I8 && names.contains("weight_scales")) {
      return Coding.EETQ;
    }
    return dtype == DType.I8 && names.contains("weight_scale")
        ? Coding.COMPRESSED_TENSORS
        : Coding.OTHER;
  }

  /** AWQ packs along the outputs: eight times as many scales as columns of codes. */
  private static boolean isAwq(String prefix, Map<String, ? extends TensorSource> tensors) {
    TensorSource codes = tensors.get(prefix + "qweight");
    TensorSource scales = tensors.get(prefix + "scales");
    return scales != null
        && !tensors.containsKey(prefix + "g_idx")
        && codes.shape().dimensions().size() > 1
        && scales.shape().dimensions().size() > 1
        && !codes.shape().dimensions().get(1).equals(scales.shape().dimensions().get(1));
  }
}
