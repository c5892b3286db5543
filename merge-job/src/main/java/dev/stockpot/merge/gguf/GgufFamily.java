package dev.stockpot.merge.gguf;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** Kinds of models that are built as Llama is, and what sets them apart. */
enum GgufFamily {
  /** Mistral, too: llama.cpp calls both so. Rows of q and k lie in another order. */
  LLAMA("llama", "LlamaForCausalLM", true, true),
  QWEN2("qwen2", "Qwen2ForCausalLM", false, false),
  QWEN3("qwen3", "Qwen3ForCausalLM", false, true);

  private final String word;
  private final String loader;
  private final boolean turnsRows;
  private final boolean mayHaveBiases;

  GgufFamily(String word, String loader, boolean turnsRows, boolean mayHaveBiases) {
    this.word = word;
    this.loader = loader;
    this.turnsRows = turnsRows;
    this.mayHaveBiases = mayHaveBiases;
  }

  static Optional<GgufFamily> of(String architecture) {
    return Arrays.stream(values()).filter(family -> family.word.equals(architecture)).findFirst();
  }

  static String words() {
    return Arrays.stream(values()).map(family -> family.word).collect(Collectors.joining(", "));
  }

  /** Of metadata of this kind. */
  String key(String end) {
    return word + "." + end;
  }

  String modelType() {
    return word;
  }

  /** The class of transformers. */
  String loader() {
    return loader;
  }

  /** Whether each head's rows of q and k are interleaved: halves of a rotation side by side. */
  boolean turnsRows() {
    return turnsRows;
  }

  /** Whether its configuration says if attention has biases. */
  boolean mayHaveBiases() {
    return mayHaveBiases;
  }
}
