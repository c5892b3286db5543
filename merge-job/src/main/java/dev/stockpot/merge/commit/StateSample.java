package dev.stockpot.merge.commit;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.safetensors.CheckpointReader;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.RangeReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The smallest tensors of a round's state, compared with what the manifest beside it lists: those
 * of another round, of the same names and sizes, are found out by some kilobytes.
 *
 * @param folder of the round's result
 */
record StateSample(ObjectSource store, Location folder, JsonObject manifest) {
  /** Of a state: what is looked at twice is not worth a word beside what is read. */
  private static final int SHARE = 10_000;

  private static final long MOST_BYTES = 1 << 20;

  /**
   * Looks at each kind of state.
   *
   * @throws UserException if one is not what was left
   */
  void require() throws IOException {
    for (JsonObject side : manifest.objects(Manifest.SIDES)) {
      Optional<String> kind = Manifest.folder(side);
      if (kind.isPresent() && kind.get().startsWith("state/")) {
        require(side, folder.descendant(kind.get()));
      }
    }
  }

  private void require(JsonObject side, Location kind) throws IOException {
    Map<String, String> listed = new HashMap<>();
    side.objects("shards").stream()
        .flatMap(shard -> shard.objects("tensors").stream())
        .forEach(tensor -> listed.put(tensor.text("name"), tensor.text("crc32c")));
    Collection<TensorInfo> all = CheckpointReader.open(store, kind).tensors().values();
    for (TensorInfo tensor : smallest(all)) {
      String found = crc32c(tensor);
      String known = listed.getOrDefault(tensor.name(), "none");
      if (!found.equals(known)) {
        throw new UserException(
            "%s does not belong to the model beside it: %s in it has the checksum %s, and the manifest lists %s. Take model and state of one round"
                .formatted(kind, tensor.name(), found, known));
      }
    }
  }

  private static List<TensorInfo> smallest(Collection<TensorInfo> all) {
    long left =
        Math.min(MOST_BYTES, all.stream().mapToLong(it -> it.bytes().length()).sum() / SHARE);
    List<TensorInfo> smallest = new ArrayList<>();
    for (TensorInfo tensor :
        all.stream()
            .sorted(
                Comparator.comparingLong((TensorInfo it) -> it.bytes().length())
                    .thenComparing(TensorInfo::name))
            .toList()) {
      left -= tensor.bytes().length();
      if (left < 0) {
        break;
      }
      smallest.add(tensor);
    }
    return smallest;
  }

  private String crc32c(TensorInfo tensor) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(tensor.bytes().length()));
    try (RangeReader reader = store.open(tensor.shard())) {
      reader.read(tensor.bytes().begin(), bytes);
    }
    CRC32C crc = new CRC32C();
    crc.update(bytes.flip());
    return ShardSums.digits(crc);
  }
}
