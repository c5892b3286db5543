package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A night that failed, and the night after it, which has another recipe. */
class OtherLeftoversTest {
  private static final String DISCARD = "other-leftovers=discard";

  @TempDir private Path folder;

  @BeforeEach
  void aNightFailsInItsSecondFile() throws IOException {
    ModelFolder.at(folder.resolve("good")).floats("a", 1, 2).floats("b", 3, 4).write();
    ModelFolder.at(folder.resolve("bad")).floats("a", 3, 4).floats("b", 5, Float.NaN).write();
    Files.writeString(folder.resolve("first.yml"), recipe("good", "bad"));
    Files.writeString(folder.resolve("second.yml"), recipe("good", "good2"));
    ModelFolder.at(folder.resolve("good2")).floats("a", 3, 4).floats("b", 5, 6).write();

    assertThat(night("first.yml", "check-finite=true").exitCode()).isEqualTo(1);
  }

  private String recipe(String one, String other) {
    return "merge_method: linear\nparameters: {weight: 0.5}\nmodels: [{model: %s}, {model: %s}]\n"
        .formatted(folder.resolve(one), folder.resolve(other));
  }

  private CommandLineRun night(String recipe, String setting) {
    return CommandLineRun.of(
        "merge",
        folder.resolve(recipe),
        folder.resolve("soup"),
        "--resume",
        "--set",
        "shard-size=8",
        "--set",
        "tasks=1",
        "--set",
        "report=false",
        "--set",
        setting);
  }

  @Test
  void blocksTheNextUnlessSomebodySaysOtherwise() {
    CommandLineRun refused = night("second.yml", "other-leftovers=refuse");

    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err()).contains("is another one", "stockpot discard");
  }

  @Test
  void isGivenUpWhereThatIsAskedFor() throws IOException {
    CommandLineRun next = night("second.yml", DISCARD).succeeds();

    assertThat(next.err()).contains("An unfinished merge into", "is given up: ", "bad");
    assertThat(folder.resolve("soup/stockpot-manifest.json")).exists();
    try (var left = Files.list(folder)) {
      assertThat(left.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("good", "bad", "good2", "first.yml", "second.yml", "soup");
    }
  }

  @Test
  void isGoneOnWithWhereItIsTheSame() {
    CommandLineRun same = night("first.yml", DISCARD).succeeds();

    assertThat(same.out()).contains("1 of 2 files");
    assertThat(same.err()).doesNotContain("given up");
  }

  @Test
  void nothingIsSaidWhereNothingWasLeft() {
    CommandLineRun.of("discard", folder.resolve("soup")).succeeds();

    assertThat(night("second.yml", DISCARD).succeeds().err()).doesNotContain("given up");
  }

  @Test
  void thereIsNoOtherWord() {
    CommandLineRun wrong = night("second.yml", "other-leftovers=keep");

    assertThat(wrong.exitCode()).isEqualTo(1);
    assertThat(wrong.err()).contains("other-leftovers is keep, must be one of refuse, discard");
  }
}
