package dev.stockpot.merge.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/** The files of a report: a page that needs nothing beside it, and its numbers as Parquet. */
final class ReportFiles {
  private static final String FOLDER = "report/";

  /** The page, which people open. */
  static final String PAGE = FOLDER + "report.html";

  private ReportFiles() {}

  /** All of them by name, with the folder in front. */
  static Map<String, ByteBuffer> of(Report report) {
    Map<String, ByteBuffer> files = new LinkedHashMap<>();
    files.put(PAGE, UTF_8.encode(page(report)));
    ReportTables.of(report)
        .forEach((name, table) -> files.put(FOLDER + name + ".parquet", ParquetFile.of(table)));
    return files;
  }

  static String page(Report report) {
    return frame("report.html")
        .replace("/* MEASURES */", resource("measures.js"))
        .replace("/* VERDICTS */", resource("verdicts.js"))
        .replace("/* TENSORS */", resource("tensors.js"))
        .replace("/* COMPARISON */", resource("comparison.js"))
        .replace("/* PAGE */", resource("page.js"))
        .replace("/* TRIALS */", resource("trials.js"))
        .replace("\"DATA\"", ReportJson.of(report)); // last: names can hold anything
  }

  /** A page by its body, with what all pages have. */
  static String frame(String body) {
    return (resource("head.html") + resource(body))
        .replace("/* STYLE */", resource("report.css"))
        .replace("/* CHARTS */", resource("charts.js"));
  }

  static String resource(String name) {
    try (InputStream resource = ReportFiles.class.getResourceAsStream(name)) {
      return new String(resource.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // it is in our jar
    }
  }
}
