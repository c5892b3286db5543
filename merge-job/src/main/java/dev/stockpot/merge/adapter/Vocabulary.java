package dev.stockpot.merge.adapter;

import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.FirstFew;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.storage.StoredObject;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** What adapters make of a model's vocabulary: its size, and the files that give it. */
final class Vocabulary {
  private static final String TOKENIZER = "tokenizer";

  private Vocabulary() {}

  /** Tensors with a row for each token that have not the same number of rows any more. */
  static Optional<String> uneven(Model model, Drafts drafts) {
    Map<Long, String> byRows = rowsNow(model, drafts);
    if (byRows.size() < 2 || rowsOf(model).size() > 1) {
      return Optional.empty();
    }
    return Optional.of(
        "with it, %s; its vocabulary was resized, and not all of it was saved. Save the adapter again with `save_embedding_layers=True`"
            .formatted(
                String.join(
                    " and ",
                    byRows.entrySet().stream()
                        .map(entry -> "%s has %s rows".formatted(entry.getValue(), entry.getKey()))
                        .toList())));
  }

  /** How many rows the vocabulary has now, if they are not as many as in the model. */
  static Optional<Long> rows(Model model, Drafts drafts) {
    Map<Long, String> now = rowsNow(model, drafts);
    return now.size() == 1 && !now.keySet().equals(rowsOf(model).keySet())
        ? now.keySet().stream().findFirst()
        : Optional.empty();
  }

  private static Map<Long, String> rowsOf(Model model) {
    return rows(model.tensors().keySet().stream(), name -> model.tensors().get(name).shape());
  }

  private static Map<Long, String> rowsNow(Model model, Drafts drafts) {
    return rows(
        Stream.concat(model.tensors().keySet().stream(), drafts.touched().keySet().stream()),
        name -> drafts.get(name).shape());
  }

  private static Map<Long, String> rows(Stream<String> names, Function<String, Shape> shapes) {
    Map<Long, String> rows = new TreeMap<>();
    names
        .filter(name -> BaseModel.isVocabulary(name) && name.endsWith(".weight"))
        .forEach(name -> rows.put(shapes.apply(name).dimensions().get(0), name));
    return rows;
  }

  /**
   * Puts an adapter's tokenizer and chat template in the place of the base's: it was trained with
   * them. A tokenizer comes as a whole, so that no file of another one is left beside it; the
   * base's chat template stays where the adapter has none.
   *
   * @param companions of the model, by name
   * @return what to tell of it
   */
  static Optional<String> takeTokenizer(Adapter adapter, Map<String, StoredObject> companions) {
    Map<String, StoredObject> own = adapter.tokenizer();
    if (own.isEmpty()) {
      return Optional.empty();
    }
    boolean isWhole = own.keySet().stream().anyMatch(file -> file.startsWith(TOKENIZER));
    Set<String> replaced = new HashSet<>(Model.tokenizer(companions).keySet());
    replaced.removeIf(
        file -> file.startsWith(Adapter.TEMPLATE) ? !adapter.hasTemplate() : !isWhole);
    companions.keySet().removeAll(replaced);
    companions.putAll(own);
    List<String> names = own.keySet().stream().sorted().toList();
    return Optional.of(
        "%s gives %s instead of the base: it was trained with that"
            .formatted(adapter.folder(), FirstFew.of(names)));
  }
}
