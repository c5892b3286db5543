package dev.stockpot.merge.safetensors;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** Files and folders beside weights that do not go where these go, by their names. */
enum FileKind {
  /** What a merge writes itself. */
  WRITTEN("the merge writes its own", "README\\.md|stockpot-manifest\\.json", "report|state"),
  /** Bookkeeping of downloads and version control. */
  HIDDEN("hidden", "\\..+", "\\..+"),
  WEIGHTS(
      "weights",
      "(?i).+\\.(safetensors|bin|pt|pth|ckpt|pkl|pickle|gguf|ggml|h5|hdf5|keras|msgpack|onnx"
          + "|onnx_data|npz|npy|nemo|distcp|tflite|mlmodel|pdparams|pdopt|ot|params|engine|trt|mar"
          + "|incomplete)|.+\\.index(\\.[\\w-]+)?\\.json",
      "checkpoint-\\d+|(global_)?step[_-]?\\d+|.+\\.(mlpackage|mlmodelc)"),
  CODE(
      "code",
      "(?i).+\\.(py|pyc|pyx|pyd|ipynb|sh|bash|bat|ps1|js|mjs|ts|c|cc|cpp|cu|cuh|h|hpp|java|jar|class"
          + "|rs|go|so|dylib|dll|exe|r|lua)",
      "__pycache__"),
  MAKING(
      "of how it was made",
      "mergekit_(moe_)?config\\.ya?ml|trainer_state\\.json|training_args\\..+|(all|train|eval|test|predict)_results\\.json"
          + "|events\\.out\\..+|training_log.*|latest",
      "runs|wandb|logs|tensorboard|mlruns");

  private final String why;
  private final Pattern files;
  private final Pattern folders;

  FileKind(String why, String files, String folders) {
    this.why = why;
    this.files = Pattern.compile(files);
    this.folders = Pattern.compile(folders);
  }

  /** The kind of a file; nothing if it goes along. */
  static Optional<FileKind> ofFile(String name) {
    return Arrays.stream(values()).filter(kind -> kind.files.matcher(name).matches()).findFirst();
  }

  /** The kind of a folder as its name tells; nothing if that tells nothing. */
  static Optional<FileKind> ofFolder(String name) {
    return Arrays.stream(values()).filter(kind -> kind.folders.matcher(name).matches()).findFirst();
  }

  /** In a few words, for whoever misses it. */
  String why() {
    return why;
  }

  /** Whether it is not worth a word that it stays. */
  boolean isMissedByNobody() {
    return this == WRITTEN || this == HIDDEN;
  }
}
