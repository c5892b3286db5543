package dev.stockpot.merge.vocabulary;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.recipe.ModelReference;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A model of a merge with its tokens.
 *
 * @param tokens how many of the tokenizer's count: those beyond the model's {@code vocab_size} were
 *     never trained, and nobody has rows for them
 * @param rows the tensors with a row for each token
 * @param sizePaths where its configuration says how many rows they have
 */
record Member(
    ModelReference reference,
    Model model,
    Tokenizer tokenizer,
    int tokens,
    RowTensors rows,
    List<String> sizePaths) {
  Member {
    requireNonNull(reference, "reference is null");
    sizePaths = List.copyOf(sizePaths);
  }

  List<RowTensor> tensors() {
    return rows.found();
  }

  /** The row that it has for a token, if it has one. */
  OptionalInt row(String token) {
    OptionalInt id = tokenizer.id(token);
    return id.isPresent() && id.getAsInt() < tokens ? id : OptionalInt.empty();
  }

  /** The tensor that plays the same part in it as one of another model does. */
  Optional<RowTensor> like(RowTensor other) {
    return tensors().stream()
        .filter(tensor -> tensor.name().equals(other.name()))
        .findFirst()
        .or(() -> tensors().stream().filter(tensor -> tensor.isFor(other.part())).findFirst())
        .or(() -> tensors().stream().filter(tensor -> tensor.standsFor(other.part())).findFirst());
  }
}
