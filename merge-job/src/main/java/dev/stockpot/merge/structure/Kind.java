package dev.stockpot.merge.structure;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a configuration says a model is: only layers of one kind can follow each other.
 *
 * @param architecture the class that loads it
 * @param modelType the family of its language model
 * @param width the size of what its layers hand on
 */
record Kind(Optional<String> architecture, Optional<String> modelType, OptionalInt width) {
  private static final List<String> WIDTHS =
      List.of("hidden_size", "d_model", "n_embd", "dim", "model_dim", "hidden_dim");

  public Kind {
    requireNonNull(architecture, "architecture is null");
    requireNonNull(modelType, "modelType is null");
    requireNonNull(width, "width is null");
  }

  static Kind of(Configuration root, Configuration language) {
    return new Kind(
        root.firstText("architectures"),
        language.text("model_type").or(() -> root.text("model_type")),
        WIDTHS.stream()
            .map(language::number)
            .filter(OptionalInt::isPresent)
            .findFirst()
            .orElse(OptionalInt.empty()));
  }

  /** Whether layers of the other can follow, as far as both configurations tell. */
  public boolean goesWith(Kind other) {
    return isSame(modelType, other.modelType)
        && (width.isEmpty() || other.width.isEmpty() || width.equals(other.width));
  }

  private static boolean isSame(Optional<String> one, Optional<String> other) {
    return one.isEmpty() || other.isEmpty() || Objects.equals(one, other);
  }

  /** In the words of the configuration: {@code LlamaForCausalLM of width 4096}. */
  @Override
  public String toString() {
    String name = architecture.or(() -> modelType).orElse("a model");
    return width.isPresent() ? "%s of width %s".formatted(name, width.getAsInt()) : name;
  }
}
