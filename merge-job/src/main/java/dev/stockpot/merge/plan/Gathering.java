package dev.stockpot.merge.plan;

import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.Source;
import dev.stockpot.merge.structure.Structure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Looks up the inputs of routes, and gathers what is amiss so that a thousand missing tensors are
 * one problem.
 */
final class Gathering {
  private static final int EXAMPLES = 3;

  private final RouteNames names;
  private final boolean donorIsTied;
  private final Map<Source, List<String>> missing = new LinkedHashMap<>();
  private final Map<Source, List<String>> misshapen = new LinkedHashMap<>();
  private final Map<Source, String> shared = new LinkedHashMap<>();
  private boolean untied;

  /** A tensor of a model, and the name that it has there. */
  record Found(String name, TensorSource source) {}

  /**
   * Looks into models.
   *
   * @param donor the one that gives the configuration
   */
  Gathering(RouteNames names, ModelReference donor) {
    this.names = names;
    this.donorIsTied = names.structures().get(donor).sharesHead();
  }

  /** Whether any model holds what a route is made of. */
  boolean hasAny(Route route) {
    return inputs(route).stream().anyMatch(Optional::isPresent);
  }

  /** The inputs of a route, one for each source; empty where a model has no such tensor. */
  List<Optional<Found>> inputs(Route route) {
    List<Optional<Found>> inputs = new ArrayList<>();
    for (int i = 0; i < route.inputs().size(); i++) {
      Source source = route.slice().sources().get(i);
      Structure structure = names.structure(source);
      inputs.add(find(source, structure, route.inputs().get(i)));
      untied |= donorIsTied && structure.isHead(route.output()) && !structure.sharesHead();
    }
    return inputs;
  }

  private Optional<Found> find(Source source, Structure structure, String name) {
    Map<String, TensorSource> tensors = names.models().get(source.model()).tensors();
    TensorSource tensor = tensors.get(name);
    if (tensor != null) {
      return Optional.of(new Found(name, tensor));
    }
    Optional<Found> twin =
        structure
            .twinOf(name, tensors.keySet(), tensors::containsKey)
            .map(other -> new Found(other, tensors.get(other)));
    untied |= twin.isPresent() && structure.isHead(name);
    return twin;
  }

  /** Whether the output has a head of its own though some model shares its embedding. */
  boolean unties() {
    return untied;
  }

  /**
   * Whether a tensor that some models lack may be one that they share with another: then a copy
   * would part what is one. Those models are noted.
   */
  boolean mayShare(Route route, List<Optional<Found>> found) {
    boolean any = false;
    for (int i = 0; i < found.size(); i++) {
      Source source = route.slice().sources().get(i);
      Structure structure = names.structure(source);
      boolean isUntold = structure.isHead(route.output()) && structure.mayShareHead();
      if (found.get(i).isEmpty() && isUntold) {
        shared.put(source, route.output());
        any = true;
      }
    }
    return any;
  }

  void addMissing(Source source, String name) {
    missing.computeIfAbsent(source, any -> new ArrayList<>()).add(name);
  }

  void addMisshapen(Source source, Found tensor, TensorSource other, ModelReference otherModel) {
    misshapen
        .computeIfAbsent(source, any -> new ArrayList<>())
        .add(
            "%s is %s, but %s in %s"
                .formatted(tensor.name(), tensor.source().shape(), other.shape(), otherModel));
  }

  /** Tells of it all, but for what another problem explains. */
  void report(ComparedModels compared, Problems problems) {
    if (compared.explainAll()) {
      return;
    }
    missing.forEach(
        (source, names) ->
            problems.add(
                source.line(),
                ("%s lacks %s that other models have: %s."
                        + " %s, or set missing-tensors=copy to take them from a model that has"
                        + " them")
                    .formatted(
                        source.model(), tensors(names.size()), examples(names), remedy(source))));
    misshapen.forEach(
        (source, shapes) ->
            problems.add(
                source.line(),
                ("%s has %s of another shape: %s%s."
                        + " Models must have one architecture, and one vocabulary or a"
                        + " `tokenizer_source`, such as `union`; heads that differ need `heads`")
                    .formatted(
                        source.model(),
                        tensors(shapes.size()),
                        examples(shapes),
                        compared.sizes(source.model()))));
    shared.forEach(
        (source, head) ->
            problems.add(
                source.line(),
                ("%s has no %s, and its config.json does not say whether it shares its embedding."
                        + " Add \"tie_word_embeddings\": true to it if it does, false if not")
                    .formatted(source.model(), head)));
  }

  /** What was seen of a model may say why it lacks tensors: they are there, and not loaded. */
  private String remedy(Source source) {
    List<String> remarks = names.models().get(source.model()).surroundings().remarks();
    return remarks.isEmpty()
        ? "Use models of one architecture"
        : "Of %s: %s".formatted(source.model(), String.join(". ", remarks));
  }

  static String tensors(int count) {
    return count == 1 ? "1 tensor" : count + " tensors";
  }

  static String examples(List<String> all) {
    String some = String.join(", ", all.subList(0, Math.min(EXAMPLES, all.size())));
    return all.size() > EXAMPLES ? some + ", …" : some;
  }
}
