package dev.stockpot.merge.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

  @ParameterizedTest
  @CsvSource({
    "/models/a, file, true, false",
    "models/a, file, true, true",
    "C:/models, file, true, false",
    "file:/models, file, false, false",
    "FILE:///models, file, false, false",
    "S3A://bucket/a, s3a, false, false",
    "abfs+x:/a, abfs+x, false, false"
  })
  void isAPlainPathOrAUri(String path, String scheme, boolean isPlain, boolean isRelative) {
    Location location = new Location(path);

    assertThat(location.scheme()).isEqualTo(scheme);
    assertThat(location.isPlainPath()).isEqualTo(isPlain);
    assertThat(location.isRelative()).isEqualTo(isRelative);
  }

  @ParameterizedTest
  @CsvSource({
    "models/a, models/a, ''",
    "//models/a, //models/a, ''",
    "file:/a b%20, /a b%20, file:",
    "File:///models, ///models, File:"
  })
  void isAPathOfThisMachineWithOrWithoutFileInFront(String path, String local, String prefix) {
    assertThat(new Location(path).pathOfThisMachine()).isEqualTo(local);
    assertThat(new Location(path).filePrefix()).isEqualTo(prefix);
  }

  @Test
  void isNoPathOfThisMachineIfItNamesAnother() {
    assertThatThrownBy(() -> new Location("file://server/a").pathOfThisMachine())
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith(
            "file://server/a names a machine after file://. Write file:///path");
    assertThatThrownBy(() -> new Location("s3a://bucket/a").pathOfThisMachine())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("s3a://bucket/a is not a path of this machine");
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
