package dev.stockpot.merge.run;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.recipe.Stage;
import dev.stockpot.merge.storage.Location;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Where stages of an output go that are written before the merge that takes them, and which of them
 * are there.
 *
 * @param output beside which they go
 * @param keepsAll whether every stage is to be written, and stays
 * @param there those that are written, by name
 */
record StageFolder(Location output, boolean keepsAll, Map<String, Model> there) {
  /** Longer names are cut: file systems end at 255 bytes. */
  private static final int MOST_CHARACTERS = 60;

  StageFolder {
    requireNonNull(output, "output is null");
    there = Map.copyOf(there);
  }

  /** Of an output, before any stage is written. */
  static StageFolder beside(Location output, boolean keepsAll) {
    return new StageFolder(output, keepsAll, Map.of());
  }

  /** Where stages stay that were asked for. */
  static Location kept(Location output) {
    return new Location(output.path() + "-stages");
  }

  /** Where stages lie that go once the merge is done. */
  static Location scratch(Location output) {
    return new Location(output.path() + "-scratch");
  }

  /** The folder of one stage. Names may be alike but for what no folder can be called. */
  Location of(Stage stage) {
    String plain = stage.name().replaceAll("[^A-Za-z0-9._-]", "_");
    boolean isChanged =
        !plain.equals(stage.name()) || plain.length() > MOST_CHARACTERS || plain.startsWith(".");
    return (keepsAll ? kept(output) : scratch(output))
        .child(
            isChanged
                ? String.format(
                    Locale.ROOT,
                    "%s-%08x",
                    plain.substring(0, Math.min(MOST_CHARACTERS, plain.length())).replace(".", "_"),
                    stage.name().hashCode())
                : plain);
  }

  /** With one more that is written. */
  StageFolder with(String name, Model model) {
    Map<String, Model> more = new HashMap<>(there);
    more.put(name, model);
    return new StageFolder(output, keepsAll, more);
  }
}
