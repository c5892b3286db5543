package dev.stockpot.merge.run;

import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.Rename;
import java.util.List;

/** Calls tensors of models otherwise, as a recipe says. */
final class Renaming {
  private final Problems problems;

  /** For one recipe, whose rules without effect are told. */
  Renaming(Problems problems) {
    this.problems = problems;
  }

  /**
   * The model under the names that rules give its tensors, one after the other; what is wrong with
   * them is a problem.
   */
  Model of(ModelReference named, Model model, List<Rename> rules) {
    Model renamed = model;
    for (Rename rule : rules) {
      renamed = of(named, renamed, rule);
    }
    return renamed;
  }

  private Model of(ModelReference named, Model model, Rename rule) {
    try {
      Model renamed = model.renamed(rule::apply);
      if (renamed.tensors().keySet().stream().anyMatch(String::isBlank)) {
        problems.add(rule.line(), "`rename` leaves nothing of a name of %s".formatted(named));
      }
      if (renamed.tensors().keySet().equals(model.tensors().keySet())) {
        problems.tell(
            rule.line(),
            "`rename` from `%s` changes no name of %s, such as %s"
                .formatted(
                    rule.from(),
                    named,
                    model.tensors().keySet().stream().findFirst().orElse("none")));
      }
      return renamed;
    } catch (IllegalArgumentException e) {
      problems.add(rule.line(), "`rename` from `%s`: %s".formatted(rule.from(), e.getMessage()));
      return model;
    }
  }
}
