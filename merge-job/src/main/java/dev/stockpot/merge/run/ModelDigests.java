package dev.stockpot.merge.run;

import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.RangeReader;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * SHA-256 of the weights of models: of the bytes of all their files, in the order of their names.
 * What a store knows is not read.
 */
final class ModelDigests {
  /** More would take longer than a plan should: at about 1 GB/s. */
  static final long MOST_BYTES = 4L << 30;

  private static final int PIECE_BYTES = 8 << 20;

  private final ObjectSource store;
  private final Map<List<StoredObject>, String> known = new HashMap<>();

  ModelDigests(ObjectSource store) {
    this.store = store;
  }

  /** Nothing, if they are too large to be read for that. */
  Optional<String> of(Model model) throws IOException {
    List<StoredObject> files =
        model.shards().stream()
            .sorted(Comparator.comparing(file -> file.location().name()))
            .toList();
    if (files.size() == 1
        && KnownDigest.of(files.get(0)).filter(KnownDigest::isSha256).isPresent()) {
      return KnownDigest.of(files.get(0)).map(KnownDigest::digits);
    }
    if (files.stream().mapToLong(StoredObject::size).sum() > MOST_BYTES) {
      return Optional.empty();
    }
    String there = known.get(files);
    if (there == null) {
      there = read(files);
      known.put(files, there);
    }
    return Optional.of(there);
  }

  private String read(List<StoredObject> files) throws IOException {
    MessageDigest digest = sha256();
    for (StoredObject file : files) {
      try (RangeReader reader = store.open(file)) {
        for (long at = 0; at < file.size(); at += PIECE_BYTES) {
          byte[] piece = new byte[(int) Math.min(PIECE_BYTES, file.size() - at)];
          reader.read(at, ByteBuffer.wrap(piece));
          digest.update(piece);
        }
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
