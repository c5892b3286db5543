package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A first success in one command, and the check of what it made. */
class QuickstartTest {
  @TempDir private Path folder;

  @Test
  void makesModelsMergesThemAndTellsWhatToTryNextAsOftenAsAsked() throws IOException {
    Path work = folder.resolve("first try");
    CommandLineRun run = CommandLineRun.of("quickstart", "--folder", work).succeeds();
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .startsWith("Made a base model and three fine-tunes of it in %s.\n".formatted(work))
        .contains("Merged 4 models by ties into %s/merged: ".formatted(work))
        .contains("./stockpot inspect ", "./stockpot verify ", "./stockpot methods");
    ByteBuffer first = new Tensors(work.resolve("merged")).bytes("lm_head.weight");

    CommandLineRun.of("quickstart", "--folder", work).succeeds();
    assertThat(new Tensors(work.resolve("merged")).bytes("lm_head.weight")).isEqualTo(first);
  }

  @Test
  void refusesAFolderThatHoldsSomethingElse() throws IOException {
    Path mine = Files.writeString(folder.resolve("mine.txt"), "");
    CommandLineRun run = CommandLineRun.of("quickstart", "--folder", folder);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .isEqualTo(
            "%s holds something else; choose another folder with --folder\n".formatted(folder));
    assertThat(folder).isDirectoryContaining(file -> file.equals(mine));
    assertThat(folder.resolve("base")).doesNotExist();
  }

  @Test
  void writesOverNoFileThatWasChanged() throws IOException {
    CommandLineRun.of("quickstart", "--folder", folder).succeeds();
    Path recipe = folder.resolve("ties.yml");
    Files.writeString(recipe, "merge_method: linear");
    Path shard = Files.write(folder.resolve("math/model.safetensors"), new byte[] {1});

    CommandLineRun run = CommandLineRun.of("quickstart", "--folder", folder);

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .isEqualTo(
            "%s is not what a quickstart makes. Choose another folder than %s with --folder, or remove the file\n"
                .formatted(shard, folder));
    assertThat(recipe).hasContent("merge_method: linear");
    assertThat(shard).hasBinaryContent(new byte[] {1});
  }

  @Test
  void mergesOverNothingThatIsNotItsOwn() throws IOException {
    CommandLineRun.of("quickstart", "--folder", folder).succeeds();
    Path notes = Files.writeString(folder.resolve("merged/notes.txt"), "keep me");

    CommandLineRun run = CommandLineRun.of("quickstart", "--folder", folder);

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("merged holds 1 file", "notes.txt");
    assertThat(notes).hasContent("keep me");
  }

  @Test
  void refusesAFile() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    CommandLineRun run = CommandLineRun.of("quickstart", "--folder", file);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .isEqualTo("%s is a file; choose a folder with --folder\n".formatted(file));
  }

  @Test
  void leavesAMergeThatCanBeVerifiedUntilItIsDamaged() throws IOException {
    CommandLineRun.of("quickstart", "--folder", folder).succeeds();
    Path merged = folder.resolve("merged");
    CommandLineRun good = CommandLineRun.of("verify", merged).succeeds();
    assertThat(good.out())
        .isEqualTo("%s is as it was made: 39 tensors, 8.00 MB\n".formatted(merged));

    Path shard = merged.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(shard);
    bytes[bytes.length - 1] ^= 0x10;
    Files.write(shard, bytes);
    CommandLineRun damaged = CommandLineRun.of("verify", merged);
    assertThat(damaged.exitCode()).isEqualTo(1);
    assertThat(damaged.out()).isEmpty();
    assertThat(damaged.err())
        .matches(
            "model\\.norm\\.weight in model\\.safetensors was changed or damaged: checksum [0-9a-f]{8}, was [0-9a-f]{8}\n");
  }
}
