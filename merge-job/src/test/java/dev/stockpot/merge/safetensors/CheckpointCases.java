package dev.stockpot.merge.safetensors;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stockpot.merge.checkpoint.Checkpoint;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.MemoryStore;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Folders of checkpoints in memory. */
abstract class CheckpointCases {
  static final Location FOLDER = new Location("s3://models/a");
  static final String FIRST = "model-00001-of-00002.safetensors";
  static final String INDEX = "model.safetensors.index.json";
  static final String SECOND = "model-00002-of-00002.safetensors";
  final MemoryStore store = new MemoryStore();

  void write(String name, byte[] bytes) {
    store.write(FOLDER.child(name), bytes);
  }

  void write(String name, String text) {
    write(name, text.getBytes(UTF_8));
  }

  void writeIndex(Map<String, String> weightMap) {
    write(INDEX, new ShardIndex(weightMap).encode(0).array());
  }

  Checkpoint open() throws IOException {
    return CheckpointReader.open(store, FOLDER);
  }

  static List<String> names(List<StoredObject> objects) {
    return objects.stream().map(object -> object.location().name()).toList();
  }
}
