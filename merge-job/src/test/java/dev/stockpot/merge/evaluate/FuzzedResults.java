package dev.stockpot.merge.evaluate;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;

/** Results of evaluators of any text. */
public final class FuzzedResults {
  private FuzzedResults() {}

  private interface Reading {
    Map<String, Measure> of(String text) throws EvaluationException;
  }

  /** As it is printed, told, and written into files. */
  public static void results(byte[] bytes) {
    String text = new String(bytes, UTF_8);
    read(Results::ofLastLine, text);
    read(Results::told, text);
    read(file -> Results.ofFile("results.json", file), text);
    read(file -> Results.ofFile("results.csv", file), text);
    read(file -> Results.ofFile("results.jsonl", file), text);
    try {
      Evaluators.table("scores.jsonl", text);
      Evaluators.table("scores.csv", text);
    } catch (EvaluationException e) {
      requireWords(e);
    }
  }

  private static void read(Reading reading, String text) {
    try {
      reading.of(text);
    } catch (EvaluationException e) {
      requireWords(e);
    }
  }

  private static void requireWords(EvaluationException refusal) {
    if (refusal.getMessage().isBlank()) {
      throw new AssertionError("a refusal without words", refusal);
    }
  }
}
