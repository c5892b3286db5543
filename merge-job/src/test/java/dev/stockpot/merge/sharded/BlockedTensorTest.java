package dev.stockpot.merge.sharded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.model.ElementPlace;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.StoredObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Blocks that fill a tensor are that tensor, element by element; others are told. */
class BlockedTensorTest {
  private final List<String> problems = new ArrayList<>();

  /** A block of w, alone in a file of its name. */
  private static Block block(String file, DType dtype, List<Long> origin, long... shape) {
    long bytes = TensorInfo.byteCount(dtype, Shape.of(shape));
    StoredObject object = new StoredObject(new Location("/run/" + file), bytes, "");
    return new Block(
        origin, new TensorInfo("w", dtype, Shape.of(shape), object, new ByteRange(0, bytes)));
  }

  /** Rows from one to another of a matrix, and columns. */
  private static Block block(String file, long row, long toRow, long column, long toColumn) {
    return block(file, DType.F32, List.of(row, column), toRow - row, toColumn - column);
  }

  private Optional<TensorSource> of(Block... blocks) {
    return BlockedTensor.of("w", List.of(blocks), problems::add);
  }

  private void refused(String problem, Block... blocks) {
    assertThat(of(blocks)).isEmpty();
    assertThat(problems).containsExactly(problem);
  }

  @Test
  void oneBlockIsTheStoredTensorItself() {
    Block whole = block("a", 0, 2, 0, 3);

    assertThat(of(whole).orElseThrow().identity())
        .containsExactly(new Location("/run/a"), "w", new ByteRange(0, 24));
    assertThat(problems).isEmpty();
  }

  @Test
  void aNumberWithoutAxesIsABlock() {
    TensorSource number = of(block("a", DType.F32, List.of())).orElseThrow();

    assertThat(number.shape()).isEqualTo(Shape.of());
    assertThat(number.place(0)).isEqualTo(new ElementPlace("/run/a", "w", 0));
  }

  @Test
  void rowsFollowByTheirPlacesNotByTheirFiles() {
    TensorSource tensor =
        of(block("a", 3, 4, 0, 2), block("b", 0, 1, 0, 2), block("c", 1, 3, 0, 2)).orElseThrow();

    assertThat(tensor.shape()).isEqualTo(Shape.of(4, 2));
    assertThat(tensor.place(0)).isEqualTo(new ElementPlace("/run/b", "w", 0));
    assertThat(tensor.place(2)).isEqualTo(new ElementPlace("/run/c", "w", 0));
    assertThat(tensor.place(5)).isEqualTo(new ElementPlace("/run/c", "w", 3));
    assertThat(tensor.place(7)).isEqualTo(new ElementPlace("/run/a", "w", 1));
  }

  @Test
  void aPinwheelIsNoGridAndIsTold() {
    // each of the four reaches across the line on which two others meet
    refused(
        "blocks of w lie over each other, or on no grid: [1, 2] at [0, 0] in a, [2, 1] at [0, 2] in"
            + " b. Take the files of one save",
        block("a", 0, 1, 0, 2),
        block("b", 0, 2, 2, 3),
        block("c", 2, 3, 1, 3),
        block("d", 1, 3, 0, 1),
        block("e", 1, 2, 1, 2));
  }

  /** Cut at random along any axis, again and again: each element is where its block has it. */
  @Property(tries = 200)
  void everyElementIsFoundInItsBlock(
      @ForAll @IntRange(min = 1, max = 3) int axes,
      @ForAll @IntRange(max = 6) int cuts,
      @ForAll Random random) {
    List<Long> shape = new ArrayList<>();
    for (int axis = 0; axis < axes; axis++) {
      shape.add(1L + random.nextInt(5));
    }
    List<long[][]> boxes = new ArrayList<>(); // begins and ends
    boxes.add(new long[][] {new long[axes], array(shape)});
    for (int cut = 0; cut < cuts; cut++) {
      long[][] box = boxes.remove(random.nextInt(boxes.size()));
      int axis = random.nextInt(axes);
      long length = box[1][axis] - box[0][axis];
      long place = box[0][axis] + (length > 1 ? 1 + random.nextInt((int) length - 1) : length);
      long[][] low = {box[0], box[1].clone()};
      low[1][axis] = place;
      boxes.add(low);
      if (place < box[1][axis]) {
        long[][] high = {box[0].clone(), box[1]};
        high[0][axis] = place;
        boxes.add(high);
      }
    }
    Collections.shuffle(boxes, random);
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < boxes.size(); i++) {
      long[] dimensions = new long[axes];
      List<Long> origin = new ArrayList<>();
      for (int axis = 0; axis < axes; axis++) {
        origin.add(boxes.get(i)[0][axis]);
        dimensions[axis] = boxes.get(i)[1][axis] - boxes.get(i)[0][axis];
      }
      blocks.add(block("" + i, DType.BF16, origin, dimensions));
    }

    TensorSource whole = BlockedTensor.of("w", blocks, problems::add).orElseThrow();

    assertThat(whole.shape()).isEqualTo(Shape.of(array(shape)));
    for (long element = 0; element < whole.shape().elements(); element++) {
      assertThat(whole.place(element)).isEqualTo(expected(boxes, shape, element));
    }
  }

  private static long[] array(List<Long> values) {
    return values.stream().mapToLong(Long::longValue).toArray();
  }

  private static ElementPlace expected(List<long[][]> boxes, List<Long> shape, long element) {
    long[] place = new long[shape.size()];
    long left = element;
    for (int axis = shape.size() - 1; axis >= 0; axis--) {
      place[axis] = left % shape.get(axis);
      left /= shape.get(axis);
    }
    for (int i = 0; i < boxes.size(); i++) {
      long inside = 0;
      boolean isThere = true;
      for (int axis = 0; axis < place.length; axis++) {
        long begin = boxes.get(i)[0][axis];
        long end = boxes.get(i)[1][axis];
        isThere &= place[axis] >= begin && place[axis] < end;
        inside = inside * (end - begin) + place[axis] - begin;
      }
      if (isThere) {
        return new ElementPlace("/run/" + i, "w", inside);
      }
    }
    throw new AssertionError("nothing holds element " + element);
  }

  /** Of one row and two processes, the second has nothing, and says that it begins at the end. */
  @ParameterizedTest
  @CsvSource({"1, 1", "1, 7", "5, 3"})
  void blocksOfNothingAreNoFault(int rows, int processesWithout) {
    List<Block> blocks = new ArrayList<>(List.of(block("full", 0, rows, 0, 2)));
    for (int i = 0; i < processesWithout; i++) {
      blocks.add(block("empty" + i, rows, rows, 0, 2));
    }

    assertThat(BlockedTensor.of("w", blocks, problems::add).map(TensorSource::shape))
        .contains(Shape.of(rows, 2));
    assertThat(problems).isEmpty();
  }

  @Test
  void aProcessWithoutRowsSaysHowManyThereAre() {
    refused(
        "a block of w is missing: along axis 0 nothing holds 0 to 5 but 0 to 3 in a. Fetch the"
            + " files of all processes",
        block("a", 0, 3, 0, 2),
        block("b", 5, 5, 0, 2));
  }

  @Test
  void aTensorOfNothingIsOneThoughAllProcessesHaveIt() {
    assertThat(of(block("a", 0, 0, 0, 2), block("b", 0, 0, 0, 2)).map(TensorSource::shape))
        .contains(Shape.of(0, 2));
    assertThat(problems).isEmpty();
  }

  @Test
  void aGapBetweenBlocksIsTold() {
    refused(
        "a block of w is missing: along axis 0 nothing holds 0 to 3 but 0 to 1 in a. Fetch the"
            + " files of all processes",
        block("a", 0, 1, 0, 2),
        block("b", 3, 4, 0, 2));
  }

  @Test
  void aBeginningThatIsMissingIsTold() {
    refused(
        "a block of w is missing: along axis 0 nothing holds 0 to 2. Fetch the files of all"
            + " processes",
        block("a", 2, 3, 0, 2),
        block("b", 3, 4, 0, 2));
  }

  @Test
  void aRowWithoutItsLastColumnIsTold() {
    refused(
        "a block of w is missing: along axis 1 nothing holds 0 to 4 but 0 to 3 in b. Fetch the"
            + " files of all processes",
        block("a", 0, 1, 0, 4),
        block("b", 1, 2, 0, 3));
  }

  @Test
  void onlyTheFirstFaultOfATensorIsTold() {
    refused(
        "a block of w is missing: along axis 0 nothing holds 0 to 2 but 0 to 1 in a. Fetch the"
            + " files of all processes",
        block("a", 0, 1, 0, 4),
        block("b", 2, 3, 0, 4),
        block("c", 5, 6, 0, 2));
  }

  @Test
  void theSameBlockTwiceIsTwoSaves() {
    refused(
        "blocks of w lie over each other, or on no grid: [2, 3] at [0, 0] in a, [2, 3] at [0, 0] in"
            + " b. Take the files of one save",
        block("a", 0, 2, 0, 3),
        block("b", 0, 2, 0, 3));
  }

  @Test
  void blocksOfOtherTypesOrAxesAreOfAnotherSave() {
    refused(
        "w is F32 [1, 2] in a and BF16 [1, 2] in b: these are of two saves. Take the files of one",
        block("a", 0, 1, 0, 2),
        block("b", DType.BF16, List.of(1L, 0L), 1, 2));
    problems.clear();
    refused(
        "w is F32 [1, 2] in a and F32 [2] in b: these are of two saves. Take the files of one",
        block("a", 0, 1, 0, 2),
        block("b", DType.F32, List.of(1L), 2));
  }

  @Test
  void aBlockBeginsAtAPlaceOnEachAxis() {
    assertThatThrownBy(() -> block("a", DType.F32, List.of(0L), 1, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("begins at [0]");
  }
}
