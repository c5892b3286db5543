package dev.stockpot.merge.commit;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.Secrets;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * How a recipe was chosen.
 *
 * @param recipe that asked for trials, as it was written, without what looks like a key
 * @param inputs digest of what the bytes of candidates hang on beside their recipes
 * @param trials every candidate in order, with its scores
 * @param tests scores by which nothing was chosen: the best is the last of them
 * @param alternatives to the choice, a row each; none if it was not asked for them
 * @param state where a search that keeps one stands at its end, from which another can go on
 */
public record ChosenBy(
    String recipe,
    String inputs,
    List<JsonObject> trials,
    List<JsonObject> tests,
    List<JsonObject> alternatives,
    Optional<JsonObject> state) {
  public ChosenBy {
    recipe = Secrets.hidden(recipe);
    requireNonNull(inputs, "inputs are null");
    trials = List.copyOf(trials);
    tests = List.copyOf(tests);
    alternatives = List.copyOf(alternatives);
  }

  /** As a manifest has it. */
  JsonObject json() {
    JsonObject json =
        JsonObject.EMPTY.with("recipe", recipe).with("inputs", inputs).with("trials", trials);
    json = tests.isEmpty() ? json : json.with("tests", tests);
    json = alternatives.isEmpty() ? json : json.with("alternatives", alternatives);
    return state.isPresent() ? json.with("state", state.get()) : json;
  }

  private static ChosenBy of(JsonObject json) {
    return new ChosenBy(
        json.text("recipe"),
        json.text("inputs"),
        json.objects("trials"),
        json.objects("tests"),
        json.objects("alternatives"),
        json.object("state"));
  }

  /**
   * What trials chose for a folder before: the same trials would choose it again.
   *
   * @param asked for trials, as it was written
   * @param inputs digest of what the bytes of candidates hang on beside their recipes
   */
  public static Optional<Before> in(
      ObjectSource store, Location folder, String asked, String inputs) throws IOException {
    Optional<JsonObject> manifest = Manifest.in(store, folder);
    return manifest
        .flatMap(tree -> tree.object(Manifest.CHOSEN))
        .map(ChosenBy::of)
        .filter(by -> by.recipe().equals(Secrets.hidden(asked)) && by.inputs().equals(inputs))
        .map(by -> new Before(manifest.orElseThrow().text("recipe"), by));
  }

  /**
   * A choice of before.
   *
   * @param recipe that was chosen
   */
  public record Before(String recipe, ChosenBy by) {}
}
