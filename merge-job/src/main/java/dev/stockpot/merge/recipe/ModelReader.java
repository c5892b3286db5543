package dev.stockpot.merge.recipe;

import dev.stockpot.merge.LocationFault;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads the names of models, in mergekit's short form and its long one. */
final class ModelReader {
  private static final Section.Keys LONG_FORM =
      new Section.Keys(
          "a model's name",
          List.of("path", "model", "revision", "lora"),
          Map.of(),
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
    return one(section, "base_model");
  }

  /** A single model; a pattern is a problem. */
  Optional<ModelReference> one(Section section, String key) {
    int line = section.lineOf(key);
    Optional<ModelReference> model = section.value(key).flatMap(node -> read(node, key, line));
    model
        .filter(ModelReference::isPattern)
        .ifPresent(
            pattern ->
                problems.add(
                    line, "`%s` is the pattern %s; name one model".formatted(key, pattern.path())));
    return model;
  }

  /**
   * A model's name.
   *
   * @param key the key whose value this is, for messages
   */
  Optional<ModelReference> read(Node node, String key, int line) {
    if (node instanceof ScalarNode scalar && isPath(scalar.text())) {
      ModelReference model = new ModelReference(scalar.text(), scalar.line());
      Stream.concat(Stream.of(model.base()), model.adapters().stream())
          .flatMap(part -> LocationFault.of(part.path()).stream())
          .forEach(fault -> problems.add(scalar.line(), fault));
      return Optional.of(model);
    }
    if (node instanceof MapNode map) {
      Section section = new Section(map, LONG_FORM, words);
      Optional<Node> inner = section.value("path").or(() -> section.value("model"));
      if (inner.isPresent()) {
        Optional<ModelReference> model = read(inner.get(), key, line);
        Optional<String> revision = section.word("revision");
        return model
            .map(base -> revision.map(base::at).orElse(base))
            .map(base -> base.plus(adapters(section)));
      }
    }
    problems.add(line, "`%s` must be the path of a model".formatted(key));
    return Optional.empty();
  }

  /** What {@code lora} puts on a model: one adapter, or a list of them. */
  private List<ModelReference> adapters(Section section) {
    int line = section.lineOf("lora");
    List<Node> nodes =
        section.value("lora").stream()
            .flatMap(
                node -> node instanceof ListNode list ? list.elements().stream() : Stream.of(node))
            .toList();
    return nodes.stream().flatMap(node -> read(node, "lora", line).stream()).toList();
  }

  static boolean isPath(String text) {
    return !text.isBlank() && text.equals(text.strip()) && text.chars().noneMatch(c -> c < ' ');
  }
}
