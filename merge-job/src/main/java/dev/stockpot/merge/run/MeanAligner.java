package dev.stockpot.merge.run;

import dev.stockpot.kernels.random.RandomStream;
import dev.stockpot.merge.align.Alignment;
import dev.stockpot.merge.align.Matched;
import dev.stockpot.merge.align.MeanModel;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.recipe.ModelReference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Matches models in turn, each to the mean of all others as these are then, until none gains
 * anything (MergeMany). Who takes turns is drawn by the seed, sweep by sweep.
 *
 * @see <a href="https://arxiv.org/abs/2209.04836">Git Re-Basin: Merging Models modulo Permutation
 *     Symmetries</a>, algorithm 3
 */
final class MeanAligner {
  /** Each sweep reads all models once for each of them; three to six are usual. */
  static final int MOST_SWEEPS = 20;

  private final List<ModelReference> moving;
  private final Preparing preparing;
  private final Matching matching;
  private final long seed;
  private final Map<ModelReference, Model> models;
  private final Map<ModelReference, Alignment> first = new LinkedHashMap<>();
  private final Map<ModelReference, List<Matched>> found = new LinkedHashMap<>();
  private int sweeps;
  private boolean isChanging;

  /** What is to be matched so that a model is aligned to another one. */
  interface Preparing {
    Alignment of(ModelReference named, Model model, Model mean) throws IOException;
  }

  /**
   * Who matches them.
   *
   * @param models all of whose mean counts, in the recipe's order
   * @param moving those of them whose units move
   */
  MeanAligner(
      Map<ModelReference, Model> models,
      List<ModelReference> moving,
      Preparing preparing,
      Matching matching,
      long seed) {
    this.models = new LinkedHashMap<>(models);
    this.moving = List.copyOf(moving);
    this.preparing = preparing;
    this.matching = matching;
    this.seed = seed;
  }

  /** The models as they are at the end; where nobody looks yet, as they cost whatever is found. */
  Map<ModelReference, Model> align() throws IOException {
    isChanging = !moving.isEmpty();
    while (isChanging && sweeps < MOST_SWEEPS) {
      isChanging = false;
      for (ModelReference model : shuffled(sweeps)) {
        isChanging |= improve(model);
      }
      sweeps++;
    }
    return models;
  }

  private boolean improve(ModelReference named) throws IOException {
    List<Model> others =
        models.entrySet().stream()
            .filter(other -> !other.getKey().equals(named))
            .map(Map.Entry::getValue)
            .toList();
    Alignment alignment = preparing.of(named, models.get(named), MeanModel.of(others));
    first.putIfAbsent(named, alignment);
    Optional<List<Matched>> matched = matching.found(alignment.matches());
    if (matched.isEmpty()) {
      models.put(named, alignment.anyOrder());
      return false;
    }
    List<Matched> gained = alignment.gained(matched.get());
    List<Matched> before = found.get(named);
    found.put(named, before == null ? gained : behind(before, gained));
    models.put(named, first.get(named).aligned(found.get(named)));
    return gained.stream().anyMatch(Matched::moves);
  }

  private static List<Matched> behind(List<Matched> before, List<Matched> next) {
    List<Matched> both = new ArrayList<>();
    for (int i = 0; i < before.size(); i++) {
      both.add(before.get(i).then(next.get(i)));
    }
    return both;
  }

  private List<ModelReference> shuffled(int sweep) {
    return RandomStream.of(seed, RandomStream.OUTPUT, "mean").shuffled(moving, sweep);
  }

  /** The alignment of a model as it was in the beginning, with all that was found of it since. */
  record Found(Alignment alignment, List<Matched> matched) {}

  /** What was found of each; nothing where nobody looks yet. */
  Map<ModelReference, Found> found() {
    Map<ModelReference, Found> all = new LinkedHashMap<>();
    found.forEach((model, matched) -> all.put(model, new Found(first.get(model), matched)));
    return all;
  }

  /** What is to be done, or was. */
  List<String> announced() {
    List<String> told = new ArrayList<>();
    first
        .values()
        .forEach(
            alignment ->
                told.add(
                    "%s; it is matched to the mean of the others, in %s sweeps%s"
                        .formatted(
                            alignment.announced(),
                            found.isEmpty() ? "a few" : String.valueOf(sweeps),
                            isChanging ? ", after which models still gain by moving" : "")));
    return told;
  }
}
