package dev.stockpot.merge.safetensors;

import static dev.stockpot.merge.safetensors.SafetensorsLayout.CHECKPOINT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.output.OutputTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsLayoutTest {
  @ParameterizedTest
  @CsvSource({
    "1, 1, model.safetensors",
    "1, 2, model-00001-of-00002.safetensors",
    "31, 31, model-00031-of-00031.safetensors",
    "100000, 100001, model-100000-of-100001.safetensors"
  })
  void namesFilesAsLoadersExpect(int number, int of, String name) {
    assertThat(CHECKPOINT.file(number, of)).isEqualTo(name);
  }

  @Test
  void indexesFilesUnderTheNameThatItsReaderLooksFor() throws IOException {
    Map<String, String> files = Map.of("t", "model-00001-of-00002.safetensors");
    ByteBuffer index = CHECKPOINT.index(files, 12);

    assertThat(CHECKPOINT.indexFile()).isEqualTo("model.safetensors.index.json");
    assertThat(CHECKPOINT.indexFile()).isEqualTo("model.safetensors.index.json");
    assertThat(UTF_8.decode(index).toString()).contains("\"total_size\": 12");
  }

  @Test
  void beginsEachFileWithItsHeader() {
    List<OutputTensor> tensors = List.of(new OutputTensor("t", DType.F32, Shape.of(3)));

    assertThat(CHECKPOINT.header(tensors)).isEqualTo(ShardHeaderWriter.encode(tensors));
  }
}
