package dev.stockpot.merge.trial;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stockpot.merge.Sha256;
import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.recipe.Problems;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What an ensemble of a soup's models was measured to be, from tables of their predictions, so that
 * both stand side by side.
 *
 * @param place where that was read
 * @param models of the ensemble, by the names of their tables
 * @param measures of each model, in that order; then of what was measured beside; then of the
 *     ensemble
 * @param compared measure that the evaluator's metric is called like; empty if it is like none
 * @param digest of what was read
 */
record MeasuredEnsemble(
    String place, List<String> models, List<JsonObject> measures, String compared, String digest) {
  /** What {@code stockpot ensemble} calls it in its folder. */
  private static final String METRICS = "metrics.json";

  static final List<String> SHOWN = List.of("accuracy", "nll", "brier", "ece");

  MeasuredEnsemble {
    models = List.copyOf(models);
    measures = List.copyOf(measures);
  }

  /** What a soup names; nothing if it names nothing, or has a problem with it. */
  static Optional<MeasuredEnsemble> read(
      Keys keys, Judges judges, TrialRecipe.Texts texts, Problems problems) {
    if (!keys.has("ensemble")) {
      return Optional.empty();
    }
    String said = keys.word("ensemble").orElse("");
    String place = said.endsWith(".json") ? said : said.replaceFirst("/+$", "") + "/" + METRICS;
    String remedy = "Name the folder that `stockpot ensemble` wrote, or its " + METRICS;
    try {
      String text = texts.read(place);
      JsonObject found = Json.parse(text.getBytes(UTF_8)).object().orElse(JsonObject.EMPTY);
      List<JsonObject> measures = found.objects("measures");
      List<String> models =
          found.object("ensemble").map(made -> made.objects("models")).orElse(List.of()).stream()
              .map(model -> model.text("name"))
              .toList();
      if (models.isEmpty() || measures.size() <= models.size()) {
        problems.add(
            keys.lineOf("ensemble"),
            "`ensemble` %s has %s models and %s measures, must have more measures than models: was it made of tables with labels? %s"
                .formatted(place, models.size(), measures.size(), remedy));
        return Optional.empty();
      }
      return Optional.of(
          new MeasuredEnsemble(
              place, models, measures, compared(judges), Sha256.of(List.of(text))));
    } catch (IOException | JsonException e) {
      problems.add(
          keys.lineOf("ensemble"),
          "`ensemble` %s cannot be read: %s. %s".formatted(place, e.getMessage(), remedy));
      return Optional.empty();
    }
  }

  /** {@code mnli:acc,none} is an accuracy. */
  private static String compared(Judges judges) {
    if (judges.all().size() != 1) {
      return "";
    }
    String metric = judges.all().get(0).metric().name();
    String name = metric.substring(metric.indexOf(':') + 1).split(",", 2)[0];
    return SHOWN.contains(name) ? name : name.equals("acc") ? "accuracy" : "";
  }

  /** What is wrong with it for a soup of these models; nothing if nothing is. */
  Optional<String> problemWith(List<String> ingredients) {
    List<String> strangers =
        models.stream()
            .filter(model -> ingredients.stream().filter(it -> isOf(model, it)).count() != 1)
            .toList();
    return strangers.isEmpty() && models.size() == ingredients.size()
        ? Optional.empty()
        : Optional.of(
            "the ensemble in %s is of %s, and the soup of %s. Make it of the same models, with tables that are called as they are, such as `stockpot ensemble %s=TABLE`"
                .formatted(
                    place,
                    String.join(", ", models),
                    String.join(", ", ingredients),
                    lastWord(ingredients.get(0))));
  }

  private static boolean isOf(String model, String ingredient) {
    return model.equals(ingredient) || model.equals(lastWord(ingredient));
  }

  private static String lastWord(String path) {
    String bare = path.replaceFirst("/+$", "");
    return bare.substring(bare.lastIndexOf('/') + 1);
  }

  /** What the table of one of the soup's models was measured to be. */
  JsonObject measuresOf(String ingredient) {
    int place =
        IntStream.range(0, models.size())
            .filter(i -> isOf(models.get(i), ingredient))
            .findFirst()
            .orElseThrow();
    return measures.get(place);
  }

  /** What was measured beside the models, and the ensembles. */
  List<JsonObject> others() {
    return measures.subList(models.size(), measures.size());
  }

  /** How many models answer an example, of one of those. */
  int models(JsonObject other) {
    boolean isEnsemble =
        other.text("name").equals("ensemble") || other.text("name").startsWith("ensemble, ");
    return isEnsemble ? models.size() : 1;
  }
}
