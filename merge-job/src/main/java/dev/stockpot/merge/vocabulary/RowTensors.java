package dev.stockpot.merge.vocabulary;

import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.TensorSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The tensors of a model that have a row for each token.
 *
 * @param rows how many each has
 * @param found those that are known, or that the recipe names
 * @param doubtful names that nobody knows, of tensors with as many rows
 * @param unfit tensors that the recipe names, and that have another number of rows
 */
record RowTensors(long rows, List<RowTensor> found, List<String> doubtful, List<String> unfit) {
  /** What is in a numbered block belongs to a layer, and layers know nothing of tokens. */
  private static final Pattern IN_A_BLOCK = Pattern.compile(".*\\.\\d+\\..*");

  /** Tables of something else, and what has one entry for each column. */
  private static final Pattern OF_SOMETHING_ELSE =
      Pattern.compile("(?i).*(position|pos_emb|norm|token_type|segment|rotary|inv_freq|wpe).*");

  RowTensors {
    found = List.copyOf(found);
    doubtful = List.copyOf(doubtful);
    unfit = List.copyOf(unfit);
  }

  /**
   * Looks through a model. What its configuration says counts if there are such tensors; else that
   * of which there is an embedding with enough rows.
   *
   * @param sizes of the vocabulary, as the configuration gives them
   * @param tokens how many the tokenizer has
   * @param patterns for further names; without any, names that are not known are doubtful
   */
  static RowTensors of(
      Model model, Collection<Integer> sizes, int tokens, Optional<List<String>> patterns) {
    Set<Long> likely = new LinkedHashSet<>();
    sizes.forEach(size -> likely.add((long) size));
    model
        .tensors()
        .forEach(
            (name, source) -> {
              boolean isEmbedding = RowPart.of(name).filter(RowPart.EMBEDDING::equals).isPresent();
              if (isEmbedding && rows(source) >= tokens) {
                likely.add(rows(source));
              }
            });
    List<Pattern> named = patterns.orElse(List.of()).stream().map(Pattern::compile).toList();
    RowTensors none = new RowTensors(tokens, List.of(), List.of(), List.of());
    return likely.stream()
        .map(rows -> look(model, rows, named, patterns.isEmpty()))
        .filter(tensors -> !tensors.found.isEmpty())
        .findFirst()
        .orElse(none);
  }

  private static RowTensors look(Model model, long rows, List<Pattern> patterns, boolean mayDoubt) {
    List<RowTensor> found = new ArrayList<>();
    List<String> doubtful = new ArrayList<>();
    List<String> unfit = new ArrayList<>();
    for (Map.Entry<String, TensorSource> tensor : model.tensors().entrySet()) {
      String name = tensor.getKey();
      TensorSource source = tensor.getValue();
      Optional<RowPart> part = RowPart.of(name);
      boolean isNamed = patterns.stream().anyMatch(pattern -> pattern.matcher(name).find());
      int axis = axis(source.shape(), rows);
      boolean fits = axis >= 0;
      if (fits && (part.isPresent() || isNamed)) {
        found.add(new RowTensor(name, part.orElse(RowPart.NAMED), axis, source));
      } else if (isNamed) {
        unfit.add("%s is %s".formatted(name, source.shape()));
      } else if (fits && mayDoubt && isDoubtful(name)) {
        doubtful.add(name);
      }
    }
    return new RowTensors(rows, found, doubtful, unfit);
  }

  private static long rows(TensorSource embedding) {
    return embedding.shape().dimensions().stream().findFirst().orElse(0L);
  }

  private static boolean isDoubtful(String name) {
    return !IN_A_BLOCK.matcher(name).matches() && !OF_SOMETHING_ELSE.matcher(name).matches();
  }

  /** The axis of so many rows: the first, or the second behind one of length one; -1 if none. */
  private static int axis(Shape shape, long rows) {
    List<Long> dimensions = shape.dimensions();
    boolean hasRows = dimensions.size() == 1 || dimensions.size() == 2;
    if (hasRows && dimensions.get(0) == rows) {
      return 0;
    }
    return dimensions.equals(List.of(1L, rows)) ? 1 : -1;
  }
}
