package dev.stockpot.kernels.methods.widths;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.method.MatrixProgram;
import dev.stockpot.kernels.methods.MatrixLines;
import dev.stockpot.kernels.methods.MatrixLines.Line;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows of tokens that one model lacks are those that NumPy makes, by code of its own. */
class AnchoredReferencesTest extends WidthCases {
  private static final String SPELLED = "subword";

  private static List<Line> lines() {
    return MatrixLines.of(AnchoredReferencesTest.class, "anchored.txt");
  }

  /** What a script has made of rows there and here. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Anchored(
      String method,
      int most,
      double[][] wanted,
      double[][] there,
      double[][] here,
      double[][] made) {
    static Anchored of(List<Line> lines) {
      Line wanted = lines.get(0);
      return new Anchored(
          wanted.ofCase(),
          Integer.parseInt(wanted.role().substring("wanted-".length())),
          wanted.rows(),
          lines.get(1).rows(),
          lines.get(2).rows(),
          lines.get(3).rows());
    }

    MatrixProgram program() {
      return method.startsWith("omp")
          ? WidthPrograms.matchingPursuit(
              wanted.length, there.length, there[0].length, here[0].length, most)
          : WidthPrograms.neighbours(
              wanted.length, there.length, there[0].length, here[0].length, most);
    }

    @Override
    public String toString() {
      return "%s of %s".formatted(method, most);
    }
  }

  static Stream<Anchored> anchored() {
    List<Line> lines = lines().stream().filter(line -> !line.ofCase().equals(SPELLED)).toList();
    List<Anchored> cases = new ArrayList<>();
    for (int i = 0; i < lines.size(); i += 4) {
      cases.add(Anchored.of(lines.subList(i, i + 4)));
    }
    assertThat(cases).hasSize(4);
    return cases.stream();
  }

  @ParameterizedTest
  @MethodSource("anchored")
  void rowsOnAnchorsAreThoseOfNumPy(Anchored given) {
    double[][] made =
        run(
            given.program(),
            given.wanted().length,
            given.here()[0].length,
            given.wanted(),
            given.there(),
            given.here());
    assertNear(made, given.made(), 1e-10);
  }

  @Test
  void meansOfSpellingsAreThoseOfNumPy() {
    List<Line> lines = lines().stream().filter(line -> line.ofCase().equals(SPELLED)).toList();
    double[][] rows = lines.get(0).rows();
    double[][] expected = lines.get(lines.size() - 1).rows();
    int[][] places =
        lines.stream()
            .filter(line -> line.role().equals("pieces"))
            .map(line -> Arrays.stream(line.rows()[0]).mapToInt(place -> (int) place).toArray())
            .toArray(int[][]::new);
    MatrixProgram program = WidthPrograms.meansOfRows(rows.length, rows[0].length, places);
    assertNear(run(program, places.length, rows[0].length, rows), expected, 1e-14);
  }
}
