package dev.stockpot.kernels.methods.federated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.Operands;
import dev.stockpot.kernels.Samples;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.method.Scan.BlockScan;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.scalar.ScalarProvider;
import dev.stockpot.kernels.vector.VectorProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How far clients are from the server's model and from each other. */
class ClientScanTest {
  private final Operands operands = new Operands();

  @AfterEach
  void close() {
    operands.close();
  }

  static Stream<KernelProvider> providers() {
    return Stream.of(new ScalarProvider(), new VectorProvider());
  }

  private ClientScan.Found scan(KernelProvider provider, ClientScan scan, float[]... inputs) {
    List<Operand> loaded = new ArrayList<>();
    for (float[] input : inputs) {
      loaded.add(operands.of(DType.F32, input));
    }
    try (Kernels<?> kernels = provider.open()) {
      BlockScan looking = scan.open(kernels);
      Block.each(0, inputs[0].length, kernels.capacity(), block -> looking.scan(block, loaded));
      return (ClientScan.Found) looking.found();
    }
  }

  @ParameterizedTest
  @MethodSource("providers")
  void distancesAreOfTheServerAndOfEachTwo(KernelProvider provider) {
    ClientScan pairs = new ClientScan(1, List.of(0, 2, 3), List.of(), List.of(), true);
    ClientScan.Found found =
        scan(
            provider,
            pairs,
            new float[] {1, 2, 3},
            new float[] {1, 1, 1},
            new float[] {1, 1, 4},
            new float[] {-1, 1, 1});

    assertThat(totals(found, 6))
        .containsExactly(1 + 4, 9, 4, 1 + 1, 4 + 1 + 4, 4 + 9); // 0-2, 0-3, 2-3
  }

  @ParameterizedTest
  @MethodSource("providers")
  void aChangeIsAsLongAsItIsAndStandsWhereItsModelWould(KernelProvider provider) {
    float[] server = {10, 20};
    float[] model = {13, 24};
    ClientScan models = new ClientScan(0, List.of(1, 2), List.of(), List.of(), true);
    ClientScan changes = new ClientScan(0, List.of(1, 2), List.of(2), List.of(), true);

    assertThat(totals(scan(provider, changes, server, model, new float[] {1, 1}), 3))
        .isEqualTo(totals(scan(provider, models, server, model, new float[] {11, 21}), 3))
        .containsExactly(25, 2, 4 + 9);
  }

  @ParameterizedTest
  @MethodSource("providers")
  void aChangeTooSmallForItsModelHasALengthAllTheSame(KernelProvider provider) {
    ClientScan scan = new ClientScan(0, List.of(1), List.of(1), List.of(), false);
    double tiny = 0x1p-40;

    ClientScan.Found found = scan(provider, scan, new float[] {1}, new float[] {(float) tiny});
    assertThat(found.sums().total(0)).isEqualTo(tiny * tiny);
  }

  @ParameterizedTest
  @MethodSource("providers")
  void whatHoldsNanOrInfinityHasNoFiniteDistance(KernelProvider provider) {
    ClientScan scan = new ClientScan(0, List.of(1, 2, 3), List.of(), List.of(), false);
    ClientScan.Found found =
        scan(
            provider,
            scan,
            new float[] {1, 1},
            new float[] {1, Float.NaN},
            new float[] {Float.NEGATIVE_INFINITY, 1},
            new float[] {2, 1});

    assertThat(found.sums().total(0)).isNaN();
    assertThat(found.sums().total(1)).isInfinite();
    assertThat(found.sums().total(2)).isEqualTo(1);
  }

  @Test
  void checksumsAreOfTheServerOfClientsAndOfStates() {
    ClientScan scan = new ClientScan(1, List.of(0), List.of(), List.of(2), false);
    float[] client = {1};
    float[] server = {2};
    float[] state = {3};
    ClientScan.Found found = scan(new ScalarProvider(), scan, client, server, state);

    List<Integer> own = new ArrayList<>();
    for (float[] one : List.of(server, client, state)) {
      Checksums.Builder alone = new Checksums.Builder(List.of(0));
      alone.add(new Block(0, 0, 1), List.of(operands.of(DType.F32, one)));
      own.add(alone.found().pieces().get(0).crc32c());
    }
    assertThat(found.checksums().pieces())
        .extracting(Checksums.Piece::crc32c)
        .containsExactlyElementsOf(own);
  }

  @ParameterizedTest
  @MethodSource("providers")
  void piecesOfATensorAddUpToItInEveryBit(KernelProvider provider) {
    int count = Block.REDUCTION_ELEMENTS + 700;
    ClientScan scan = new ClientScan(0, List.of(1, 2), List.of(), List.of(), true);
    List<Operand> whole = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      whole.add(operands.of(DType.BF16, Samples.normal(count, 0.05, i)));
    }
    ClientScan.Found all = slice(provider, scan, whole, 0, count);
    ClientScan.Found first = slice(provider, scan, whole, 0, Block.REDUCTION_ELEMENTS);
    ClientScan.Found rest = slice(provider, scan, whole, Block.REDUCTION_ELEMENTS, 700);

    ClientScan.Found both = first.plus(rest);
    assertThat(totals(both, 3)).isEqualTo(totals(all, 3));
    assertThat(both.checksums()).isEqualTo(all.checksums());
  }

  private static ClientScan.Found slice(
      KernelProvider provider, ClientScan scan, List<Operand> whole, int first, int count) {
    List<Operand> cut =
        whole.stream()
            .map(
                operand ->
                    new Operand(operand.buffer().slice(2L * first, 2L * count), DType.BF16, count))
            .toList();
    try (Kernels<?> kernels = provider.open()) {
      BlockScan looking = scan.open(kernels);
      Block.each(first, count, kernels.capacity(), block -> looking.scan(block, cut));
      return (ClientScan.Found) looking.found();
    }
  }

  private static double[] totals(ClientScan.Found found, int count) {
    double[] totals = new double[count];
    for (int i = 0; i < count; i++) {
      totals[i] = found.sums().total(i);
    }
    return totals;
  }
}
