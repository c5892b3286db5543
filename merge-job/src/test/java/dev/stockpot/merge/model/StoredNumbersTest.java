package dev.stockpot.merge.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.random.Numbers;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.MemoryStore;
import dev.stockpot.merge.storage.MemoryStore.Request;
import dev.stockpot.merge.storage.ObjectChangedException;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A few numbers are read where they are stored, whatever their type. */
class StoredNumbersTest {
  private static final Location FILE = new Location("/m/model.safetensors");

  private final MemoryStore store = new MemoryStore();
  private final StoredNumbers numbers = new StoredNumbers(store);

  /** A tensor behind three other bytes of a file. */
  private Stored stored(DType dtype, long elements, String hexadecimal) {
    byte[] content = HexFormat.of().parseHex("ffffff" + hexadecimal + "ff");
    store.write(FILE, content);
    StoredObject object = store.find(FILE).orElseThrow();
    ByteRange bytes = new ByteRange(3, content.length - 1L);
    return new Stored(new TensorInfo("t", dtype, Shape.of(elements), object, bytes));
  }

  /** Two elements as they lie in a file, the least significant byte first. */
  @ParameterizedTest
  @CsvSource({
    "F64, 000000000000f03f 000000000000e0bf, 1, -0.5",
    "F32, 0000c03f 000000c0, 1.5, -2",
    "BF16, c03f 00c0, 1.5, -2",
    "F16, 003e 00c0, 1.5, -2",
    "I64, 0100000000000000 ffffffffffffffff, 1, -1",
    "I32, 01000000 feffffff, 1, -2",
    "F32, 0000807f 0000c07f, Infinity, NaN",
    "F8_E4M3, 38 b8, NaN, NaN",
    "I8, 01 02, NaN, NaN",
    "BOOL, 01 00, NaN, NaN"
  })
  void areReadByTheirType(DType dtype, String bytes, double first, double second)
      throws IOException {
    Stored tensor = stored(dtype, 2, bytes.replace(" ", ""));
    assertThat(numbers.read(tensor, ElementSpan.all(tensor.shape())))
        .containsExactly(first, second);
    assertThat(numbers.read(tensor, new ElementSpan(1, 1))).containsExactly(second);
  }

  @Test
  void onlyWhatIsAskedForIsRead() throws IOException {
    Stored tensor = stored(DType.F32, 4, "00".repeat(16));
    assertThat(numbers.read(tensor, new ElementSpan(1, 2))).containsExactly(0, 0);
    assertThat(store.bytesRead()).isEqualTo(8);
    assertThat(numbers.read(tensor, new ElementSpan(2, 0))).isEmpty();
    assertThat(store.count(Request.OPEN)).as("nothing is asked for no numbers").isEqualTo(1);
  }

  @Test
  void aFileThatChangedIsNotRead() {
    Stored tensor = stored(DType.F32, 1, "00000000");
    store.write(FILE, new byte[8]);
    assertThatThrownBy(() -> numbers.read(tensor, new ElementSpan(0, 1)))
        .isInstanceOf(ObjectChangedException.class);
  }

  @Test
  void onlyStoredTensorsAreReadAsTheyAre() {
    Stored tensor = Sources.floats("t", 4, 6);
    Generated zeros = new Generated(Numbers.all(0), Shape.of(4, 6));
    assertThat(StoredNumbers.canRead(tensor)).isTrue();
    for (TensorSource other :
        List.of(zeros, tensor.section(0, 1, 2), tensor.transposed(), tensor.as(DType.BF16))) {
      assertThat(StoredNumbers.canRead(other)).as("%s", other).isFalse();
    }
  }
}
