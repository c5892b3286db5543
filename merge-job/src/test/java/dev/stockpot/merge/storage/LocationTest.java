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
    "~, ''",
    "~/, ''",
    "~/models/a, /models/a",
    "~//a/, //a",
  })
  void aTildeIsTheHomeOfTheUser(String typed, String below) {
    String home = System.getProperty("user.home");

    Location location = Location.typed(typed);

    assertThat(location).isEqualTo(new Location(home + below));
    assertThat(location.isRelative()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"./~", "~other/models", "models/~", "s3a://bucket/~/a", "file:/~", "~+b"})
  void aTildeElsewhereIsALetter(String typed) {
    assertThat(Location.typed(typed)).isEqualTo(new Location(typed));
  }

  @Test
  void aHomeThatNobodyKnowsIsSaid() {
    String home = System.getProperty("user.home");
    System.setProperty("user.home", "?"); // as Java has it where the user is not listed
    try {
      assertThatThrownBy(() -> Location.typed("~/models"))
          .isInstanceOf(UserException.class)
          .hasMessage(
              "~/models: nobody knows the home of this user (user.home is '?'). Write the whole"
                  + " path");
    } finally {
      System.setProperty("user.home", home);
    }
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
