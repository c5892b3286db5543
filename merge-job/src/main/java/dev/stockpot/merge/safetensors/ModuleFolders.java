package dev.stockpot.merge.safetensors;

import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonValue;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The folders that {@code modules.json} of a sentence-transformers model names, such as {@code
 * 1_Pooling}: without them the model embeds in another way, or not at all.
 */
final class ModuleFolders {
  private static final String FILE_NAME = "modules.json";
  private static final int MOST_BYTES = 1 << 20;

  private final ObjectSource store;
  private final Location folder;

  ModuleFolders(ObjectSource store, Location folder) {
    this.store = store;
    this.folder = folder;
  }

  /** The files in those folders; none where there is no such file, or one that cannot be read. */
  List<StoredObject> files(FolderFiles files) throws IOException {
    Optional<StoredObject> modules = files.find(FILE_NAME);
    if (modules.isEmpty() || modules.get().size() > MOST_BYTES) {
      return List.of();
    }
    List<StoredObject> found = new ArrayList<>();
    for (JsonValue module : parse(modules.get())) {
      found.addAll(list(module.object().map(named -> named.text("path")).orElse("")));
    }
    return found;
  }

  private List<JsonValue> parse(StoredObject modules) throws IOException {
    try {
      return Json.parse(modules.read(store)).list().orElse(List.of());
    } catch (JsonException e) { // carried as it is: not for us to mend
      return List.of();
    }
  }

  private List<StoredObject> list(String path) throws IOException {
    if (path.isEmpty()) {
      return List.of(); // the transformer itself
    }
    try {
      return store.list(folder.child(path));
    } catch (NoSuchFileException | IllegalArgumentException e) { // absent, or leads elsewhere
      return List.of();
    }
  }
}
