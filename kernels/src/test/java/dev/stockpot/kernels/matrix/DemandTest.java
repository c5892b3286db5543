package dev.stockpot.kernels.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.random.RandomStream;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.apache.arrow.memory.AllocationListener;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.memory.rounding.SegmentRoundingPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What operations say that they take is what they take. */
class DemandTest {
  private static final int PAGE = 4096;

  static Stream<Arguments> shapes() {
    return Stream.of(
        Arguments.of(1, 1),
        Arguments.of(1, 700),
        Arguments.of(3, 5),
        Arguments.of(64, 64),
        Arguments.of(300, 200),
        Arguments.of(200, 300),
        Arguments.of(700, 500),
        Arguments.of(512, 512),
        Arguments.of(1_024, 256),
        Arguments.of(4_096, 128),
        Arguments.of(64, 2_048));
  }

  /** Bytes of an operation at its peak, its operand aside. */
  private static long peak(int rows, int columns, BiConsumer<Matrices, Matrix> operation) {
    RootAllocator memory =
        new RootAllocator(
            AllocationListener.NOOP, Long.MAX_VALUE, new SegmentRoundingPolicy((long) PAGE));
    long operand;
    try (Matrices algebra = new Matrices(Algebra.LANES, memory, 1, Blocking.DEFAULT)) {
      Matrix a = algebra.zeros(rows, columns);
      double[][] random = Plain.random(rows, columns, 1);
      for (int i = 0; i < rows; i++) {
        a.write(i, 0, random[i], 0, columns);
      }
      operand = memory.getAllocatedMemory();
      operation.accept(algebra, a);
    }
    return memory.getPeakMemoryAllocation() - operand;
  }

  private static void assertHolds(
      Demand demand, int rows, int columns, BiConsumer<Matrices, Matrix> operation) {
    long bytes = peak(rows, columns, operation);
    assertThat(bytes).isLessThanOrEqualTo(demand.bytes());
    // and is no more than half as much again, but for what small matrices take
    assertThat(demand.bytes()).isLessThanOrEqualTo(bytes * 3 / 2 + (1 << 20) + 32 * PAGE);
    assertThat(demand.operations()).isGreaterThan(0);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void factorsTakeNoMore(int m, int n) {
    assertHolds(Demand.svd(m, n), m, n, Matrices::svd);
    assertHolds(Demand.qr(m, n), m, n, Matrices::qr);
    assertHolds(Demand.polar(m, n), m, n, Matrices::polar);
    assertHolds(Demand.gram(m, n).and(Demand.eigen(n)), m, n, (x, a) -> x.eigen(x.gram(a)));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void someSingularValuesTakeNoMore(int m, int n) {
    int most = Math.min(m, n);
    for (int rank : new int[] {1, Math.max(1, most / 12), Math.max(1, most / 3), most}) {
      assertHolds(
          Demand.largest(m, n, rank), m, n, (x, a) -> x.largest(a, rank, new RandomStream(7)));
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void solvingTakesNoMore(int m, int n) {
    assertHolds(
        Demand.gram(m, n).and(Demand.cholesky(n)).and(Demand.solve(n, m)),
        m,
        n,
        (x, a) -> x.solve(x.cholesky(x.gram(a), 1e-6), a.transposed()));
    assertHolds(Demand.product(m, m, n), m, n, (x, a) -> x.multiply(a, a.transposed()));
  }

  @Test
  void whatFollowsTakesTheSameMemoryAndWhatIsThereTooTakesMore() {
    Demand small = new Demand(10, 1);
    Demand large = new Demand(30, 2);

    assertThat(small.then(large)).isEqualTo(new Demand(30, 3));
    assertThat(small.and(large)).isEqualTo(new Demand(40, 3));
    assertThat(large.times(3)).isEqualTo(new Demand(30, 6));
    assertThat(large.each(3)).isEqualTo(new Demand(90, 6));
  }

  @Test
  void refusesNegativeOnes() {
    assertThatThrownBy(() -> new Demand(-1, 0))
        .hasMessage("a demand of -1 bytes and 0.0 operations");
    assertThatThrownBy(() -> new Demand(0, Double.NaN)).hasMessageContaining("NaN operations");
  }
}
