package dev.stockpot.merge.safetensors;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.MemoryStore;
import dev.stockpot.merge.storage.RangeReader;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ShardHeaderWriterTest {
  private static final OutputTensor NORM = new OutputTensor("norm", DType.BF16, Shape.of(4));
  private static final OutputTensor HEAD = new OutputTensor("head", DType.F32, Shape.of(3, 5));

  @Test
  void writesWhatTheReferenceImplementationWrites() {
    ByteBuffer front = ShardHeaderWriter.encode(List.of(NORM, HEAD)).order(LITTLE_ENDIAN);

    assertThat(front.getLong() % 8).isZero();
    assertThat(UTF_8.decode(front).toString())
        .isEqualTo(
            "{\"__metadata__\":{\"format\":\"pt\"},"
                + "\"norm\":{\"dtype\":\"BF16\",\"shape\":[4],\"data_offsets\":[0,8]},"
                + "\"head\":{\"dtype\":\"F32\",\"shape\":[3,5],\"data_offsets\":[8,68]}}"
                + "    ");
  }

  @Test
  void laysTensorsOneBehindTheOther() {
    OutputTensor empty = new OutputTensor("empty", DType.F32, Shape.of(0));

    assertThat(ShardHeaderWriter.layout(List.of(NORM, empty, HEAD)))
        .containsExactly(new ByteRange(0, 8), new ByteRange(8, 8), new ByteRange(8, 68));
  }

  @Test
  void dataBeginAtAMultipleOfEightForEveryLengthOfHeader() {
    for (int length = 1; length <= 8; length++) {
      OutputTensor tensor = new OutputTensor("a".repeat(length), DType.U8, Shape.of(1));

      assertThat(ShardHeaderWriter.encode(List.of(tensor)).remaining() % 8).isZero();
    }
  }

  @Test
  void parsingGivesBackWhatWasWritten() throws IOException {
    Random random = new Random(3);
    List<OutputTensor> tensors = new ArrayList<>();
    for (DType dtype : DType.values()) {
      String name = "\"quoted\" \\ \n \u00e9 \ud83c\udf72 " + dtype;
      tensors.add(new OutputTensor(name, dtype, Shape.of(random.nextInt(4), 8)));
    }
    MemoryStore store = new MemoryStore();
    Location file = new Location("memory://a/model.safetensors");
    store.write(file, ShardBytes.shard(tensors.toArray(OutputTensor[]::new)));
    StoredObject shard = store.find(file).orElseThrow();

    ShardHeader header;
    try (RangeReader reader = store.open(shard)) {
      header = ShardHeader.parse(shard, reader);
    }

    assertThat(header.metadata()).isEqualTo(Map.of("format", "pt"));
    assertThat(header.tensors())
        .extracting(tensor -> new OutputTensor(tensor.name(), tensor.dtype(), tensor.shape()))
        .containsExactlyInAnyOrderElementsOf(tensors);
    int data = ShardHeaderWriter.encode(tensors).remaining();
    List<ByteRange> layout = ShardHeaderWriter.layout(tensors);
    for (TensorInfo tensor : header.tensors()) {
      OutputTensor written = new OutputTensor(tensor.name(), tensor.dtype(), tensor.shape());
      ByteRange range = layout.get(tensors.indexOf(written));
      assertThat(tensor.bytes()).isEqualTo(new ByteRange(data + range.begin(), data + range.end()));
    }
  }

  private static ByteBuffer encodeNamed(String name) {
    return ShardHeaderWriter.encode(List.of(new OutputTensor(name, DType.U8, Shape.of(1))));
  }

  @Test
  void refusesNamesThatNoReaderWouldTake() {
    assertThatThrownBy(() -> encodeNamed("__metadata__"))
        .hasMessage("__metadata__ is no name of a tensor");
    assertThatThrownBy(() -> encodeNamed("a\ud800"))
        .hasMessage("'a\\ud800' holds half of a character");
    assertThatThrownBy(() -> ShardHeaderWriter.encode(List.of(NORM, NORM)))
        .hasMessage("tensor norm is there twice");
  }

  @Test
  void refusesTensorsThatTogetherOverflow() {
    OutputTensor huge = new OutputTensor("a", DType.U8, Shape.of(Long.MAX_VALUE));

    assertThatThrownBy(() -> ShardHeaderWriter.layout(List.of(huge, NORM)))
        .isInstanceOf(ArithmeticException.class);
  }
}
