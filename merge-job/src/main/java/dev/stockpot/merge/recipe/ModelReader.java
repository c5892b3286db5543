package dev.stockpot.merge.recipe;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the names of models, in mergekit's short form and its long one. */
final class ModelReader {
  private static final String NO_LORA =
      "asks for a LoRA adapter, and those are not merged in yet; merge it into its model first"
          + " (PEFT's `merge_and_unload`) and name the result";
  private static final Section.Keys LONG_FORM =
      new Section.Keys(
          "a model's name",
          List.of("path", "model"),
          Map.of(
              "lora",
              NO_LORA,
              "revision",
              "names a version to download; download it first and name its folder"),
          Map.of(
              "override_architecture",
              "changes nothing: names of tensors tell how a model is built"),
          Optional.empty());

  private final StrayWords words;
  private final Problems problems;

  ModelReader(StrayWords words) {
    this.words = words;
    this.problems = words.problems();
  }

  /** The base model of a recipe or a slice. */
  Optional<ModelReference> base(Section section) {
    int line = section.lineOf("base_model");
    Optional<ModelReference> base =
        section.value("base_model").flatMap(node -> read(node, "base_model", line));
    base.filter(ModelReference::isPattern)
        .ifPresent(
            pattern ->
                problems.add(
                    line,
                    "`base_model` is the pattern %s; name one model".formatted(pattern.path())));
    return base;
  }

  /**
   * A model's name.
   *
   * @param key the key whose value this is, for messages
   */
  Optional<ModelReference> read(Node node, String key, int line) {
    if (node instanceof ScalarNode scalar && isPath(scalar.text())) {
      checkSuffixes(scalar.text(), scalar.line());
      return Optional.of(new ModelReference(scalar.text(), scalar.line()));
    }
    if (node instanceof MapNode map) {
      Section section = new Section(map, LONG_FORM, words);
      Optional<Node> inner = section.value("path").or(() -> section.value("model"));
      if (inner.isPresent()) {
        return read(inner.get(), key, line);
      }
    }
    problems.add(line, "`%s` must be the path of a model".formatted(key));
    return Optional.empty();
  }

  static boolean isPath(String text) {
    return !text.isBlank() && text.equals(text.strip()) && text.chars().noneMatch(c -> c < ' ');
  }

  private void checkSuffixes(String path, int line) {
    problems.addIf(path.indexOf('+') >= 0, line, "`%s` %s".formatted(path, NO_LORA));
    int at = path.lastIndexOf('@');
    if (at >= 0 && path.indexOf('/', at) < 0) { // s3a://key@bucket/model is no revision
      problems.add(
          line,
          "`%s` names revision `%s` of a model; download it first and name its folder"
              .formatted(path, path.substring(at + 1)));
    }
  }
}
