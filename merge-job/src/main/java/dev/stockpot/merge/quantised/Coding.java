package dev.stockpot.merge.quantised;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.model.TensorSource;
import java.util.Map;
import java.util.Optional;

/** A way of storing weights as codes, and who makes numbers of them again. */
enum Coding {
  GPTQ("GPTQ", "`dequantize_model` of GPTQModel"),
  AWQ("AWQ", "`dequantize_model` of GPTQModel, or `amn remember` of anamnesis"),
  HQQ("HQQ", "`HQQLinear.dequantize` of hqq"),
  BITSANDBYTES_4("bitsandbytes, 4 bit", "`model.dequantize()` of transformers"),
  BITSANDBYTES_8("bitsandbytes, 8 bit", "`model.dequantize()` of transformers"),
  COMPRESSED_TENSORS(
      "compressed-tensors", "`CompressedTensorsConfig(run_compressed=False)` of transformers") {
    @Override
    boolean isReadable() {
      return true;
    }

    @Override
    Optional<Map<String, TensorSource>> numbers(CodeReader codes) {
      return codes.integers().or(codes::smallFloats).map(codes::asWeight);
    }
  },
  TORCHAO("torchao", "`dequantize()` of torchao's tensors"),
  QUANTO("quanto", "`dequantize()` of optimum-quanto's tensors"),
  EETQ("EETQ", "eetq"),
  AQLM("AQLM", "aqlm"),
  VPTQ("VPTQ", "vptq"),
  SPQR("SpQR", "spqr_quant"),
  HIGGS("HIGGS", "`HiggsLinear` of transformers"),
  BITNET("BitNet", "`unpack_weights` of transformers"),
  MXFP4("MXFP4", "`Mxfp4Config(dequantize=True)` of transformers") {
    @Override
    boolean isReadable() {
      return true;
    }

    @Override
    Optional<Map<String, TensorSource>> numbers(CodeReader codes) {
      return codes.eachOf("_blocks", codes::experts);
    }
  },
  NVFP4("NVFP4", "`NVFP4QTensor.dequantize` of NVIDIA's Model Optimizer") {
    @Override
    boolean isReadable() {
      return true;
    }

    @Override
    Optional<Map<String, TensorSource>> numbers(CodeReader codes) {
      return codes.smallFloats().map(codes::asWeight);
    }
  },
  MLX("MLX", "`mlx_lm.convert --dequantize`"),
  GGUF("GGUF", "`dequantize` of gguf-py"),
  FLOAT8("FP8", "`FineGrainedFP8Config(dequantize=True)` of transformers") {
    @Override
    boolean isReadable() {
      return true;
    }

    @Override
    Optional<Map<String, TensorSource>> numbers(CodeReader codes) {
      return codes.eachOf("", codes::scaledFloats);
    }
  },
  OTHER("a kind that is not known here", "the library that quantised it");

  private final String words;
  private final String dequantiser;

  Coding(String words, String dequantiser) {
    this.words = requireNonNull(words, "words are null");
    this.dequantiser = requireNonNull(dequantiser, "dequantiser is null");
  }

  /** Whether such codes can be read as numbers, if they lie as their quantiser says. */
  boolean isReadable() {
    return false;
  }

  /** The numbers that a module's codes stand for, by their names; empty if they cannot be told. */
  Optional<Map<String, TensorSource>> numbers(CodeReader codes) {
    return Optional.empty();
  }

  /** What a remedy names, with its package. */
  public String dequantiser() {
    return dequantiser;
  }

  /** As messages name it. */
  @Override
  public String toString() {
    return words;
  }
}
