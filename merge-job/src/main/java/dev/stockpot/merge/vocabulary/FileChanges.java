package dev.stockpot.merge.vocabulary;

import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonStyle;
import dev.stockpot.merge.json.JsonWriter;
import dev.stockpot.merge.output.Companion;
import dev.stockpot.merge.storage.StoredObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What becomes of the small files that an output gets from its donor. */
final class FileChanges {
  private final Map<String, Optional<Companion>> changes = new LinkedHashMap<>();

  /** Leaves files out. */
  void drop(Collection<String> names) {
    names.forEach(name -> changes.put(name, Optional.empty()));
  }

  /** Takes files of another model. */
  void copy(Map<String, StoredObject> files) {
    files.forEach((name, file) -> changes.put(name, Optional.of(new Companion.Copied(name, file))));
  }

  /** Makes a file. */
  void make(String name, byte[] bytes) {
    changes.put(name, Optional.of(new Companion.Made(name, ByteBuffer.wrap(bytes))));
  }

  /** Makes a file of text. */
  void make(String name, String text) {
    make(name, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Makes a file of JSON, as Python indents it. */
  void make(String name, JsonObject tree) {
    make(name, JsonWriter.text(JsonStyle.PYTHON, tree) + "\n");
  }

  /** The files of an output: those that were to be there, but for what changes. */
  List<Companion> applied(List<Companion> before) {
    Map<String, Companion> files = new LinkedHashMap<>();
    before.forEach(file -> files.put(file.name(), file));
    changes.forEach(
        (name, now) ->
            now.ifPresentOrElse(file -> files.put(name, file), () -> files.remove(name)));
    return new ArrayList<>(files.values());
  }

  /** Names of files that are left out. */
  Set<String> dropped() {
    Map<String, Optional<Companion>> gone = new LinkedHashMap<>(changes);
    gone.values().removeIf(Optional::isPresent);
    return gone.keySet();
  }
}
