package dev.stockpot.merge.safetensors;

import dev.stockpot.merge.storage.StoredObject;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The files of a folder, by name. */
final class FolderFiles {
  private static final String SAFETENSORS = ".safetensors";

  /** What the libraries of adapters call theirs. */
  private static final String ADAPTER = "adapter_";

  private final Map<String, StoredObject> byName = new LinkedHashMap<>();

  FolderFiles(List<StoredObject> files) {
    files.forEach(file -> byName.put(file.location().name(), file));
  }

  static boolean isSafetensors(String name) {
    return name.endsWith(SAFETENSORS);
  }

  static boolean isAdapter(String name) {
    return name.startsWith(ADAPTER);
  }

  Optional<StoredObject> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  boolean has(String name) {
    return byName.containsKey(name);
  }

  List<StoredObject> named(Collection<String> names) {
    return byName.values().stream().filter(file -> names.contains(file.location().name())).toList();
  }

  List<String> names() {
    return List.copyOf(byName.keySet());
  }

  /** Those that may be weights of the model. */
  List<String> weights() {
    return byName.keySet().stream()
        .filter(name -> isSafetensors(name) && !isAdapter(name))
        .toList();
  }
}
