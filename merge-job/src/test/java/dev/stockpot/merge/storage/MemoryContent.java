package dev.stockpot.merge.storage;

import java.nio.file.NoSuchFileException;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What a {@link MemoryStore} holds, for this process. */
final class MemoryContent {
  static final class Held {
    final byte[] bytes;
    final String version;

    Held(byte[] bytes, String version) {
      this.bytes = bytes;
      this.version = version;
    }
  }

  final NavigableMap<String, Held> objects = new TreeMap<>();
  final Map<String, byte[]> uploads = new HashMap<>();
  final Map<String, byte[]> finished = new HashMap<>();
  final Map<String, Object> claims = new TreeMap<>();
  final Map<String, Map<String, byte[]>> journals = new HashMap<>();
  final Map<MemoryStore.Request, AtomicLong> counts = new ConcurrentHashMap<>();
  long changes;
  long bytesRead;

  static String version(MemoryContent content) {
    content.changes++;
    return "change:" + content.changes;
  }

  static Held held(MemoryContent content, Location object) throws NoSuchFileException {
    Held held = content.objects.get(object.path());
    if (held == null) {
      throw new NoSuchFileException(object.path());
    }
    return held;
  }

  static NavigableMap<String, Held> below(MemoryContent content, Location folder) {
    String first = folder.path() + "/";
    return content.objects.subMap(first, true, first + Character.MAX_VALUE, true);
  }

  static StoredObject stored(Location location, Held held) {
    return new StoredObject(location, held.bytes.length, held.version);
  }
}
