package dev.stockpot.merge.plan;

import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.structure.Stack;
import dev.stockpot.merge.structure.Structure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The layers that a model has. */
public final class ModelStacks {
  private ModelStacks() {}

  /** How a model is built, as far as its configuration and the names of its tensors tell. */
  public static Structure structure(Model model) {
    return ConfigTree.structure(model);
  }

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

  /**
   * The tensors of each layer, by what follows the layer's number in their names.
   *
   * @param word of the stack or its prefix; empty where the model has one stack
   * @return none where no such stack can be told
   */
  public static List<Map<String, String>> layers(Model model, String word) {
    Structure structure = ConfigTree.structure(model);
    List<Stack> stacks = word.isEmpty() ? structure.mainStacks() : structure.named(word);
    if (stacks.size() != 1) {
      return List.of();
    }
    Stack stack = stacks.get(0);
    List<Map<String, String>> layers = new ArrayList<>();
    for (int layer = 0; layer < stack.layers(); layer++) {
      layers.add(new TreeMap<>());
    }
    for (String tensor : model.tensors().keySet()) {
      stack
          .layerOf(tensor)
          .ifPresent(layer -> layers.get(layer).put(stack.withinLayer(tensor), tensor));
    }
    return layers;
  }
}
