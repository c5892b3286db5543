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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The folders that {@code modules.json} of a sentence-transformers model names, such as {@code
 * 1_Pooling}: without them the model embeds in another way, or not at all.
 *
 * @param names of the folders
 * @param files in them
 */
record ModuleFolders(Set<String> names, List<StoredObject> files) {
  private static final String FILE_NAME = "modules.json";
  private static final int MOST_BYTES = 1 << 20;

  /** Those of a model; none where there is no such file, or one that cannot be read. */
  static ModuleFolders of(ObjectSource store, Location folder, FolderFiles files)
      throws IOException {
    Set<String> names = new LinkedHashSet<>();
    List<StoredObject> found = new ArrayList<>();
    Optional<StoredObject> modules = files.find(FILE_NAME);
    if (modules.isPresent() && modules.get().size() <= MOST_BYTES) {
      for (JsonValue module : parse(modules.get().read(store))) {
        String path = module.object().map(named -> named.text("path")).orElse("");
        if (!path.isEmpty() && names.add(path)) { // an empty one is the transformer itself
          found.addAll(list(store, folder, path));
        }
      }
    }
    return new ModuleFolders(names, found);
  }

  private static List<JsonValue> parse(byte[] modules) {
    try {
      return Json.parse(modules).list().orElse(List.of());
    } catch (JsonException e) { // carried as it is: not for us to mend
      return List.of();
    }
  }

  private static List<StoredObject> list(ObjectSource store, Location folder, String path)
      throws IOException {
    try {
      return store.list(folder.child(path));
    } catch (NoSuchFileException | IllegalArgumentException e) { // absent, or leads elsewhere
      return List.of();
    }
  }
}
