package dev.stockpot.merge.vocabulary;

import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.Recipe;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** The models of a merge with their tokens: the base or first model, then the others in order. */
final class Members {
  private static final int EXAMPLES = 3;

  private final Vocabularies vocabularies;
  private final Recipe recipe;
  private final Map<ModelReference, Model> models;
  private final Problems problems;
  private final Map<ModelReference, Integer> places = new LinkedHashMap<>();
  private final List<Member> all = new ArrayList<>();

  /**
   * Opens the tokenizers of all models.
   *
   * @param problems gets what is wrong with single models
   */
  Members(
      Vocabularies vocabularies,
      Recipe recipe,
      Map<ModelReference, Model> models,
      Problems problems)
      throws IOException {
    this.vocabularies = vocabularies;
    this.recipe = recipe;
    this.models = models;
    this.problems = problems;
    add(recipe.donor());
    for (ModelReference model : models.keySet()) {
      if (!model.equals(recipe.donor())) {
        add(model);
      }
    }
  }

  List<Member> all() {
    return all;
  }

  /** Where a model stands among them, whatever the recipe calls it here. */
  OptionalInt place(ModelReference named) {
    Integer place = places.get(named);
    if (place == null) {
      place = vocabularies.folders().among(named, places.keySet()).map(places::get).orElse(null);
    }
    return place == null ? OptionalInt.empty() : OptionalInt.of(place);
  }

  private void add(ModelReference reference) throws IOException {
    Model model = models.get(reference);
    try {
      Tokenizer tokenizer = vocabularies.tokenizer(reference, model.companions());
      places.put(reference, all.size());
      all.add(member(reference, model, tokenizer));
    } catch (TokenizerException e) {
      problems.add(lineOf(reference), e.getMessage());
    }
  }

  private int lineOf(ModelReference reference) {
    return models.keySet().stream()
        .filter(reference::equals)
        .findFirst()
        .map(ModelReference::line)
        .orElse(0);
  }

  private Member member(ModelReference reference, Model model, Tokenizer tokenizer) {
    int known = tokenizer.tokens().size();
    Map<String, Integer> sizes = VocabularySize.in(model.config().tree());
    RowTensors tensors = RowTensors.of(model, sizes.values(), known, recipe.vocabulary().tensors());
    int line = lineOf(reference);
    problems.addIf(
        tensors.found().isEmpty(),
        line,
        "%s has %s tokens, and no tensor that is known to have a row for each; name them in `vocab-tensors`, a list of regular expressions"
            .formatted(reference, known));
    problems.addIf(
        !tensors.unfit().isEmpty(),
        line,
        "`vocab-tensors` names tensors of %s without a row for each of %s tokens: %s"
            .formatted(reference, tensors.rows(), examples(tensors.unfit())));
    List<String> paths = new ArrayList<>(sizes.keySet());
    paths.removeIf(path -> sizes.get(path) != tensors.rows());
    return new Member(
        reference, model, tokenizer, (int) Math.min(known, tensors.rows()), tensors, paths);
  }

  private static String examples(List<String> all) {
    String some = String.join(", ", all.subList(0, Math.min(EXAMPLES, all.size())));
    return all.size() > EXAMPLES ? some + ", …" : some;
  }
}
