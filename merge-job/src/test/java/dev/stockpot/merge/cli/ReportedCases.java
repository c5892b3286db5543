package dev.stockpot.merge.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Small models as people reported them. */
abstract class ReportedCases {
  @TempDir Path folder;
  Situation here;

  @BeforeEach
  void stand() {
    here = new Situation(folder);
  }

  ModelFolder model(String name, String config) throws IOException {
    return here.model(name).file("config.json", config.replace('\'', '"'));
  }

  static void layers(ModelFolder model, String prefix, int count, float value) {
    for (int layer = 0; layer < count; layer++) {
      model.filled("%s.%s.w".formatted(prefix, layer), value, 2, 2);
    }
  }

  /** Shares of the second model, which is all ones; the first is all zeros. */
  List<Double> shares(String prefix, int count) throws IOException {
    List<Double> shares = new ArrayList<>();
    for (int layer = 0; layer < count; layer++) {
      shares.add(Math.round(here.first("%s.%s.w".formatted(prefix, layer)) * 100) / 100.0);
    }
    return shares;
  }
}
