package dev.stockpot.merge.safetensors;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.checkpoint.Checkpoint;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.MemoryStore;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Folders in memory that hold models, or do not. */
final class Folders {
  static final Location FOLDER = new Location("s3://models/a");

  final MemoryStore store = new MemoryStore();

  /**
   * Writes a shard of tensors.
   *
   * @param path below the folder
   */
  Folders shard(String path, String... tensors) {
    store.write(FOLDER.descendant(path), ShardBytes.shardOf(tensors));
    return this;
  }

  Folders text(String path, String text) {
    store.write(FOLDER.descendant(path), text.getBytes(UTF_8));
    return this;
  }

  /** Writes empty files. */
  Folders files(String... paths) {
    List.of(paths).forEach(path -> text(path, ""));
    return this;
  }

  Folders index(String path, Map<String, String> weightMap) {
    store.write(FOLDER.descendant(path), new ShardIndex(weightMap).encode(0).array());
    return this;
  }

  Checkpoint open() throws IOException {
    return CheckpointReader.open(store, FOLDER);
  }

  Checkpoint openWithFolders() throws IOException {
    return CheckpointReader.openWithFolders(store, FOLDER);
  }

  void assertProblem(String problem) {
    assertThatThrownBy(this::open)
        .isInstanceOf(CheckpointException.class)
        .hasMessage("Checkpoint s3://models/a cannot be used:\n- " + problem);
  }
}
