package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models of FP8 are compared by their numbers: codes times scales. */
class DiffCodesTest {
  private static final String CONFIG =
      "{\"quantization_config\": {\"quant_method\": \"fp8\", \"fmt\": \"e4m3\","
          + " \"weight_block_size\": [2, 2]}}";
  private static final byte ONE = 0x38;
  private static final byte TWO = 0x40;

  @TempDir private Path folder;

  private void write(String name, byte code, float scale) throws IOException {
    ModelFolder.at(folder.resolve(name))
        .file("config.json", CONFIG)
        .tensor("w.weight", DType.F8_E4M3, new byte[] {code, code, code, code}, 2, 2)
        .matrix("w.weight_scale_inv", new float[] {scale}, 1, 1)
        .floats("norm", 1, 2)
        .write();
  }

  @BeforeEach
  void writeModels() throws IOException {
    write("ones", ONE, 2);
    write("twos", TWO, 1);
    write("larger", ONE, 4);
  }

  private String diff(String base, String model) {
    return CommandLineRun.of("diff", folder.resolve(base), folder.resolve(model)).succeeds().out();
  }

  @Test
  void otherCodesOfTheSameNumbersAreTheSame() {
    assertThat(diff("ones", "twos"))
        .contains("2 tensors compared", "have the same weights")
        .doesNotContain("scale_inv");
  }

  @Test
  void theSameCodesOfOtherNumbersAreNot() {
    assertThat(diff("ones", "larger")).contains("100.000 %").doesNotContain("the same weights");
  }
}
