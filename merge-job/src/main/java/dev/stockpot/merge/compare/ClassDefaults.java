package dev.stockpot.merge.compare;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What classes of {@code transformers} take where a configuration is silent, of the keys that
 * change what a model computes: {@code defaults.tsv}, which {@code checks/models/class_defaults.py}
 * writes.
 */
final class ClassDefaults {
  private static final String TABLE = "defaults.tsv";
  private static final Map<String, Map<String, String>> BY_TYPE = read();
  private static final Set<String> KEYS =
      BY_TYPE.values().stream()
          .flatMap(defaults -> defaults.keySet().stream())
          .collect(Collectors.toUnmodifiableSet());

  private ClassDefaults() {}

  /** Whether the silence of some class about a key is known. */
  static boolean know(String key) {
    return KEYS.contains(key);
  }

  /** Whether a type of models is known. */
  static boolean knowType(String modelType) {
    return BY_TYPE.containsKey(modelType);
  }

  /** What a class takes; {@code null} for nothing, empty where its silence is not known. */
  static Optional<String> of(String modelType, String key) {
    return Optional.ofNullable(BY_TYPE.getOrDefault(modelType, Map.of()).get(key));
  }

  private static Map<String, Map<String, String>> read() {
    Map<String, Map<String, String>> types = new HashMap<>();
    try (InputStream table = ClassDefaults.class.getResourceAsStream(TABLE);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(table, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith("#")) {
          String[] cells = line.split("\t", -1);
          Map<String, String> defaults = new HashMap<>();
          for (int i = 1; i < cells.length; i++) {
            int equals = cells[i].indexOf('=');
            defaults.put(cells[i].substring(0, equals), cells[i].substring(equals + 1));
          }
          types.put(cells[0], Map.copyOf(defaults));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Map.copyOf(types);
  }
}
