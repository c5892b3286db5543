package dev.stockpot.merge.plan;

import static dev.stockpot.merge.plan.Planning.MIB;
import static dev.stockpot.merge.plan.Works.PAGE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.model.TensorSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the inputs of works take of a task's memory. */
class SourceMemoryTest {
  private static final TensorSource A = Works.stored("a", DType.F32, 1024);
  private static final TensorSource B = Works.stored("b", DType.F32, 1024);

  @ParameterizedTest
  @CsvSource({"1, 3", "2, 4", "10, 12"})
  void inputsAreHeldOnceAndOutputsOnceForEachMerge(int merges, long pages) {
    Blockwise work = Works.sum(DType.F32, A, B);

    assertThat(SourceMemory.holdsAll(work, pages * PAGE, merges)).isTrue();
    assertThat(SourceMemory.holdsAll(work, pages * PAGE - 1, merges)).isFalse();
  }

  @Test
  void nothingIsHeldWholeThatNoBufferHolds() {
    TensorSource largest = Works.stored(DType.U8, Integer.MAX_VALUE);
    TensorSource tooLarge = Works.stored(DType.U8, 1L << 31);

    assertThat(SourceMemory.holdsAll(Works.copy(largest), Long.MAX_VALUE, 1)).isTrue();
    assertThat(SourceMemory.holdsAll(Works.copy(tooLarge), Long.MAX_VALUE, 1)).isFalse();
  }

  /** A column of rows of 128 KiB: less than what is read over. */
  private static Copy column(long rows) {
    return Works.copy(Works.stored(DType.F64, rows, 1 << 14).section(1, 7, 8).transposed());
  }

  @Test
  void nothingIsHeldWholeThatIsTakenOutOfMoreThanABufferHolds() {
    assertThat(SourceMemory.holdsAll(column(1 << 14), Long.MAX_VALUE, 1)).isTrue();
    assertThat(SourceMemory.holdsAll(column((1 << 14) + 1), Long.MAX_VALUE, 1)).isFalse();
  }

  @Test
  void whatIsTakenOutOfMoreThanABufferHoldsIsAProblemThatNoMemoryMends() {
    assertThat(SourceMemory.problem(column(1 << 14), Long.MAX_VALUE)).isEmpty();
    assertThat(SourceMemory.problem(column((1 << 14) + 1), Long.MAX_VALUE))
        .hasValue(
            "putting its inputs together reads 2147483656 bytes at once, more than one buffer"
                + " holds: 2147483647");
  }

  @Test
  void whatIsStoredAsItIsWantedIsNoProblemForAnyTask() {
    assertThat(SourceMemory.problem(Works.copy(Works.stored(DType.F64, 1 << 20, 1 << 20)), 1))
        .isEmpty();
  }

  @Test
  void whatIsPutTogetherNeedsItsLeastSize() {
    Copy work = Works.copy(Works.stored(DType.F32, 64, 64).transposed());
    long bytes = 3 * 4 * 64 * 64; // as it is stored, as it is wanted, and of the output

    assertThat(SourceMemory.problem(work, bytes)).isEmpty();
    assertThat(SourceMemory.problem(work, bytes - 1))
        .hasValue(
            "putting its inputs together takes 49152 bytes, more than a task's 49151; raise"
                + " task-memory");
  }

  @Test
  void theLeastSizeOfWhatDoesNotStreamIsABlockOfReductions() {
    Copy work = Works.copy(Works.stored(DType.F32, 8, 2 * MIB).transposed());
    long block = 4 * MIB; // of 64 MiB, in eight places

    assertThat(SourceMemory.problem(work, 3 * block)).isEmpty();
    assertThat(SourceMemory.problem(work, 3 * block - 1))
        .hasValueSatisfying(why -> assertThat(why).contains("takes 12582912 bytes"));
    assertThat(SourceMemory.holds(work, MIB, 3 * block)).isTrue();
    assertThat(SourceMemory.holds(work, MIB, 3 * block - 1)).isFalse();
    assertThat(SourceMemory.holds(work, Long.MAX_VALUE, 48 * block)).isTrue();
    assertThat(SourceMemory.holds(work, Long.MAX_VALUE, 48 * block - 1)).isFalse();
  }
}
