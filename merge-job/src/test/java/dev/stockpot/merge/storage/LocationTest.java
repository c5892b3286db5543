package dev.stockpot.merge.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocationTest {
  @Test
  void dropsSlashesAtTheEnd() {
    assertThat(new Location("s3a://bucket/model//")).isEqualTo(new Location("s3a://bucket/model"));
    assertThat(new Location("/")).hasToString("/");
  }

  @Test
  void namesAChildAndIsNamedByItsLastPart() {
    assertThat(new Location("s3a://b/m").child("config.json")).hasToString("s3a://b/m/config.json");
    assertThat(new Location("/").child("m")).hasToString("/m");
    assertThat(new Location("s3a://b/m/").name()).isEqualTo("m");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "../m", "/m", "a/b", "a\\b", "a\0"})
  void aChildStaysInItsFolder(String name) {
    assertThatThrownBy(() -> new Location("/m").child(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'%s' is not a plain file name", name);
  }

  @Test
  void isNotEmpty() {
    assertThatThrownBy(() -> new Location(" ")).hasMessage("path is empty");
  }

  @Test
  void aRangeDoesNotEndBeforeItBegins() {
    assertThatThrownBy(() -> new ByteRange(3, 2)).hasMessage("bytes 3 to 2 are no range");
    assertThatThrownBy(() -> new ByteRange(-1, 2)).hasMessage("bytes -1 to 2 are no range");
    assertThat(new ByteRange(3, 3).length()).isZero();
  }
}
