package dev.stockpot.merge.trial;

import dev.stockpot.kernels.methods.MergeMethods;
import dev.stockpot.merge.choose.Point;
import dev.stockpot.merge.recipe.Node;
import dev.stockpot.merge.recipe.RecipeParser;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.Map;

/** Searches over stacks of layers. */
abstract class LayerGenomeCases {
  static final RecipeParser PARSER = new RecipeParser(MergeMethods.all());

  static final Map<String, String> FILES =
      Map.of(
          "importance.jsonl",
          """
          {"model": "a", "layer": 0, "score": 0.9}
          {"model": "a", "layer": 1, "score": 0.1}

          {"model": "b", "layer": 0, "score": 0.2}
          {"model": "b", "layer": 1, "score": 0.8}
          """,
          "half.jsonl",
          "{\"model\": \"a\", \"layer\": 0, \"score\": 0.9}",
          "wrong.jsonl",
          "{\"model\": \"a\", \"layer\": 0}",
          "text.jsonl",
          "a 0 0.9");

  static TrialRecipe parse(String layers) {
    return parse("merge_method: passthrough\ndtype: bfloat16\n", layers);
  }

  static TrialRecipe parse(String head, String layers) {
    String text =
        head
            + "search: {strategy: random, evaluations: 4, layers: "
            + layers
            + "}\nevaluate: {http: 'http://h/s', direction: max}\n";
    Node tree = RecipeParser.trees("r.yml", text).get(0);
    return TrialReader.parse(
        "r.yml",
        text,
        tree,
        part -> PARSER.parse("r.yml", text, part),
        location -> {
          if (FILES.containsKey(location)) {
            return FILES.get(location);
          }
          throw new NoSuchFileException(location);
        });
  }

  static Genome genome(String layers) {
    return ((SearchPlan) parse(layers).plan()).genome();
  }

  static String words(String layers, double... place) {
    return genome(layers).described(new Point(Arrays.stream(place).boxed().toList()));
  }

  static final String TWO =
      "from: [{model: a, layer_range: [0, 2]}, {model: b, layer_range: [0, 2]}]";
}
