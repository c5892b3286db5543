package dev.stockpot.merge.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stockpot.merge.Secrets;
import dev.stockpot.merge.commit.ChosenBy;
import dev.stockpot.merge.commit.OutputFiles;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.report.Report;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.PendingFolder;
import dev.stockpot.merge.storage.Replaceable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The folder that tells of a path: a report, the recipe of each point, and a manifest.
 *
 * @param recipe that asked for the path, as it was written
 * @param inputs digest of what scores hang on beside it
 */
record PathOutput(ObjectStore store, Location folder, String recipe, String inputs) {
  String page() {
    return folder.path() + "/" + Report.PAGE;
  }

  /**
   * Writes it: a reader sees all of it or nothing.
   *
   * @param recipes of the points, by name of the file
   */
  void publish(List<JsonObject> trials, Map<String, String> recipes, Replaceable replaceable)
      throws IOException {
    String barrier = ScoredPath.of(trials, page(), /* isAlreadyThere= */ false).sentence();
    Report.Heading heading =
        new Report.Heading(
            "Path report", "path", Optional.empty(), recipe, List.of(barrier), trials);
    Map<String, ByteBuffer> files = new LinkedHashMap<>(Report.ofTrials(heading).files());
    recipes.forEach(
        (name, text) -> files.put("recipes/" + name, UTF_8.encode(Secrets.hidden(text))));
    Map<String, ByteBuffer> all =
        OutputFiles.ofTrials(
            recipe,
            new ChosenBy(recipe, inputs, trials, List.of(), List.of(), Optional.empty()),
            Map.of("stockpot", BuildVersion.stockpot()),
            files);
    try (PendingFolder pending = store.create(folder, replaceable)) {
      pending.publish(all);
    }
  }
}
