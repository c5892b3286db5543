package dev.stockpot.kernels.methods.federated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.Operands;
import dev.stockpot.kernels.Samples;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.statistic.PartialSums;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Checksums of tensors are those of their stored bytes, however these are cut. */
class ChecksumsTest {
  private final Operands operands = new Operands();

  @AfterEach
  void close() {
    operands.close();
  }

  private static int crc(byte[]... pieces) {
    CRC32C crc = new CRC32C();
    Arrays.stream(pieces).forEach(crc::update);
    return (int) crc.getValue();
  }

  private static Checksums of(List<Integer> inputs, List<Operand> all, int... cuts) {
    Checksums.Builder builder = new Checksums.Builder(inputs);
    int first = 0;
    for (int end : cuts) {
      builder.add(new Block(first, first, end - first), all);
      first = end;
    }
    return builder.found();
  }

  @ParameterizedTest
  @EnumSource(names = {"BF16", "F32", "F64", "F8_E4M3"})
  void areOfTheBytesAsTheyAreStored(DType type) {
    Operand operand = operands.of(type, Samples.normal(50, 0.05, 1));
    int expected = crc(Operands.bytes(operand));

    Checksums whole = of(List.of(0), List.of(operand), 50);
    assertThat(whole.pieces()).containsExactly(new Checksums.Piece(expected, 50L * type.bytes()));
    assertThat(of(List.of(0), List.of(operand), 1, 20, 50)).isEqualTo(whole);
  }

  @Test
  void areOfTheBlockOnlyAndOfTheInputsThatAreAskedFor() {
    Operand one = operands.of(DType.F32, 1, 2, 3);
    Operand other = operands.of(DType.F16, 4, 5, 6);
    Checksums.Builder builder = new Checksums.Builder(List.of(2, 0));
    builder.add(new Block(70, 1, 2), List.of(one, one, other));

    byte[] ofOne = Arrays.copyOfRange(Operands.bytes(one), 4, 12);
    byte[] ofOther = Arrays.copyOfRange(Operands.bytes(other), 2, 6);
    assertThat(builder.found().pieces())
        .containsExactly(new Checksums.Piece(crc(ofOther), 4), new Checksums.Piece(crc(ofOne), 8));
  }

  @Test
  void tensorsOfAModelAddUpInTheirOrder() {
    Operand first = operands.of(DType.F32, Samples.normal(33, 1, 1));
    Operand second = operands.of(DType.BF16, Samples.normal(21, 1, 2));
    Checksums one = of(List.of(0), List.of(first), 33);
    Checksums two = of(List.of(0), List.of(second), 21);

    assertThat(one.plus(two).pieces())
        .containsExactly(
            new Checksums.Piece(
                crc(Operands.bytes(first), Operands.bytes(second)), 33 * 4 + 21 * 2));
    assertThat(two.plus(one)).isNotEqualTo(one.plus(two));
  }

  @Test
  void anEmptyTensorChangesNothing() {
    Checksums some = of(List.of(0), List.of(operands.of(DType.F32, 1, 2)), 2);
    Checksums none = of(List.of(0), List.of(operands.zeros(DType.F32, 0)), 0);

    assertThat(some.plus(none)).isEqualTo(some);
    assertThat(none.plus(some)).isEqualTo(some);
  }

  @Test
  void refuseWhatIsOfOtherInputs() {
    Operand operand = operands.of(DType.F32, 1, 2);
    Checksums one = of(List.of(0), List.of(operand), 2);
    Checksums two = of(List.of(0, 0), List.of(operand), 2);
    PartialSums sums = new PartialSums(1, new double[] {1});

    assertThatIllegalArgumentException()
        .isThrownBy(() -> one.plus(two))
        .withMessageEndingWith("after 1 checksums");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> two.plus(sums))
        .withMessageEndingWith("after 2 checksums");
    ClientScan.Found found = new ClientScan.Found(sums, one);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> found.plus(sums))
        .withMessageEndingWith("after what is known of clients");
  }
}
