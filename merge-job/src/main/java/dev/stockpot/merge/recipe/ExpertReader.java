package dev.stockpot.merge.recipe;

import dev.stockpot.merge.recipe.MixtureChoice.Expert;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the experts of a mixture. */
final class ExpertReader {
  private static final String MODEL = "source_model";
  private static final String POSITIVE = "positive_prompts";
  private static final String NEGATIVE = "negative_prompts";
  private static final String NOISE = "noise_scale";
  private static final String RESIDUAL = "residual_scale";

  private static final Section.Keys EXPERT =
      new Section.Keys(
          "an expert",
          List.of(MODEL, POSITIVE, NEGATIVE, NOISE, RESIDUAL),
          Map.of("model", "is called `source_model` in an expert; rename it"),
          Map.of(),
          Optional.empty());

  private final StrayWords words;
  private final Problems problems;
  private final ModelReader models;

  ExpertReader(StrayWords words, ModelReader models) {
    this.words = words;
    this.problems = words.problems();
    this.models = models;
  }

  List<Expert> experts(Section recipe, String key) {
    List<Expert> experts = new ArrayList<>();
    for (Node node : recipe.list(key)) {
      if (node instanceof MapNode map) {
        expert(new Section(map, EXPERT, words)).ifPresent(experts::add);
      } else {
        problems.add(
            node.line(),
            "an element of `%s` must be a mapping, `source_model: PATH` and what else there is to say"
                .formatted(key));
      }
    }
    return experts;
  }

  private Optional<Expert> expert(Section expert) {
    int line = expert.lineOf(MODEL);
    problems.addIf(!expert.has(MODEL), line, "this expert has no `source_model`; add its path");
    Optional<ModelReference> model =
        expert.value(MODEL).flatMap(node -> models.read(node, MODEL, line));
    problems.addIf(
        model.filter(ModelReference::isPattern).isPresent(),
        line,
        "`source_model` is the pattern %s; list the experts one by one"
            .formatted(model.map(ModelReference::path).orElse("")));
    List<String> positive = prompts(expert, POSITIVE);
    List<String> negative = prompts(expert, NEGATIVE);
    double noise = expert.number(NOISE, 0);
    problems.addIf(
        noise < 0, expert.lineOf(NOISE), "`%s` is %s, must not be below 0".formatted(NOISE, noise));
    double residual = expert.number(RESIDUAL, 1);
    return model.map(
        found -> new Expert(found, positive, negative, noise, residual, expert.line()));
  }

  private List<String> prompts(Section expert, String key) {
    List<String> prompts = new ArrayList<>();
    boolean isText = expert.value(key).filter(ScalarNode.class::isInstance).isPresent();
    problems.addIf(
        isText, expert.lineOf(key), "`%s` must be a list, even of one prompt".formatted(key));
    for (Node node : isText ? List.<Node>of() : expert.list(key)) {
      if (node instanceof ScalarNode scalar && !scalar.isNull() && !scalar.text().isBlank()) {
        prompts.add(scalar.text());
      } else {
        problems.add(
            node.line(), "an element of `%s` must be a text, and not empty".formatted(key));
      }
    }
    return prompts;
  }
}
