package dev.stockpot.merge.align;

import static java.util.Objects.requireNonNull;

/** A spec that somebody wrote for models of their own. */
public final class Spec {
  private final String file;
  private final PermutationSpec rules;

  private Spec(String file, PermutationSpec rules) {
    this.file = requireNonNull(file, "file is null");
    this.rules = rules;
  }

  /**
   * Reads a spec, which is YAML or JSON.
   *
   * @param file that it is from, for messages
   * @throws dev.stockpot.merge.recipe.RecipeException with all problems
   */
  public static Spec read(String file, String text) {
    return new Spec(file, SpecReader.read(file, text));
  }

  String file() {
    return file;
  }

  PermutationSpec rules() {
    return rules;
  }
}
