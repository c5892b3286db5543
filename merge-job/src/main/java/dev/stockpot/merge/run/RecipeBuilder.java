package dev.stockpot.merge.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Builds a recipe of whole models. It becomes text, which stands in the output's manifest, and is
 * checked like one that somebody wrote, and refused if a word in it has no effect. Values are
 * numbers, booleans, strings, or lists of these: gradients over the layers.
 */
public final class RecipeBuilder {
  private final Map<String, Object> top = new LinkedHashMap<>();
  private final Map<String, Object> parameters = new LinkedHashMap<>();
  private final List<Object> models = new ArrayList<>();
  private final List<Object> steps = new ArrayList<>();

  RecipeBuilder(String method) {
    top.put("merge_method", method);
  }

  /** The base model, as a path. */
  public RecipeBuilder base(String path) {
    top.put("base_model", path);
    return this;
  }

  /** One more model. */
  public RecipeBuilder model(String path) {
    return model(path, Map.of());
  }

  /**
   * One more model with its parameters.
   *
   * @param values by name: {@code weight}, {@code density}, …
   */
  public RecipeBuilder model(String path, Map<String, ?> values) {
    return model(path, values, Map.of());
  }

  /**
   * One more model with its parameters and its statistics.
   *
   * @param statistics a file or folder of safetensors for each kind
   */
  public RecipeBuilder model(String path, Map<String, ?> values, Map<String, String> statistics) {
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("model", path);
    if (!statistics.isEmpty()) {
      model.put("statistics", Map.copyOf(statistics));
    }
    if (!values.isEmpty()) {
      model.put("parameters", Map.copyOf(values));
    }
    models.add(model);
    return this;
  }

  /** A parameter of the method, or one for all models that have none of their own. */
  public RecipeBuilder parameter(String name, Object value) {
    parameters.put(name, value);
    return this;
  }

  /**
   * Statistics of the whole merge.
   *
   * @param places a file or folder of safetensors for each kind
   */
  public RecipeBuilder statistics(Map<String, String> places) {
    top.put("statistics", Map.copyOf(places));
    return this;
  }

  /** The output's type: {@code bfloat16}, {@code float16}, {@code float32}, {@code float64}. */
  public RecipeBuilder dtype(String word) {
    top.put("dtype", word);
    return this;
  }

  /**
   * Whose tokens the output has: {@code union}, {@code base}, or the path of a model. Rows of
   * embeddings move with them.
   */
  public RecipeBuilder tokenizerSource(String word) {
    top.put("tokenizer_source", word);
    return this;
  }

  /**
   * The chat template of the output: {@code auto}, the name of one that is built in, or the
   * template itself.
   */
  public RecipeBuilder chatTemplate(String text) {
    top.put("chat_template", text);
    return this;
  }

  /**
   * What is made instead of a checkpoint: {@code kind: adapter}, and how.
   *
   * @param values by key: {@code rank}, {@code energy}, {@code threshold}, {@code error}, {@code
   *     embeddings}, {@code exclude}
   */
  public RecipeBuilder output(Map<String, ?> values) {
    top.put("output", Map.copyOf(values));
    return this;
  }

  /** One more step behind the merge, such as {@code svc}, with its parameters. */
  public RecipeBuilder post(String name, Map<String, ?> values) {
    steps.add(Map.of(name, Map.copyOf(values)));
    top.put("post", steps);
    return this;
  }

  /** The recipe so far. */
  public MergeRecipe build() {
    StringBuilder text = new StringBuilder();
    top.forEach((key, value) -> line(text, key, FlowText.of(value)));
    if (!parameters.isEmpty()) {
      line(text, "parameters", FlowText.of(parameters));
    }
    if (!models.isEmpty()) {
      text.append("models:\n");
      models.forEach(model -> text.append("  - ").append(FlowText.of(model)).append('\n'));
    }
    return MergeRecipe.built(text.toString());
  }

  private static void line(StringBuilder text, String key, String value) {
    text.append(key).append(": ").append(value).append('\n');
  }
}
