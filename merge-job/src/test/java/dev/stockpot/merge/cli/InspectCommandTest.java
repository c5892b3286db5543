package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A checkpoint says what its tensors are called; what that does to a terminal is no concern of it.
 */
class InspectCommandTest {
  @TempDir private Path folder;

  private String inspected() {
    return CommandLineRun.of("inspect", folder).succeeds().out();
  }

  @Test
  void listsTensorsUnderOneAnother() throws IOException {
    ModelFolder.at(folder).floats("a.long.name", 1, 2).floats("b", 1).write();

    assertThat(inspected().lines().limit(3))
        .containsExactly(
            "Tensor       type     shape                      size  file",
            "a.long.name  F32      [2]                         8 B  model.safetensors",
            "b            F32      [1]                         4 B  model.safetensors");
  }

  @Test
  void whatATerminalObeysIsShownByItsNumber() throws IOException {
    ModelFolder.at(folder).floats("w\u001b[2J\u202ehtgiew\u0007", 1).floats("b", 1).write();

    assertThat(inspected())
        .contains("w\\u001b[2J\\u202ehtgiew\\u0007  F32")
        .doesNotContain("\u001b", "\u202e", "\u0007");
  }

  @Test
  void aNameOfTenMegabytesIsCutAndMakesNoRowWide() throws IOException {
    ModelFolder.at(folder).floats("w".repeat(10_000_000), 1).floats("b", 1).write();

    assertThat(inspected()).contains("w".repeat(300) + "…  F32").hasSizeLessThan(2_000);
  }

  @Test
  void typesThatNothingComputesWithAreListed() throws IOException {
    ModelFolder.at(folder).tensor("w", DType.F8_E4M3FNUZ, new byte[6], 2, 3).write();

    assertThat(inspected()).contains("w       F8_E4M3FNUZ [2, 3]", "F8_E4M3FNUZ: 6 elements, 6 B");
  }
}
