package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.Sha256;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lies beside weights is looked at before a merge, and copied without being held. */
class CompanionsOnDiskTest {
  private static final String RECIPE =
      """
      merge_method: linear
      models:
        - {model: a, parameters: {weight: 0.5}}
        - {model: b, parameters: {weight: 0.5}}
      """;
  private static final int LARGE = 70_000_001;

  @TempDir private Path folder;

  @BeforeEach
  void write() throws IOException {
    for (String model : List.of("a", "b")) {
      ModelFolder.at(folder.resolve(model)).floats("x", 1, 2).write();
    }
  }

  private void sparse(String name, long bytes) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    try (RandomAccessFile huge = new RandomAccessFile(file.toFile(), "rw")) {
      huge.setLength(bytes);
      huge.seek(bytes - 1);
      huge.write(7);
    }
  }

  @Test
  void aFileOfAModuleLargerThanWhatIsHeldIsCopiedListedAndVerified() throws IOException {
    Files.writeString(folder.resolve("a/modules.json"), "[{\"path\": \"2_Dense\"}]");
    sparse("a/2_Dense/table.txt", LARGE);

    CommandLineRun.merging(folder, "out", RECIPE).succeeds();

    Path copy = folder.resolve("out/2_Dense/table.txt");
    assertThat(Files.mismatch(copy, folder.resolve("a/2_Dense/table.txt"))).isEqualTo(-1);
    assertThat(Files.readString(folder.resolve("out/stockpot-manifest.json")))
        .contains("2_Dense/table.txt", Sha256.of(ByteBuffer.wrap(Files.readAllBytes(copy))))
        .contains(String.valueOf(LARGE));
    CommandLineRun.of("verify", folder.resolve("out")).succeeds();
    CommandLineRun again = CommandLineRun.merging(folder, "out", RECIPE, "--resume").succeeds();
    assertThat(again.out()).contains("nothing to do");
  }

  @Test
  void aCopyThatWasDamagedIsFoundByVerify() throws IOException {
    Files.writeString(folder.resolve("a/modules.json"), "[{\"path\": \"2_Dense\"}]");
    sparse("a/2_Dense/table.txt", LARGE);
    CommandLineRun.merging(folder, "out", RECIPE).succeeds();

    sparse("out/2_Dense/table.txt", LARGE + 1);

    CommandLineRun run = CommandLineRun.of("verify", folder.resolve("out"));
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out() + run.err()).contains("2_Dense/table.txt");
  }

  @Test
  void aTokenizerOfOneAndAHalfGigabytesStaysAndIsToldByThePlan() throws IOException {
    sparse("a/tokenizer.json", 1_500_000_000);
    sparse("b/tokenizer.json", 1_500_000_000);

    CommandLineRun plan = CommandLineRun.merging(folder, "out", RECIPE).succeeds();

    assertThat(plan.err()).contains("tokenizer.json (1500000000 bytes, more than 268435456)");
    assertThat(folder.resolve("out/tokenizer.json")).doesNotExist();
  }

  @Test
  void tokenizersTooLargeToBeComparedAreTold() throws IOException {
    sparse("a/tokenizer.json", LARGE);
    sparse("b/tokenizer.json", LARGE);

    CommandLineRun merge = CommandLineRun.merging(folder, "out", RECIPE).succeeds();

    assertThat(merge.err())
        .contains("tokenizer.json of a has 70000001 bytes, more than 67108864, so that tokens are");
    assertThat(folder.resolve("out/tokenizer.json")).hasSize(LARGE);
  }

  @Test
  void twentyThousandFilesBesideWeightsAreRefusedBeforeAnythingIsMade() throws IOException {
    for (int i = 0; i < 20_000; i++) {
      Files.createFile(folder.resolve("a/%05d.txt".formatted(i)));
    }

    CommandLineRun run = CommandLineRun.merging(folder, "out", RECIPE);

    assertThat(run.exitCode()).isNotZero();
    assertThat(run.err()).contains("20000 files lie beside its weights", "at most 1000");
    assertThat(folder.resolve("out")).doesNotExist();
  }
}
