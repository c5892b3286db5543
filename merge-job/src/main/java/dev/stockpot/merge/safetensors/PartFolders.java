package dev.stockpot.merge.safetensors;

import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The folders that a model's list of parts names: {@code modules.json} of sentence-transformers,
 * such as {@code 1_Pooling}, without which the model embeds in another way, or not at all; {@code
 * model_index.json} of a diffusers pipeline, such as {@code unet}.
 *
 * @param kinds what each part is, by its folder, in the order of the list
 * @param files in each folder
 * @param foreign folders from which links lead out of the model: no weights are read there
 * @param isChain whether the parts run one after the other
 */
record PartFolders(
    Map<String, String> kinds,
    Map<String, List<StoredObject>> files,
    Set<String> foreign,
    boolean isChain) {
  static final PartFolders NONE = new PartFolders(Map.of(), Map.of(), Set.of(), false);

  static final String PIPELINE = "model_index.json";

  private static final String MODULES = "modules.json";
  private static final int MOST_BYTES = 1 << 20;

  /** Those of a model; none where there is no such list, or one that cannot be read. */
  static PartFolders of(ObjectSource store, Location folder, FolderFiles files) throws IOException {
    Map<String, String> kinds = new LinkedHashMap<>();
    Optional<StoredObject> modules = list(files, MODULES);
    Optional<StoredObject> pipeline = list(files, PIPELINE);
    if (modules.isPresent()) {
      parse(modules.get().read(store)).list().orElse(List.of()).forEach(it -> add(it, kinds));
    } else if (pipeline.isPresent()) {
      JsonObject listed = parse(pipeline.get().read(store)).object().orElse(JsonObject.EMPTY);
      listed.fields().forEach((name, value) -> addComponent(name, value, kinds));
    }
    Map<String, List<StoredObject>> found = new LinkedHashMap<>();
    Set<String> foreign = new HashSet<>();
    OwnFiles own = OwnFiles.of(folder);
    for (String name : kinds.keySet()) {
      found.put(name, files(store, folder, name));
      if (found.get(name).stream().anyMatch(file -> own.obstacle(file.location()).isPresent())) {
        foreign.add(name);
      }
    }
    return new PartFolders(kinds, found, foreign, modules.isPresent());
  }

  private static Optional<StoredObject> list(FolderFiles files, String name) {
    return files.find(name).filter(file -> file.size() <= MOST_BYTES);
  }

  private static JsonValue parse(byte[] list) {
    try {
      return Json.parse(list);
    } catch (JsonException e) { // carried as it is: not for us to mend
      return JsonValue.nothing();
    }
  }

  /** A module; one without a path is the transformer in the folder itself. */
  private static void add(JsonValue module, Map<String, String> kinds) {
    JsonObject named = module.object().orElse(JsonObject.EMPTY);
    String path = named.text("path");
    if (!path.isEmpty()) {
      kinds.putIfAbsent(path, plain(named.text("type")));
    }
  }

  /** A class without where it lies, which each version of a library says otherwise. */
  private static String plain(String type) {
    return type.substring(type.lastIndexOf('.') + 1);
  }

  /** A component: a library and a class of it, which are null where a pipeline does without. */
  private static void addComponent(String name, JsonValue value, Map<String, String> kinds) {
    List<String> words =
        value.list().orElse(List.of()).stream().flatMap(it -> it.text().stream()).toList();
    if (words.size() == 2) {
      kinds.put(name, plain(words.get(1)));
    }
  }

  private static List<StoredObject> files(ObjectSource store, Location folder, String path)
      throws IOException {
    try {
      return store.list(folder.child(path));
    } catch (FileSystemException | IllegalArgumentException e) { // absent, or leads elsewhere
      return List.of();
    }
  }

  /** Those that hold weights that can be read. */
  List<String> withWeights() {
    return kinds.keySet().stream()
        .filter(name -> !new FolderFiles(files.get(name)).weights().isEmpty())
        .filter(name -> !foreign.contains(name))
        .toList();
  }

  /** Those that hold weights, and none that can be read. */
  List<String> withPickles() {
    List<String> readable = withWeights();
    List<String> found = new ArrayList<>();
    for (String name : kinds.keySet()) {
      boolean holdsWeights =
          files.get(name).stream()
              .map(file -> FileKind.ofFile(file.location().name()))
              .anyMatch(kind -> kind.filter(FileKind.WEIGHTS::equals).isPresent());
      if (holdsWeights && !readable.contains(name)) {
        found.add(name);
      }
    }
    return found;
  }
}
