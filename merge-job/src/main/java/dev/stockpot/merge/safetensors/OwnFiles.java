package dev.stockpot.merge.safetensors;

import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.Place;
import java.util.Optional;

/**
 * What is a model's own: what really lies in its folder, and what a download cache keeps of it
 * elsewhere. A link to anything else would carry foreign files into an output.
 */
record OwnFiles(Place model) {
  static OwnFiles of(Location folder) {
    return new OwnFiles(Place.of(folder));
  }

  /** Why something in the folder is none of them; nothing if it is. */
  Optional<String> obstacle(Location below) {
    Place real = Place.of(below);
    return model.reallyHolds(real) || model.isSnapshotOf(real)
        ? Optional.empty()
        : Optional.of("a link to %s, outside of the model".formatted(real));
  }
}
