package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.rapids.cudf.GpuSettings;
import dev.stockpot.kernels.rapids.cudf.GpuTask;
import dev.stockpot.merge.part.KernelChoice;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForcedKernelsTest {
  @TempDir private Path folder;

  @Test
  void aGpuThatIsNotHereIsAnErrorThatSaysWhatIsMissing() throws Exception {
    KernelProvider rapids = KernelChoice.all(GpuSettings.DEFAULT, GpuTask.NONE).get(0);
    assumeTrue(rapids.obstacle().isPresent(), "this machine has a GPU");
    Path recipe = folder.resolve("recipe.yml");
    Files.writeString(
        recipe, "merge_method: linear\nmodels:\n- {model: a, parameters: {weight: 1}}\n");

    CommandLineRun run =
        CommandLineRun.of("merge", recipe, folder.resolve("out"), "--set", "provider=rapids");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .startsWith(
            "Settings: provider is rapids, but rapids kernels cannot run: "
                + rapids.obstacle().get());
    assertThat(folder.resolve("out")).doesNotExist();
  }
}
