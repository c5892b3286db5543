package dev.stockpot.merge.structure;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What was measured of model types where rules alone would be wrong: {@code families.tsv}, which
 * {@code checks/models/structures.py} writes.
 */
final class Families {
  private static final String TABLE = "families.tsv";
  private static final int COLUMNS = 6;

  /**
   * One model type.
   *
   * @param tied whether head and embedding are one where the configuration is silent
   * @param count the key that counts the blocks of its language model
   * @param period after how many layers their kinds repeat where the configuration does not list
   *     them; 1 if all are of one kind
   * @param counts keys of stacks that rules do not find, by the prefix of their tensors
   * @param twins names of tensors that loaders fill from another tensor, and that other's
   */
  record Family(
      boolean tied,
      String count,
      int period,
      Map<String, String> counts,
      Map<String, String> twins) {
    Family {
      counts = Map.copyOf(counts);
      twins = Map.copyOf(twins);
    }
  }

  private static final Map<String, Family> ALL = read();

  private Families() {}

  static Optional<Family> of(String modelType) {
    return Optional.ofNullable(ALL.get(modelType));
  }

  static int size() {
    return ALL.size();
  }

  private static Map<String, Family> read() {
    Map<String, Family> families = new HashMap<>();
    try (InputStream table = Families.class.getResourceAsStream(TABLE);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(table, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith("#")) {
          String[] cells = line.split("\t", -1);
          if (cells.length != COLUMNS) {
            throw new IllegalStateException("%s: %s".formatted(TABLE, line));
          }
          families.put(
              cells[0],
              new Family(
                  cells[1].equals("tied"),
                  cells[2],
                  cells[3].isEmpty() ? 1 : Integer.parseInt(cells[3]),
                  pairs(cells[4]),
                  pairs(cells[5])));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Map.copyOf(families);
  }

  /** {@code a=b c=d}. */
  private static Map<String, String> pairs(String cell) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String pair : cell.isEmpty() ? new String[0] : cell.split(" ", -1)) {
      int equals = pair.indexOf('=');
      pairs.put(pair.substring(0, equals), pair.substring(equals + 1));
    }
    return pairs;
  }
}
