package dev.stockpot.merge.run;

import dev.stockpot.merge.Sha256;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.RangeReader;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * SHA-256 of the weights of models: of one file's bytes or, of several, of the lines that {@code
 * sha256sum} prints for them in the order of their names. What a store knows is not read.
 */
final class ModelDigests {
  /** More would take longer than a plan should: at about 1 GB/s. */
  static final long MOST_BYTES = 4L << 30;

  private static final int PIECE_BYTES = 8 << 20;

  private final ObjectSource store;
  private final Map<StoredObject, String> read = new HashMap<>();

  ModelDigests(ObjectSource store) {
    this.store = store;
  }

  /** Nothing, if they are too large to be read for that. */
  Optional<String> of(Model model) throws IOException {
    List<StoredObject> files =
        model.shards().stream()
            .sorted(Comparator.comparing(file -> file.location().name()))
            .toList();
    long unknown =
        files.stream().filter(file -> known(file).isEmpty()).mapToLong(StoredObject::size).sum();
    if (unknown > MOST_BYTES) {
      return Optional.empty();
    }
    StringBuilder lines = new StringBuilder();
    for (StoredObject file : files) {
      lines.append("%s  %s\n".formatted(digest(file), file.location().name()));
    }
    return Optional.of(files.size() == 1 ? digest(files.get(0)) : Sha256.of(lines.toString()));
  }

  private static Optional<String> known(StoredObject file) {
    return KnownDigest.of(file).filter(KnownDigest::isSha256).map(KnownDigest::digits);
  }

  private String digest(StoredObject file) throws IOException {
    Optional<String> known = known(file);
    if (known.isPresent()) {
      return known.get();
    }
    String there = read.get(file);
    if (there == null) {
      there = read(file);
      read.put(file, there);
    }
    return there;
  }

  private String read(StoredObject file) throws IOException {
    Sha256 digest = new Sha256();
    try (RangeReader reader = store.open(file)) {
      for (long at = 0; at < file.size(); at += PIECE_BYTES) {
        ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE_BYTES, file.size() - at));
        reader.read(at, piece);
        digest.add(piece.flip());
      }
    }
    return digest.hexadecimal();
  }
}
