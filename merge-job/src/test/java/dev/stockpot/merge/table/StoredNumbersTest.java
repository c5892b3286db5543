package dev.stockpot.merge.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.checkpoint.TensorInfo;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Numbers of stored tensors, read as float32. */
class StoredNumbersTest {
  private final StoredTensors files = new StoredTensors();
  private final StoredNumbers numbers = new StoredNumbers(files);

  @AfterEach
  void close() throws IOException {
    numbers.close();
    numbers.close(); // as often as one likes
    assertThat(files.open()).isZero();
  }

  @Test
  void areThoseOfTheTensorFromAnyOfThemOn() throws IOException {
    TensorInfo tensor = files.floats("x", 1, 2, 3, 4, 5);

    assertThat(numbers.floats(tensor, 0, 5)).containsExactly(1, 2, 3, 4, 5);
    assertThat(numbers.floats(tensor, 3, 2)).containsExactly(4, 5);
    assertThat(numbers.floats(tensor, 5, 0)).isEmpty();
    assertThat(numbers.bytes()).isEqualTo(4 * (5 + 2));
  }

  @Test
  void areWidenedOrNarrowed() throws IOException {
    TensorInfo half =
        files.tensor("h", DType.F16, file -> file.putShort((short) 0x3E00).putShort((short) 1), 2);
    TensorInfo brain = files.tensor("b", DType.BF16, file -> file.putShort((short) 0xC040), 1);
    TensorInfo wide =
        files.tensor("d", DType.F64, file -> file.putDouble(1e300).putDouble(1 + 0x1p-50), 2);

    assertThat(numbers.floats(half, 0, 2)).containsExactly(1.5f, 0x1p-24f);
    assertThat(numbers.floats(brain, 0, 1)).containsExactly(-3);
    assertThat(numbers.floats(wide, 0, 2)).containsExactly(Float.POSITIVE_INFINITY, 1);
  }

  @Test
  void ofATensorThatIsLargerThanTheBufferAreRead() throws IOException {
    int count = (1 << 20) + 3; // of float32 in 4 MiB, and a few
    float[] elements = new float[count];
    for (int i = 0; i < count; i++) {
      elements[i] = i - 7;
    }
    TensorInfo tensor = files.floats("x", elements);

    assertThat(numbers.floats(tensor, 0, count)).isEqualTo(elements);
    assertThat(numbers.floats(tensor, 2, count - 3)[count - 4]).isEqualTo(count - 9);
    assertThat((Double) numbers.moments(tensor).get(Column.MEAN).orElseThrow())
        .isEqualTo((count - 1) / 2.0 - 7);
    assertThat(numbers.moments(tensor).get(Column.ZEROS)).hasValue(1L);
  }

  @Test
  void ofAnEmptyTensorHaveNoMoments() throws IOException {
    Moments moments = numbers.moments(files.tensor("x", DType.F32, file -> {}, 0, 4));

    assertThat(moments.get(Column.MEAN)).isEmpty();
    assertThat(files.opened()).isZero();
  }

  @Test
  void takeOneFileAfterTheOther() throws IOException {
    TensorInfo x = files.floats("x", 1, 2);
    TensorInfo y = files.floats("y", 3);

    numbers.moments(x);
    numbers.floats(x, 1, 1);
    assertThat(files.opened()).isOne();

    assertThat(numbers.floats(y, 0, 1)).containsExactly(3);
    assertThat(files.opened()).isEqualTo(2);
    assertThat(files.open()).isOne();
  }

  @Test
  void leaveNothingOpenWhereAFileIsGone() throws IOException {
    TensorInfo x = files.floats("x", 1);
    TensorInfo y = files.floats("y", 2);
    numbers.floats(x, 0, 1);
    files.store().delete(y.shard().location());

    assertThatThrownBy(() -> numbers.floats(y, 0, 1))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("y.safetensors");
    assertThat(files.open()).isZero();
    assertThat(numbers.floats(x, 0, 1)).containsExactly(1); // by another reader
  }
}
