package dev.stockpot.merge.safetensors;

import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What lies beside a checkpoint: everything goes along that is neither weights nor code nor of no
 * use without the rest; what stays is named, with why.
 */
final class Companions {
  /** A model has a handful. */
  private static final int MOST_FILES = 1_000;

  private static final int MOST_LEVELS = 4;

  /** A tokenizer has up to 35 MB. */
  private static final long MOST_BYTES = 256L << 20;

  private final ObjectSource store;
  private final Location folder;
  private final OwnFiles own;
  private final Map<String, StoredObject> carried = new LinkedHashMap<>();
  private final Map<String, String> left = new LinkedHashMap<>();

  Companions(ObjectSource store, Location folder) {
    this.store = store;
    this.folder = folder;
    this.own = OwnFiles.of(folder);
  }

  /** Those that go along, by their names below the folder. */
  Map<String, StoredObject> carried() {
    return carried;
  }

  /** Those that do not, with why. */
  Map<String, String> left() {
    return left;
  }

  /**
   * Takes the files of the folder.
   *
   * @param known names of what is read otherwise: shards, index, configuration
   */
  void addFiles(FolderFiles files, Set<String> known) {
    for (String name : files.names()) {
      if (!known.contains(name)) {
        files.find(name).ifPresent(file -> add(name, file));
      }
    }
  }

  /** Names those that nobody can name. */
  void addUnspelled() throws IOException {
    for (String name : store.unspelled(folder)) {
      left.put(
          name,
          "its name cannot be spelled in this process's language: set LC_ALL=C.UTF-8, or rename"
              + " it");
    }
  }

  private void add(String name, StoredObject file) {
    Optional<FileKind> kind = FileKind.ofFile(file.location().name());
    if (kind.filter(FileKind::isMissedByNobody).isPresent()) {
      return;
    }
    Optional<String> obstacle = kind.map(FileKind::why).or(() -> obstacle(file));
    if (obstacle.isPresent()) {
      left.put(name, obstacle.get());
    } else {
      carried.put(name, file);
    }
  }

  /** What is wrong with a folder that holds more than anybody can have meant to go along. */
  Optional<String> excess() {
    return carried.size() <= MOST_FILES
        ? Optional.empty()
        : Optional.of(
            "%s files lie beside its weights, and at most %s go along with a model. Move away what does not belong to it"
                .formatted(carried.size(), MOST_FILES));
  }

  private Optional<String> obstacle(StoredObject file) {
    return file.size() > MOST_BYTES
        ? Optional.of("%s bytes, more than %s".formatted(file.size(), MOST_BYTES))
        : own.obstacle(file.location());
  }

  /**
   * Takes the folders in the folder, each with all that is in it: one that holds weights stays as a
   * whole.
   *
   * @param parts names of folders whose files are taken one by one
   */
  void addFolders(Set<String> parts) throws IOException {
    for (Location below : store.folders(folder)) {
      String name = below.name();
      Optional<FileKind> kind = FileKind.ofFolder(name);
      if (parts.contains(name) || kind.filter(FileKind::isMissedByNobody).isPresent()) {
        continue;
      }
      if (kind.isPresent()) {
        left.put(name + "/", kind.get().why());
        continue;
      }
      Map<String, StoredObject> found = new TreeMap<>();
      Optional<String> obstacle = gather(below, name + "/", 1, found);
      if (obstacle.isPresent()) {
        left.put(name + "/", obstacle.get());
      } else {
        found.forEach(this::add);
      }
    }
  }

  /** Takes all that is in a folder, and says why it may not go along. */
  private Optional<String> gather(
      Location below, String prefix, int level, Map<String, StoredObject> found)
      throws IOException {
    if (level > MOST_LEVELS) {
      return Optional.of("folders in it are nested deeper than %s levels".formatted(MOST_LEVELS));
    }
    Optional<String> foreign = own.obstacle(below);
    if (foreign.isPresent()) {
      return foreign;
    }
    try {
      for (StoredObject file : store.list(below)) {
        String name = file.location().name();
        if (FileKind.ofFile(name).filter(kind -> kind == FileKind.WEIGHTS).isPresent()) {
          return Optional.of("holds weights");
        }
        found.put(prefix + name, file);
        if (found.size() + carried.size() > MOST_FILES) {
          return Optional.of("holds too many files: more than %s go along".formatted(MOST_FILES));
        }
      }
      for (Location deeper : store.folders(below)) {
        Optional<String> obstacle = gather(deeper, prefix + deeper.name() + "/", level + 1, found);
        if (obstacle.isPresent()) {
          return obstacle;
        }
      }
      return Optional.empty();
    } catch (FileSystemException e) { // gone, or not for us to see
      return Optional.of("cannot be read");
    }
  }

  /** Takes files of parts of the model, which lie in folders of their own. */
  void addParts(List<StoredObject> files) {
    for (StoredObject file : files) {
      add(file.location().path().substring(folder.path().length() + 1), file);
    }
  }
}
