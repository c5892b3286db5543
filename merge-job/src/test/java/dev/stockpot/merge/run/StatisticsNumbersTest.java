package dev.stockpot.merge.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.storage.MemoryStore;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers that statistics cannot have are found: all in small tensors, by pieces in large ones. */
class StatisticsNumbersTest {
  /** A matrix of that many rows has more than a MiB, as a triangle too. */
  private static final int LARGE = 800;

  private static final int PIECE = 16_384;

  private final MemoryStore store = new MemoryStore();
  private final MemoryModel statistics = MemoryModel.in(store, "s3://b/stats");

  private Model written() throws IOException {
    return OpenedModel.statistics(store, statistics.write().folder());
  }

  private List<String> faults() throws IOException {
    return new StatisticsNumbers(store).faults(written());
  }

  private static double[] ones(int count) {
    double[] ones = new double[count];
    Arrays.fill(ones, 1);
    return ones;
  }

  private static double[] with(double[] numbers, int place, double number) {
    numbers[place] = number;
    return numbers;
  }

  /** Places of a Gram matrix's diagonal in what is stored of it, row by row. */
  private static int[] diagonal(int order, boolean isPacked) {
    int[] places = new int[order];
    int place = 0;
    for (int row = 0; row < order; row++) {
      for (int column = isPacked ? row : 0; column < order; column++) {
        if (column == row) {
          places[row] = place;
        }
        place++;
      }
    }
    return places;
  }

  private MemoryModel gram(boolean isPacked, int order, double[] numbers) {
    return isPacked
        ? statistics.floats("m.gram_upper", numbers)
        : statistics.tensor("m.gram", DType.F32, Shape.of(order, order), numbers);
  }

  private static int stored(int order, boolean isPacked) {
    return isPacked ? order * (order + 1) / 2 : order * order;
  }

  @Property(tries = 200)
  void onlyADiagonalIsOfSquares(
      @ForAll @IntRange(min = 1, max = 12) int order,
      @ForAll boolean isPacked,
      @ForAll @IntRange(max = 143) int any)
      throws IOException {
    int place = any % stored(order, isPacked);
    gram(isPacked, order, with(ones(stored(order, isPacked)), place, -2));
    String name = isPacked ? "m.gram_upper" : "m.gram";
    boolean isSquare = Arrays.stream(diagonal(order, isPacked)).anyMatch(d -> d == place);

    assertThat(faults())
        .isEqualTo(
            isSquare
                ? List.of(
                    "element %s of %s is -2.0, but is a sum of squares. Compute it again"
                        .formatted(place, name))
                : List.of());
  }

  @Property(tries = 12)
  void ofALargeOneEachPieceIsLookedAt(
      @ForAll @IntRange(max = 15) int piece,
      @ForAll boolean isPacked,
      @ForAll @IntRange(max = LARGE - 1) int any)
      throws IOException {
    int[] diagonal = diagonal(LARGE, isPacked);
    int elements = stored(LARGE, isPacked);
    int begin = Math.min(elements - PIECE, diagonal[(int) Math.round(piece * (LARGE - 1) / 15.0)]);
    int[] inside = Arrays.stream(diagonal).filter(d -> d >= begin && d < begin + PIECE).toArray();
    int square = inside[any % inside.length];
    double[] numbers = with(ones(elements), square, -3);
    numbers[square == elements - 1 ? square - 1 : square + 1] = -5;
    gram(isPacked, LARGE, numbers);

    assertThat(faults())
        .singleElement()
        .asString()
        .startsWith("element %s of m.gram".formatted(square));
  }

  @Test
  void aMebibyteIsReadWholeAndMoreBySixteenPieces() throws IOException {
    int whole = 1 << 18;
    int between = PIECE + 100;
    statistics.floats("a", with(ones(whole), between, Double.NaN));
    assertThat(faults()).containsExactly("element 16484 of a is NaN. Compute it again");

    statistics.floats("a", with(ones(2 * whole), between, Double.NaN));
    Model large = written();
    long before = store.bytesRead();
    assertThat(new StatisticsNumbers(store).faults(large)).as("tasks look at the rest").isEmpty();
    assertThat(store.bytesRead() - before).isEqualTo(1 << 20);

    for (int place : new int[] {0, 2 * whole - 1}) {
      statistics.floats("a", with(ones(2 * whole), place, Double.POSITIVE_INFINITY));
      assertThat(faults())
          .containsExactly("element %s of a is Infinity. Compute it again".formatted(place));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "m.mean",
        "m.crossgram",
        "m.cross_diag",
        "m.sum_a",
        "m.sum_b",
        "gate",
        "gate.3",
        "shared_gate",
        "gate_hidden.12",
        "shared_gate_hidden"
      })
  void whatIsNoSumOfSquaresMayBeNegativeButFinite(String name) throws IOException {
    statistics.floats(name, 1, -1, -2);
    assertThat(faults()).isEmpty();
    statistics.floats(name, -1, Double.NEGATIVE_INFINITY);
    assertThat(faults())
        .containsExactly("element 1 of %s is -Infinity. Compute it again".formatted(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"m.gram_diag", "m.m2", "m.weight", "mlp.gate.weight", "m.gate"})
  void allElseIsOfSquares(String name) throws IOException {
    statistics.floats(name, 0, 1, -1e-30);
    assertThat(faults()).hasSize(1);
    assertThat(faultsOf(name, 0, 1, 0)).isEmpty();
  }

  private List<String> faultsOf(String name, double... numbers) throws IOException {
    statistics.floats(name, numbers);
    return faults();
  }

  @Test
  void aGramThatIsNoMatrixIsLookedAtLikeAnyOther() throws IOException {
    assertThat(faultsOf("m.gram", 1, -1, -1, 1)).hasSize(1);
  }

  @Test
  void threeAreNamedAndTheOthersCounted() throws IOException {
    for (int i = 1; i <= 3; i++) {
      statistics.floats("m" + i, -1);
    }
    assertThat(faults()).hasSize(3).last().asString().contains("m3");
    for (int i = 1; i <= 12; i++) {
      statistics.floats("m" + i, 1, -1, -1);
    }
    assertThat(faults())
        .containsExactly(
            "element 1 of m1 is -1.0, but is a sum of squares. Compute it again",
            "element 1 of m2 is -1.0, but is a sum of squares. Compute it again",
            "element 1 of m3 is -1.0, but is a sum of squares. Compute it again",
            "9 more of its tensors are broken, too");
  }

  @Test
  void countsAndWhatHasNoNumbersAreLeftToOthers() throws IOException {
    statistics
        .tensor("m.count", DType.I64, Shape.of(1), -1)
        .tensor("m.mean", DType.I64, Shape.of(2), -1, 5)
        .tensor("m.m2", DType.BF16, Shape.of(2), 1, -0.5);
    assertThat(faults())
        .containsExactly("element 1 of m.m2 is -0.5, but is a sum of squares. Compute it again");
  }
}
