package dev.stockpot.merge.evaluate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is shown of what a process printed. */
class ProcessesTest {
  @TempDir private Path folder;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text, UTF_8);
  }

  @Test
  void errorsComeBeforeWhatWasPrinted() throws IOException {
    Path out = file("out", "step 1\nstep 2\n");

    assertThat(Processes.lastWords(file("err", "out of memory\n"), out))
        .isEqualTo(":\n    out of memory");
    assertThat(Processes.lastWords(file("err", " \n\n"), out))
        .isEqualTo(":\n    step 1\n    step 2");
    assertThat(Processes.lastWords(file("err", ""), file("out", "\n")))
        .isEqualTo(" and said nothing");
  }

  @Test
  void fiveLinesAreShownTheLast() throws IOException {
    Path err = file("err", "1\n2\n\n3\n4\n5\n6\n\n");

    assertThat(Processes.lastWords(err, err)).isEqualTo(":\n    2\n    3\n    4\n    5\n    6");
  }

  @Test
  void ofAMebibyteAndMoreTheEndIsRead() throws IOException {
    int most = 1 << 20;

    assertThat(Processes.text(file("fits", "a".repeat(most)))).hasSize(most);
    assertThat(Processes.text(file("longer", "b" + "a".repeat(most - 1) + "0.5\n")))
        .hasSize(most)
        .startsWith("aaa")
        .endsWith("a0.5\n");
  }

  /** A letter of two bytes may be cut at the beginning, and others may be none at all. */
  @Test
  void bytesThatAreNoTextAreNoFault() throws IOException {
    assertThat(Processes.text(file("cut", "é".repeat(1 << 19) + "7")))
        .startsWith("\uFFFDé")
        .endsWith("é7");
    Path raw = Files.write(folder.resolve("raw"), new byte[] {(byte) 0xFF, '\n', '1'});
    assertThat(Processes.text(raw)).isEqualTo("\uFFFD\n1");
    assertThat(Processes.text(file("empty", ""))).isEmpty();
  }
}
