package dev.stockpot.merge.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.model.Stored;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.StoredObject;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where each element of fused tensors comes from. */
class FusingTest {
  static Stored stored(String name, long... dimensions) {
    Shape shape = Shape.of(dimensions);
    long bytes = TensorInfo.byteCount(DType.F32, shape);
    StoredObject file = new StoredObject(new Location("/models/" + name), bytes, "v1");
    return new Stored(new TensorInfo(name, DType.F32, shape, file, new ByteRange(0, bytes)));
  }

  /** Name and place of the first element of each row. */
  private static List<String> rows(TensorSource source) {
    long columns = source.shape().columns();
    return LongStream.range(0, source.shape().dimensions().get(0))
        .mapToObj(row -> source.place(row * columns))
        .map(place -> place.tensor() + place.element() / columns)
        .toList();
  }

  private static final Stored Q = stored("q", 4, 3);
  private static final Stored K = stored("k", 2, 3);
  private static final Stored V = stored("v", 2, 3);

  @Test
  void blocksFollowEachOther() {
    TensorSource fused = Fusing.join(List.of(Q, K, V), 0, 1);
    assertThat(rows(fused)).containsExactly("q0", "q1", "q2", "q3", "k0", "k1", "v0", "v1");
    assertThat(fused.shape()).isEqualTo(Shape.of(8, 3));
  }

  @Test
  void groupsTakeTurns() {
    TensorSource fused = Fusing.join(List.of(Q, K, V), 0, 2);
    assertThat(rows(fused)).containsExactly("q0", "q1", "k0", "v0", "q2", "q3", "k1", "v1");
  }

  @Test
  void rowsInterleave() {
    TensorSource fused = Fusing.join(List.of(K, V), 0, 2);
    assertThat(rows(fused)).containsExactly("k0", "v0", "k1", "v1");
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "2, 0", "1, 1", "3, 1"})
  void whatIsJoinedCanBeSplitAgain(long groups, int axis) {
    List<TensorSource> parts =
        axis == 0 ? List.of(Q, K, V) : List.of(stored("a", 2, 6), stored("b", 2, 3));
    TensorSource fused = Fusing.join(parts, axis, groups);
    List<Long> lengths = parts.stream().map(part -> part.shape().dimensions().get(axis)).toList();
    List<TensorSource> split = Fusing.split(fused, axis, lengths, groups);
    for (int i = 0; i < parts.size(); i++) {
      TensorSource part = parts.get(i);
      assertThat(split.get(i).shape()).isEqualTo(part.shape());
      for (int element = 0; element < part.shape().elements(); element++) {
        assertThat(split.get(i).place(element)).isEqualTo(part.place(element));
      }
    }
  }

  @Test
  void vectorsAreFusedAlike() {
    TensorSource fused = Fusing.join(List.of(stored("bq", 4), stored("bk", 2)), 0, 2);
    assertThat(rows(fused)).containsExactly("bq0", "bq1", "bk0", "bq2", "bq3", "bk1");
  }

  @Test
  void stacksHaveANewFirstAxis() {
    TensorSource stack = Fusing.stack(List.of(K, V));
    assertThat(stack.shape()).isEqualTo(Shape.of(2, 2, 3));
    assertThat(IntStream.of(0, 5, 6, 11).mapToObj(stack::place))
        .extracting(place -> place.tensor() + place.element())
        .containsExactly("k0", "k5", "v0", "v5");
  }

  @Test
  void whatDoesNotFitIsRefused() {
    assertThatThrownBy(() -> Fusing.split(Q, 0, List.of(2L, 3L), 1))
        .hasMessage("parts of [2, 3] have 5 along axis 0 of [4, 3]");
    assertThatThrownBy(() -> Fusing.split(Q, 0, List.of(1L, 3L), 2))
        .hasMessage("1 along axis 0 of [4, 3] do not make 2 groups");
    assertThatThrownBy(() -> Fusing.join(List.of(Q, K), 0, 3))
        .hasMessage("4 along axis 0 of [4, 3] do not make 3 groups");
    assertThatThrownBy(() -> Fusing.join(List.of(Q, K), 2, 1)).hasMessage("[4, 3] has no axis 2");
    assertThatThrownBy(() -> Fusing.join(List.of(Q, stored("x", 4, 5)), 0, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Fusing.stack(List.of(Q, K)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
