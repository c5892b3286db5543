package dev.stockpot.merge.run;

import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.recipe.Stage;
import dev.stockpot.merge.storage.Location;
import java.util.HashMap;
import java.util.Map;

/**
 * Where stages go that are written before the merge that takes them, and which of them are there.
 *
 * @param folder beside the output
 * @param keepsAll whether every stage is wanted there
 * @param there those that are written, by name
 */
record StageFolder(Location folder, boolean keepsAll, Map<String, Model> there) {
  /** Longer names are cut: file systems end at 255 bytes. */
  private static final int MOST_CHARACTERS = 60;

  StageFolder {
    there = Map.copyOf(there);
  }

  /** Of an output, or of none that is known. */
  static StageFolder beside(Location output, boolean keepsAll) {
    return new StageFolder(new Location(output.path() + "-stages"), keepsAll, Map.of());
  }

  /** The folder of one stage. Names may be alike but for what no folder can be called. */
  Location of(Stage stage) {
    String plain = stage.name().replaceAll("[^A-Za-z0-9._-]", "_");
    boolean isChanged =
        !plain.equals(stage.name()) || plain.length() > MOST_CHARACTERS || plain.startsWith(".");
    return folder.child(
        isChanged
            ? "%s-%08x"
                .formatted(
                    plain.substring(0, Math.min(MOST_CHARACTERS, plain.length())).replace(".", "_"),
                    stage.name().hashCode())
            : plain);
  }

  /** With one more that is written. */
  StageFolder with(String name, Model model) {
    Map<String, Model> more = new HashMap<>(there);
    more.put(name, model);
    return new StageFolder(folder, keepsAll, more);
  }
}
