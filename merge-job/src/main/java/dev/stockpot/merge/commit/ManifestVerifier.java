package dev.stockpot.merge.commit;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.checkpoint.Checkpoint;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonStyle;
import dev.stockpot.merge.json.JsonWriter;
import dev.stockpot.merge.safetensors.CheckpointReader;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.RangeReader;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.zip.CRC32C;

/** Compares a merged checkpoint with the manifest beside it. */
public final class ManifestVerifier {
  private static final int BUFFER_BYTES = 1 << 20;
  private static final int MOST_MANIFEST_BYTES = 256 << 20;

  private final ObjectSource store;
  private final Checkpoint checkpoint;
  private final JsonObject manifest;
  private final Map<String, ListedFile> listed;
  private final Set<String> shards = new HashSet<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private final Map<StoredObject, ShardSums> sums = new HashMap<>();
  private final Map<String, String> digests = new TreeMap<>();
  private LongConsumer heard = bytes -> {};
  private boolean wantsDigests;

  private ManifestVerifier(ObjectSource store, Checkpoint checkpoint, JsonObject manifest) {
    this.store = store;
    this.checkpoint = checkpoint;
    this.manifest = manifest;
    this.listed = ListedFile.in(manifest);
    Manifest.allShards(manifest).forEach(shard -> shards.add(shard.text("file")));
  }

  /**
   * Reads headers and manifest.
   *
   * @throws UserException if there is no checkpoint, or no manifest that can be read
   */
  public static ManifestVerifier open(ObjectSource store, Location folder) throws IOException {
    Location location = folder.child(Manifest.FILE_NAME);
    Optional<StoredObject> found = store.find(location);
    if (found.isEmpty()) {
      CheckpointReader.open(store, folder); // if there is none, that is to be said
      throw new UserException(
          "%s does not exist: only what Stockpot merged can be verified".formatted(location));
    }
    StoredObject object = found.get();
    if (object.size() > MOST_MANIFEST_BYTES) {
      throw new UserException(
          "%s has %s bytes, too many for a manifest".formatted(location, object.size()));
    }
    try {
      JsonObject manifest = Json.parse(object.read(store)).object().orElse(JsonObject.EMPTY);
      if (manifest.whole("format", 0) != Manifest.FORMAT) {
        throw new UserException(
            "%s has format %s, this version reads %s"
                .formatted(location, format(manifest), Manifest.FORMAT));
      }
      return new ManifestVerifier(store, ManifestedFiles.of(store, folder, manifest), manifest);
    } catch (JsonException e) {
      throw new UserException("%s is not valid JSON: %s".formatted(location, e.getMessage()), e);
    }
  }

  private static String format(JsonObject manifest) {
    return manifest
        .get("format")
        .map(format -> JsonWriter.text(JsonStyle.COMPACT, format))
        .orElse("");
  }

  /** This one, which tells how many bytes of tensors it has read, with each piece. */
  public ManifestVerifier tellingOf(LongConsumer bytesRead) {
    heard = bytesRead;
    return this;
  }

  public int tensors() {
    return checkpoint.tensors().size();
  }

  public long bytes() {
    return checkpoint.tensors().values().stream()
        .mapToLong(tensor -> tensor.bytes().length())
        .sum();
  }

  /**
   * SHA-256 of each file by its name, those in folders with their folders; what is listed alone.
   */
  public Map<String, String> digests() {
    return wantsDigests ? Map.copyOf(digests) : Map.of();
  }

  /**
   * The same as {@link #verify}, in a reading that finds {@link #digests}, too. SHA-256 takes a
   * core about two seconds a gigabyte.
   */
  public List<String> verifyAndDigest() throws IOException {
    wantsDigests = true;
    List<String> problems = verify();
    for (JsonObject shard : Manifest.allShards(manifest)) { // also one without a tensor
      digest(shard.text("file"), shard.text(ListedFile.SHA256), problems);
    }
    for (Map.Entry<String, ListedFile> file : listed.entrySet()) {
      if (shards.contains(file.getKey()) || file.getValue().sha256().isEmpty()) {
        digest(file.getKey(), file.getValue().sha256(), problems); // all others are known
      }
    }
    digest(Manifest.FILE_NAME, "", problems);
    return problems;
  }

  /** Compares files whose tensors have no checksums, such as a tokenizer, by their digests. */
  private void compareFiles(List<String> problems) throws IOException {
    for (Map.Entry<String, ListedFile> file : listed.entrySet()) {
      if (shards.contains(file.getKey())) {
        continue;
      }
      if (!file.getValue().sha256().isEmpty()) {
        digest(file.getKey(), file.getValue().sha256(), problems);
      } else if (!wantsDigests && find(file.getKey()).isEmpty()) {
        problems.add("%s is missing".formatted(file.getKey()));
      }
    }
  }

  /**
   * Adds the digest of a file.
   *
   * @param known what it was when it was written down; empty if nobody did
   */
  private void digest(String name, String known, List<String> problems) throws IOException {
    if (!digests.containsKey(name)) {
      Optional<StoredObject> file = find(name);
      if (file.isEmpty()) {
        problems.add("%s is missing".formatted(name));
        return;
      }
      digests.put(name, ShardSums.of(store, file.get(), List.of()).sha256());
    }
    if (!known.isEmpty() && !known.equals(digests.get(name))) {
      problems.add(
          "%s was changed or damaged: SHA-256 %s, was %s"
              .formatted(name, digests.get(name), known));
    }
  }

  private Optional<StoredObject> find(String name) throws IOException {
    try {
      return store.find(checkpoint.folder().descendant(name));
    } catch (IllegalArgumentException e) { // whoever wrote the manifest, it was not us
      return Optional.empty();
    }
  }

  /** Everything that differs, a line each: tensors, and the files beside them. */
  public List<String> verify() throws IOException {
    List<String> problems = new ArrayList<>();
    compare(manifest, checkpoint, problems);
    for (JsonObject side : manifest.objects(Manifest.SIDES)) {
      Optional<String> folder = Manifest.folder(side);
      if (folder.isPresent()) {
        problems.addAll(beside(side, folder.get()));
      }
    }
    compareFiles(problems);
    return problems;
  }

  private List<String> beside(JsonObject side, String folder) throws IOException {
    List<String> problems = new ArrayList<>();
    try {
      Location place = checkpoint.folder().descendant(folder);
      compare(side, CheckpointReader.open(store, place), problems);
    } catch (UserException e) {
      problems.add(e.getMessage());
    } catch (IllegalArgumentException e) { // whoever wrote the manifest, it was not us
      problems.add("%s cannot lie in %s".formatted(folder, checkpoint.folder()));
    }
    return problems;
  }

  private void compare(JsonObject made, Checkpoint there, List<String> problems)
      throws IOException {
    Map<String, TensorInfo> unknown = new TreeMap<>(there.tensors());
    for (JsonObject shard : made.objects("shards")) {
      String file = shard.text("file");
      for (JsonObject tensor : shard.objects("tensors")) {
        String name = tensor.text("name");
        TensorInfo info = unknown.remove(name);
        if (info == null || !checkpoint.nameOf(info.shard()).equals(file)) {
          problems.add("%s is missing from %s".formatted(name, file));
          continue;
        }
        String wasType = tensor.text("dtype") + " " + tensor.text("shape");
        String isType = info.dtype() + " " + info.shape();
        if (!isType.equals(wasType)) {
          problems.add("%s in %s is %s, was %s".formatted(name, file, isType, wasType));
        }
        String checksum = tensor.text("crc32c");
        String found = wantsDigests ? sums(info, file, there) : crc32c(info);
        if (!found.equals(checksum)) {
          problems.add(
              "%s in %s was changed or damaged: checksum %s, was %s"
                  .formatted(name, file, found, checksum));
        }
      }
    }
    for (TensorInfo tensor : unknown.values()) {
      String file = checkpoint.nameOf(tensor.shard());
      if (!listed.containsKey(file)) { // a file that was copied is compared as a whole
        problems.add("%s in %s is not in the manifest".formatted(tensor.name(), file));
      }
    }
  }

  /** The checksum of a tensor; its shard is read for all of them at once. */
  private String sums(TensorInfo tensor, String file, Checkpoint there) throws IOException {
    ShardSums known = sums.get(tensor.shard());
    if (known == null) {
      List<TensorInfo> beside =
          there.tensors().values().stream()
              .filter(other -> other.shard().equals(tensor.shard()))
              .toList();
      known = ShardSums.of(store, tensor.shard(), beside);
      heard.accept(beside.stream().mapToLong(other -> other.bytes().length()).sum());
      sums.put(tensor.shard(), known);
      digests.put(file, known.sha256());
    }
    return known.crc32c().get(tensor.name());
  }

  private String crc32c(TensorInfo tensor) throws IOException {
    CRC32C crc = new CRC32C();
    try (RangeReader reader = store.open(tensor.shard())) {
      for (long at = tensor.bytes().begin(); at < tensor.bytes().end(); at += buffer.limit()) {
        buffer.clear().limit((int) Math.min(BUFFER_BYTES, tensor.bytes().end() - at));
        reader.read(at, buffer);
        crc.update(buffer.flip());
        heard.accept(buffer.limit());
      }
    }
    return ShardSums.digits(crc);
  }
}
