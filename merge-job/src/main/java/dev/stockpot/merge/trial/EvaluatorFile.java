package dev.stockpot.merge.trial;

import dev.stockpot.merge.recipe.Node;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.RecipeException;
import dev.stockpot.merge.recipe.RecipeParser;
import dev.stockpot.merge.recipe.ScalarNode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A file of evaluators, which has what stands under {@code evaluate} else. */
record EvaluatorFile(TrialRecipe.Texts texts, Problems problems) {

  /**
   * Reads it; what is wrong in it is told with its own lines.
   *
   * @param line of the recipe that names it
   */
  Optional<Judges> read(String file, int line) {
    try {
      List<Node> trees = RecipeParser.trees(file, texts.read(file));
      if (trees.size() == 1 && !(trees.get(0) instanceof ScalarNode)) {
        Problems own = new Problems(file);
        Optional<Judges> read = new EvaluatorReader(texts, own).readAll(trees.get(0));
        own.throwIfAny();
        return read;
      }
      problems.add(
          line, "`evaluate`: %s must hold an evaluator, or a list of them".formatted(file));
    } catch (IOException e) {
      problems.add(line, "`evaluate` %s cannot be read: %s".formatted(file, e.getMessage()));
    } catch (RecipeException e) {
      problems.include(e);
    }
    return Optional.empty();
  }
}
