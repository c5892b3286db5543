package dev.stockpot.merge.run;

import dev.stockpot.merge.FirstFew;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.model.Model;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tensors that make a model's logits, all of which are linear in them: divided by a
 * temperature, they divide the logits.
 *
 * @param model as it is named
 * @param tensors weight and bias of the head; or of the norm in front of it, where the head is the
 *     embedding
 */
public record HeadFold(String model, List<String> tensors) {
  /** What a head's module is called, where it is the last one of a model. */
  private static final Pattern HEAD =
      Pattern.compile(
          "((?:.*\\.|)(?:lm_head|embed_out|score|classifier|classifier\\.out_proj|head|heads\\.head"
              + "|fc|output_layer|cls\\.predictions\\.decoder))\\.(weight|bias)");

  /** Those of them that may be the embedding. */
  private static final Pattern OF_LANGUAGE =
      Pattern.compile("(?:.*\\.|)(?:lm_head|embed_out|cls\\.predictions\\.decoder)");

  /** The norm behind the last layer. */
  private static final Pattern NORM =
      Pattern.compile("(?:model\\.|transformer\\.|)(?:norm|ln_f)\\.(?:weight|bias)");

  /** Families whose last norm multiplies by its weight, and adds its bias if it has one. */
  private static final Set<String> PLAIN_NORMS =
      Set.of(
          "gpt2",
          "granite",
          "llama",
          "mistral",
          "mixtral",
          "phi3",
          "qwen2",
          "qwen2_moe",
          "qwen3",
          "qwen3_moe",
          "smollm3");

  /** Keys of a bound that logits bend towards, so that they are not linear. */
  private static final Pattern BOUND =
      Pattern.compile("(?:.*\\.|)(final_logit_softcapping|logits_soft_cap|output_logit_soft_cap)");

  public HeadFold {
    tensors = List.copyOf(tensors);
  }

  /**
   * Finds them.
   *
   * @param named by the user; none if they are to be found
   * @throws UserException if logits are not linear in any, or nobody can tell which they are
   */
  static HeadFold of(String typed, Model model, boolean isTied, List<String> named) {
    for (Map.Entry<String, String> entry : model.config().values().entrySet()) {
      Matcher bound = BOUND.matcher(entry.getKey());
      if (bound.matches()) {
        throw new UserException(
            "%s has %s: %s in its configuration, which bends its logits: no head divides them. Keep the temperature beside the model"
                .formatted(typed, bound.group(1), entry.getValue()));
      }
    }
    return found(typed, model, isTied, named).alone(model);
  }

  private static HeadFold found(String typed, Model model, boolean isTied, List<String> named) {
    if (!named.isEmpty()) {
      return named(typed, model, named);
    }
    Map<String, List<String>> modules = heads(model);
    if (isTied) {
      modules.keySet().removeIf(module -> OF_LANGUAGE.matcher(module).matches());
    }
    return isTied && modules.isEmpty() ? tied(typed, model) : separate(typed, model, modules);
  }

  private static HeadFold named(String typed, Model model, List<String> named) {
    List<String> absent =
        named.stream().filter(name -> !model.tensors().containsKey(name)).toList();
    if (!absent.isEmpty()) {
      throw new UserException(
          "%s has no tensor %s. `stockpot inspect` lists those that it has"
              .formatted(typed, FirstFew.of(absent)));
    }
    return new HeadFold(typed, named);
  }

  private static HeadFold tied(String typed, Model model) {
    String family = model.config().values().getOrDefault("model_type", "unknown");
    List<String> norms =
        model.tensors().keySet().stream().filter(name -> NORM.matcher(name).matches()).toList();
    if (!PLAIN_NORMS.contains(family) || norms.isEmpty()) {
      throw new UserException(
          "The head of %s is its embedding, which a temperature must not change, and of model_type %s it is not known that the norm in front of it can take it. Give the model a head of its own, or name the tensors: --head"
              .formatted(typed, family));
    }
    return new HeadFold(typed, norms);
  }

  /** Tensors that are called as those of heads, by their modules, which have a weight. */
  private static Map<String, List<String>> heads(Model model) {
    Map<String, List<String>> modules = new LinkedHashMap<>();
    for (String name : model.tensors().keySet()) {
      Matcher head = HEAD.matcher(name);
      if (head.matches()) {
        modules.computeIfAbsent(head.group(1), any -> new ArrayList<>()).add(name);
      }
    }
    modules.entrySet().removeIf(module -> !module.getValue().contains(module.getKey() + ".weight"));
    return modules;
  }

  private static HeadFold separate(String typed, Model model, Map<String, List<String>> modules) {
    if (modules.size() != 1) {
      throw new UserException(
          "Which tensors of %s make its logits? %s. Name weight and bias: --head classifier.weight --head classifier.bias"
              .formatted(
                  typed,
                  modules.isEmpty()
                      ? "None of its %s is called like a head".formatted(model.tensors().size())
                      : "There are " + FirstFew.of(new TreeSet<>(modules.keySet()))));
    }
    return new HeadFold(typed, modules.values().iterator().next());
  }

  /**
   * That no other tensor would be divided, too: a recipe's filter is any part of a name.
   *
   * @throws UserException if one would
   */
  private HeadFold alone(Model of) {
    for (String name : tensors) {
      List<String> others =
          of.tensors().keySet().stream()
              .filter(other -> other.contains(name) && !tensors.contains(other))
              .toList();
      if (!others.isEmpty()) {
        throw new UserException(
            "%s: a filter of a recipe that names %s takes %s along. Fold the temperature by a script, or rename the tensors"
                .formatted(model, name, FirstFew.of(others)));
      }
    }
    return this;
  }

  /** The merge that divides them, and copies all else. */
  MergeRecipe recipe(double temperature) {
    List<Map<String, Object>> scales = new ArrayList<>();
    tensors.forEach(name -> scales.add(Map.of("filter", name, "value", 1 / temperature)));
    scales.add(Map.of("value", 1.0));
    return MergeRecipe.by("passthrough").model(model, Map.of("scale", scales)).build();
  }
}
