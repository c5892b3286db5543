package dev.stockpot.merge.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stockpot.merge.json.JsonObject;
import java.nio.ByteBuffer;
import java.util.Map;

/** The page about predictions: a table of measures, reliability diagrams, pairs of models. */
public final class PredictionPage {
  private PredictionPage() {}

  /**
   * The page by its name.
   *
   * @param data what it shows: title, subtitle, notices, tiles, measures, pairs, weights
   */
  public static Map<String, ByteBuffer> of(JsonObject data) {
    String page =
        ReportFiles.frame("predictions.html")
            .replace("/* PREDICTIONS */", ReportFiles.resource("predictions.js"))
            .replace("\"DATA\"", ScriptJson.of(data)); // last: names can hold anything
    return Map.of(ReportFiles.PAGE, UTF_8.encode(page));
  }
}
