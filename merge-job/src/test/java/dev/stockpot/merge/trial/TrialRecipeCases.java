package dev.stockpot.merge.trial;

import dev.stockpot.kernels.methods.MergeMethods;
import dev.stockpot.merge.choose.Point;
import dev.stockpot.merge.recipe.Node;
import dev.stockpot.merge.recipe.RecipeParser;
import dev.stockpot.merge.recipe.YamlText;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/** Recipes of soups and searches, as they are read. */
abstract class TrialRecipeCases {
  static final String EVALUATE = "evaluate: {http: 'http://h/s', direction: max}\n";

  static final String MODELS = "models: [{model: a}, {model: b}, {model: c}]\n";

  static TrialRecipe parse(String text) {
    return parse(text, Map.of());
  }

  /**
   * The recipe.
   *
   * @param files that it may name, by their places
   */
  static TrialRecipe parse(String text, Map<String, String> files) {
    Node tree = RecipeParser.trees("r.yml", text).get(0);
    RecipeParser parser = new RecipeParser(MergeMethods.all());
    return TrialReader.parse(
        "r.yml",
        text,
        tree,
        part -> parser.parse("r.yml", text, part),
        location -> {
          if (location.equals("scores.jsonl")) {
            return "{\"model_name\": \"a\", \"acc\": 1}";
          }
          if (files.containsKey(location)) {
            return files.get(location);
          }
          throw new NoSuchFileException(location);
        });
  }

  static Ingredients models(int count, int layers) {
    Map<String, Map<String, Integer>> stacks = new TreeMap<>();
    for (int model = 0; model < count; model++) {
      stacks.put("m" + model, layers == 0 ? Map.of() : Map.of("text", layers));
    }
    return new Ingredients(stacks, OptionalInt.empty());
  }

  static String yaml(TrialRecipe recipe, double... point) {
    List<Double> values = Arrays.stream(point).boxed().toList();
    return YamlText.of(recipe.plan().recipe(new Point(values), List.of("a", "b", "c")));
  }
}
