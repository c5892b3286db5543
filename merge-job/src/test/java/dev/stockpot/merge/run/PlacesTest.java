package dev.stockpot.merge.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.hub.CacheFolder;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.storage.ForwardingStore;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.MemoryStore;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A name is a folder that is there, then a model of the hub; here, one that is in its cache. */
class PlacesTest {
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  private static final Location AT_COMMIT = new Location("hf://org/base@" + COMMIT);

  @TempDir private Path folder;
  private final MemoryStore store = new MemoryStore();

  private CacheFolder cached() throws IOException {
    return new CacheFolder(folder.resolve("hub"), "org/base", COMMIT)
        .file("config.json", "{}")
        .file("model.safetensors", new byte[8]);
  }

  private Places places(ObjectStore of, String... settings) {
    Map<String, String> all =
        new HashMap<>(Map.of("hub", "cache", "hub-cache", folder.resolve("hub").toString()));
    for (int i = 0; i < settings.length; i += 2) {
      all.put(settings[i], settings[i + 1]);
    }
    return PlacesOfTests.in(of, all);
  }

  private static Location of(Places places, String name) {
    return places.of(new ModelReference(name, 1));
  }

  @ParameterizedTest
  @CsvSource({
    "a, s3://b/models/a",
    "org/base, s3://b/models/org/base",
    "./a, s3://b/models/./a",
    "/data/a, /data/a",
    "s3a://c/a, s3a://c/a",
  })
  void relativeNamesLieInTheModelRoot(String name, String path) {
    Places rooted = places(store, "hub", "off", "model-root", "s3://b/models");
    assertThat(of(rooted, name)).isEqualTo(new Location(path));
    assertThat(rooted.folder(name)).isEqualTo(new Location(path));
  }

  @Test
  void aModelOfTheCacheIsPinnedToItsCommitByTheFirstLook() throws IOException {
    CacheFolder cache = cached();
    Places places = places(store);

    assertThat(places.required("org/base")).isEqualTo(AT_COMMIT);
    cache.ref("main", "f".repeat(40));
    assertThat(of(places, "org/base")).isEqualTo(AT_COMMIT);
    assertThat(of(places, "hf://org/base@" + COMMIT)).isEqualTo(AT_COMMIT);
    assertThat(places.isStreamed("org/base")).isTrue();
    assertThat(places.origin(AT_COMMIT).orElseThrow()).contains(folder.resolve("hub").toString());
    assertThat(places.files(new ModelReference("org/base", 1)))
        .contains(new Location(cache.snapshot().toString()));
    assertThat(places.store().list(AT_COMMIT))
        .extracting(file -> file.location().name())
        .contains("config.json", "model.safetensors");
  }

  @Test
  void aFolderOfThatNameComesFirst() throws IOException {
    cached();
    store.write(new Location("org/base/config.json"), new byte[2]);
    Places places = places(store);

    assertThat(places.required("org/base")).isEqualTo(new Location("org/base"));
    assertThat(places.isStreamed("org/base")).isFalse();
    assertThat(places.origin(new Location("org/base"))).isEmpty();
    assertThat(places.files(new ModelReference("org/base", 1))).isEmpty();
    assertThat(places.notices()).isEmpty();
    assertThat(places.required("hf://org/base")).as("said to be the hub's").isEqualTo(AT_COMMIT);
  }

  @Test
  void aFileOrAFolderThatNobodyMayListIsThereToo() throws IOException {
    cached();
    store.write(new Location("org/base"), new byte[2]);
    assertThat(places(store).required("org/base")).isEqualTo(new Location("org/base"));

    ForwardingStore closed =
        new ForwardingStore() {
          @Override
          public ObjectStore store() {
            return new MemoryStore();
          }

          @Override
          public List<StoredObject> list(Location place) throws IOException {
            throw new AccessDeniedException(place.path());
          }
        };
    assertThat(places(closed).required("org/base")).isEqualTo(new Location("org/base"));
  }

  @Test
  void aFolderCountsAlsoWhereARevisionIsNamed() throws IOException {
    cached();
    store.write(new Location("org/base/config.json"), new byte[2]);
    Places places = places(store);
    for (int time = 0; time < 2; time++) {
      assertThat(places.required("org/base@" + COMMIT)).isEqualTo(new Location("org/base"));
    }
    assertThat(places.notices())
        .containsExactly(
            "org/base@%s: the folder org/base is taken as it is, whichever revision that may be; the hub's is hf://org/base@%s"
                .formatted(COMMIT, COMMIT));

    store.write(new Location("org/base@v2/config.json"), new byte[2]);
    assertThat(places.required("org/base@v2")).isEqualTo(new Location("org/base@v2"));
    assertThat(places.notices()).hasSize(1);
  }

  @Test
  void whatIsNowhereHasThePlaceOfAFolderAndSaysWhyWhereItIsNeeded() throws IOException {
    cached();
    Places places = places(store);
    assertThat(of(places, "org/other")).isEqualTo(new Location("org/other"));
    String begin =
        "org/other: there is no folder org/other. As a name of the hub, org/other is not in the"
            + " cache %s, and the setting hub is cache,".formatted(folder.resolve("hub"));
    for (int time = 0; time < 2; time++) {
      assertThatThrownBy(() -> places.required("org/other"))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(begin);
    }
  }

  @Test
  void namesThatCannotBeTheHubsAreFoldersWhetherTheyAreThereOrNot() throws IOException {
    cached();
    Places places = places(store);
    for (String name : List.of("org/base+adapter", "a/b/c", "./org/base", "s3://b/x", "a")) {
      assertThat(places.required(name)).isEqualTo(new Location(name));
    }
    Places rooted = places(store, "model-root", "s3://b");
    assertThat(rooted.required("org/base")).isEqualTo(new Location("s3://b/org/base"));
  }

  @Test
  void withTheHubOffItsAddressesAreRefusedWhereTheyAreNeeded() {
    Places off = places(store, "hub", "off");
    assertThat(of(off, "hf://org/base")).isEqualTo(new Location("hf://org/base"));
    assertThatThrownBy(() -> off.required("hf://org/base"))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "hf://org/base is a model of a hub, and the setting hub is off. Set it to network or"
                + " cache, or name a folder");
  }
}
