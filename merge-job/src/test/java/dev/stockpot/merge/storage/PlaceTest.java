package dev.stockpot.merge.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two spellings of one place, and places that only look alike. */
class PlaceTest {
  @TempDir private Path folder;

  @BeforeEach
  void makeAModelAndALinkToIt() throws IOException {
    Files.createDirectories(folder.resolve("models/a"));
    Files.createDirectories(folder.resolve("links"));
    Files.createSymbolicLink(folder.resolve("links/alias"), folder.resolve("models/a"));
  }

  private Place at(String path) {
    return Place.of(new Location(folder + "/" + path));
  }

  @ParameterizedTest
  @CsvSource({
    "models/a, models/a/",
    "models/a, ./models//a/.",
    "models/a, models/b/../a",
    "models/a, links/alias",
    "models/a, links/alias/../a", // the system follows the link first
    "models/new, models/new/",
  })
  void spellingsOfOneFolderAreOnePlace(String one, String other) {
    assertThat(at(one).is(at(other))).isTrue();
    assertThat(at(one).holds(at(other))).isTrue();
    assertThat(at(other).holds(at(one))).isTrue();
  }

  @Test
  void aPlaceHasItsOwnNameAndThoseOfLinks() {
    Location link = new Location(folder + "/links/alias");
    assertThat(Place.of(link).isNamedBy(link)).isFalse();
    assertThat(Place.of(link).isNamedBy(new Location(folder + "/models/a"))).isTrue();
  }

  @Test
  void aUriOfAFileIsItsPath() {
    Place uri = Place.of(new Location("file://" + folder + "/models/a"));

    assertThat(uri.holds(at("models/a"))).isTrue();
    assertThat(at("models").holds(uri)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "models, models/a/b",
    "models, links/alias",
    "models/a, links/alias/new/deep",
    "links, links/alias",
    "., models/a",
  })
  void aFolderHoldsWhatLiesInIt(String above, String below) {
    assertThat(at(above).is(at(below))).isFalse();
    assertThat(at(above).holds(at(below))).isTrue();
    assertThat(at(below).holds(at(above))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"models/a, models/ab", "models/a, links", "models/a/x, models/a/y"})
  void neighboursAreApart(String one, String other) {
    assertThat(at(one).holds(at(other))).isFalse();
    assertThat(at(other).holds(at(one))).isFalse();
  }

  @Test
  void aFileSystemThatTakesCapitalsForSmallLettersHasOnePlaceForBoth() {
    Place small = Place.local(folder.resolve("models/a"), PlaceTest::areSameButForCapitals);
    Place capital = Place.local(folder.resolve("MODELS/A/new"), PlaceTest::areSameButForCapitals);

    assertThat(small.holds(capital)).isTrue();
    assertThat(capital.holds(small)).isFalse();
  }

  private static boolean areSameButForCapitals(Path a, Path b) {
    return a.toString().equalsIgnoreCase(b.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "s3a://b/models/x, s3a://b/models/x/",
    "s3a://b/models/x, s3://b/models/x",
    "s3a://b/models/x, s3n://b//models/./x",
    "s3a://b/models/x, s3a://b/models/y/../x",
    "hdfs://node:8020/x, hdfs:///x",
    "abfss://c@account/x, abfs://c@account/x",
  })
  void spellingsOfOneObjectAreOnePlace(String one, String other) {
    assertThat(remote(one).holds(remote(other))).isTrue();
    assertThat(remote(other).holds(remote(one))).isTrue();
  }

  @Test
  void keysAreComparedByWholeNames() {
    assertThat(remote("s3a://b/models").holds(remote("s3a://b/models/x"))).isTrue();
    assertThat(remote("s3a://b").holds(remote("s3a://b/models/x"))).isTrue();
    assertThat(remote("s3a://b/models/x").holds(remote("s3a://b/models"))).isFalse();
    assertThat(remote("s3a://b/models/x").holds(remote("s3a://b/models/xy"))).isFalse();
    assertThat(remote("s3a://b/models/x").holds(remote("s3a://c/models/x"))).isFalse();
    assertThat(remote("s3a://b/x").holds(Place.of(new Location("/x")))).isFalse();
  }

  private static Place remote(String uri) {
    return Place.of(new Location(uri));
  }

  @Test
  void tellsTheNameUnderWhichItLeadsToAnotherPlace() {
    assertThat(at("models").towards(at("links/alias/new"))).hasValue("a");
    assertThat(at("models").towards(at("models/new"))).hasValue("new");
    assertThat(at("models").towards(at("models"))).isEmpty();
    assertThat(at("models").towards(at("links"))).isEmpty();
    assertThat(remote("s3a://b").towards(remote("s3://b/runs/x"))).hasValue("runs");
  }

  @Test
  void namesWhereLinksInAFolderLead() throws IOException {
    Path blob = Files.writeString(folder.resolve("blob"), "text");
    Files.createSymbolicLink(folder.resolve("models/a/model.safetensors"), blob);

    assertThat(at("models/a").linked()).containsExactly(new Location(blob.toRealPath().toString()));
    assertThat(at("models/absent").linked()).isEmpty();
  }

  @Test
  void aLinkThatLeadsNowhereIsItsOwnPlace() throws IOException {
    Files.createSymbolicLink(folder.resolve("links/gone"), folder.resolve("gone"));

    assertThat(at("links").holds(at("links/gone"))).isTrue();
  }
}
