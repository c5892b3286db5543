package dev.stockpot.merge.predict;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Three networks' logits of noisy digits, and what scikit-learn, SciPy and NumPy find of them:
 * written by {@code checks/models/predictions.sh --write}.
 */
final class DigitTables {
  static final List<String> NAMES = List.of("a", "b", "c");
  static final int CLASSES = 10;

  private DigitTables() {}

  static Tables tables() {
    return new Tables(
        List.of(Scale.LOGITS, Scale.LOGITS, Scale.LOGITS), CLASSES, /* masks= */ false);
  }

  /** All rows, sorted by example and table. */
  static List<PredictionRow> rows() {
    List<PredictionRow> rows = new ArrayList<>();
    for (int table = 0; table < NAMES.size(); table++) {
      List<String> lines = text(NAMES.get(table) + ".csv").lines().toList();
      for (String line : lines.subList(1, lines.size())) {
        String[] cells = line.split(",", -1);
        double[] scores = new double[CLASSES];
        for (int c = 0; c < CLASSES; c++) {
          scores[c] = Double.parseDouble(cells[2 + c]);
        }
        rows.add(new PredictionRow(cells[0], table, Integer.parseInt(cells[1]), scores));
      }
    }
    rows.sort(Comparator.comparing(PredictionRow::getId).thenComparing(PredictionRow::getTable));
    return rows;
  }

  /** All examples in one bucket. */
  static List<Block> blocks() {
    return blocks(rows(), tables());
  }

  static List<Block> blocks(List<PredictionRow> rows, Tables tables) {
    List<Block> blocks = new ArrayList<>();
    new JoinedBlocks(rows.iterator(), tables).forEachRemaining(blocks::add);
    return blocks;
  }

  static Passes passes(List<Block> blocks) {
    return sums -> {
      double[] all = new double[sums.size()];
      blocks.forEach(block -> sums.add(block, all));
      return all;
    };
  }

  static Passes passes() {
    return passes(blocks());
  }

  static JsonObject expected() {
    try {
      return Json.parse(text("expected.json").getBytes(UTF_8)).object().orElseThrow();
    } catch (JsonException e) {
      throw new IllegalStateException(e);
    }
  }

  static double[] numbers(JsonObject tree, String name) {
    return tree.list(name).stream().mapToDouble(value -> value.number().orElseThrow()).toArray();
  }

  static double number(JsonObject tree, String name) {
    return tree.get(name).map(JsonValue::number).orElseThrow().orElseThrow();
  }

  static String text(String name) {
    try (InputStream file = DigitTables.class.getResourceAsStream(name)) {
      return new String(file.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
