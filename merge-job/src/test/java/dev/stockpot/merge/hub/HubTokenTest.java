package dev.stockpot.merge.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A token says who asks, and never shows itself. */
class HubTokenTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"hf_abc", " hf_abc ", "hf_abc\n", "\r\nhf_abc\r\n", "hf_\nabc"})
  void blanksAndLinesAroundItAreNoPartOfIt(String text) {
    assertThat(HubToken.of("HF_TOKEN", text).orElseThrow().authorization())
        .isEqualTo("Bearer hf_abc");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\n", "\r\n\t"})
  void whatIsBlankIsNone(String text) {
    assertThat(HubToken.of("HF_TOKEN", text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"hf_a b", "hf_a\u0000b", "hf_\u00e4", "hf_a\tb", "\u201chf_abc\u201d"})
  void whatCannotBeOneIsRefusedWithoutBeingShown(String text) {
    assertThatThrownBy(() -> HubToken.of("HF_TOKEN", text))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("HF_TOKEN holds something that is no token")
        .hasMessageNotContaining("hf_");
  }

  @Test
  void itIsReadFromAFileIfThereIsOne() throws IOException {
    Path file = folder.resolve("token");
    assertThat(HubToken.in(file)).isEmpty();
    assertThat(HubToken.in(folder)).as("a folder of that name").isEmpty();
    Files.writeString(file, "hf_xyz\n");
    assertThat(HubToken.in(file).orElseThrow().authorization()).isEqualTo("Bearer hf_xyz");
  }

  @Test
  void itDoesNotPrintItselfAndCannotBeSent() {
    HubToken token = HubToken.of("HF_TOKEN", "hf_abc").orElseThrow();
    assertThat(token.toString()).isEqualTo("a token");
    assertThat((Object) token).isNotInstanceOf(Serializable.class);
  }
}
