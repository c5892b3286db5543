package dev.stockpot.kernels.methods;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Matrices that scripts have made, a line each: case, role, rows, columns, elements row by row. */
public final class MatrixLines {
  private MatrixLines() {}

  /** One of them. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Line(String ofCase, String role, double[][] rows) {
    static Line of(String text) {
      String[] words = text.split(" ", -1);
      int columns = Integer.parseInt(words[3]);
      double[][] rows = new double[Integer.parseInt(words[2])][columns];
      for (int i = 4; i < words.length; i++) {
        rows[(i - 4) / columns][(i - 4) % columns] = Double.parseDouble(words[i]);
      }
      return new Line(words[0], words[1], rows);
    }
  }

  /** Those in a file beside a class. */
  public static List<Line> of(Class<?> beside, String file) {
    try (BufferedReader text =
        new BufferedReader(
            new InputStreamReader(beside.getResourceAsStream(file), StandardCharsets.UTF_8))) {
      return text.lines().map(Line::of).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
