package dev.stockpot.merge.run;

import dev.stockpot.merge.compare.Difference;
import dev.stockpot.merge.compare.TokenComparison;
import dev.stockpot.merge.compare.TokenTable;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.Slice;
import dev.stockpot.merge.recipe.Source;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Whether the models of a recipe mean the same tokens by their ids: embeddings of one size may be
 * of two vocabularies. Files that are equal are not looked into.
 */
final class ModelTokens {
  /** More than any tokenizer has; each is held several times over while it is compared. */
  private static final long MOST_BYTES = 64L << 20;

  private static final String REMEDY =
      ". Rows of the embeddings would be merged that have nothing to do with each other: take"
          + " models of one tokenizer, or say with tokenizer_source which one the result is to"
          + " have";

  private final Recipe recipe;
  private final Map<ModelReference, Model> models;
  private final ObjectSource store;
  private final List<String> notices = new ArrayList<>();

  private ModelTokens(Recipe recipe, Map<ModelReference, Model> models, ObjectSource store) {
    this.recipe = recipe;
    this.models = models;
    this.store = store;
  }

  /**
   * Compares each model whose embeddings count with the one whose tokenizer the result has.
   *
   * @param problems gets what makes no sense
   * @return what may be meant, for a user
   */
  static List<String> compare(
      Recipe recipe, Map<ModelReference, Model> models, ObjectSource store, Problems problems)
      throws IOException {
    ModelTokens tokens = new ModelTokens(recipe, models, store);
    tokens.compare(problems);
    return tokens.notices;
  }

  private void compare(Problems problems) throws IOException {
    Map<String, StoredObject> expected = files(models.get(recipe.donor()));
    Map<ModelReference, String> common = new LinkedHashMap<>();
    for (Source source : sources()) {
      TokenTable.FILES.stream()
          .filter(expected::containsKey)
          .filter(files(models.get(source.model()))::containsKey)
          .findFirst()
          .ifPresent(file -> common.putIfAbsent(source.model(), file));
    }
    common.remove(recipe.donor());
    common.entrySet().removeIf(entry -> isTooLarge(entry.getKey(), entry.getValue()));
    Map<String, byte[]> ours = new LinkedHashMap<>();
    for (String file : new LinkedHashSet<>(common.values())) {
      ours.put(file, read(expected.get(file)));
    }
    Map<ModelReference, CompletableFuture<Optional<Difference>>> differences =
        new LinkedHashMap<>();
    common.forEach(
        (model, file) ->
            differences.put(
                model,
                CompletableFuture.supplyAsync(() -> difference(model, file, ours.get(file)))));
    for (Source source : sources()) {
      if (differences.containsKey(source.model())) {
        differences
            .remove(source.model())
            .join()
            .ifPresent(difference -> tell(difference, source, problems));
      }
    }
  }

  /** Those that the output's embedding and head are made of. */
  private Set<Source> sources() {
    List<Slice> slices = recipe.slices();
    Set<Source> sources = new LinkedHashSet<>(slices.get(0).sources());
    sources.addAll(slices.get(slices.size() - 1).sources());
    return sources;
  }

  private static Map<String, StoredObject> files(Model model) {
    return model.companions();
  }

  private void tell(Difference difference, Source source, Problems problems) {
    if (difference.weight() == Difference.Weight.NONSENSE) {
      problems.add(source.line(), difference.words() + REMEDY);
    } else {
      notices.add(
          "%s; the result has the tokenizer of %s".formatted(difference.words(), recipe.donor()));
    }
  }

  private Optional<Difference> difference(ModelReference model, String file, byte[] ours) {
    try {
      byte[] theirs = read(models.get(model).companions().get(file));
      if (Arrays.equals(ours, theirs)) {
        return Optional.empty();
      }
      Optional<TokenTable> expected = table(recipe.donor(), file, ours);
      Optional<TokenTable> found = table(model, file, theirs);
      return expected.isEmpty() || found.isEmpty()
          ? Optional.empty()
          : TokenComparison.of(
              recipe.donor().toString(), expected.get(), model.toString(), found.get());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Optional<TokenTable> table(ModelReference model, String file, byte[] text) {
    try {
      return TokenTable.of(file, text);
    } catch (JsonException e) {
      synchronized (notices) {
        notices.add(
            "%s of %s is no JSON (%s), so that tokens are not compared"
                .formatted(file, model, e.getMessage()));
      }
      return Optional.empty();
    }
  }

  private byte[] read(StoredObject object) throws IOException {
    return object.read(store);
  }

  private boolean isTooLarge(ModelReference model, String file) {
    for (ModelReference one : List.of(recipe.donor(), model)) {
      long size = files(models.get(one)).get(file).size();
      if (size > MOST_BYTES) {
        notices.add(
            "%s of %s has %s bytes, more than %s, so that tokens are not compared"
                .formatted(file, one, size, MOST_BYTES));
        return true;
      }
    }
    return false;
  }
}
