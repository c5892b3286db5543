package dev.stockpot.merge.plan;

import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.structure.Stack;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How many layers a model has. */
public final class ModelStacks {
  private ModelStacks() {}

  /**
   * Layers of each stack, by what a recipe calls it: its word, or its prefix where several have
   * that word; empty where no layers can be told.
   */
  public static Map<String, Integer> of(Model model) {
    List<Stack> main = ConfigTree.structure(model).mainStacks();
    Map<String, Integer> layers = new LinkedHashMap<>();
    for (Stack stack : main) {
      boolean isAlone = main.stream().filter(it -> it.word().equals(stack.word())).count() == 1;
      String prefix = stack.prefix().substring(0, stack.prefix().length() - 1);
      layers.put(isAlone ? stack.word() : prefix, stack.layers());
    }
    return layers;
  }
}
