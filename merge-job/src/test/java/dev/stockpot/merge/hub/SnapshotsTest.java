package dev.stockpot.merge.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.StoredObject;
import java.nio.file.NoSuchFileException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A list of paths is folders and files. */
class SnapshotsTest {
  private static final String COMMIT = "0123456789".repeat(4);
  private static final String ROOT = "hf://org/model@" + COMMIT;

  private final Snapshots snapshots = new Snapshots();

  SnapshotsTest() {
    Map<String, HubFile> files = new HashMap<>();
    for (String path :
        List.of("config.json", "unet/config.json", "unet/a/b.json", "unet-2/x.json", "z.txt")) {
      files.put(path, new HubFile(path.length(), ""));
    }
    snapshots.add(
        Snapshot.of(
            new HubPlace("org/model", COMMIT, ""),
            files,
            Map.of("config.json", "/cache/config.json", "gone.json", "/cache/gone.json")));
  }

  private static Location at(String path) {
    return new Location(path.isEmpty() ? ROOT : ROOT + "/" + path);
  }

  private List<String> names(String folder) throws NoSuchFileException {
    return snapshots.list(at(folder)).stream()
        .map(StoredObject::location)
        .map(Location::path)
        .toList();
  }

  @Test
  void aFolderHoldsItsOwnFilesAndNoneOfThoseBelow() throws NoSuchFileException {
    assertThat(names("")).containsExactly(ROOT + "/config.json", ROOT + "/z.txt");
    assertThat(names("unet")).containsExactly(ROOT + "/unet/config.json");
    assertThat(names("unet/a")).containsExactly(ROOT + "/unet/a/b.json");
  }

  @Test
  void foldersAreFoundOnceEachOneStepBelow() throws NoSuchFileException {
    assertThat(snapshots.folders(at(""))).containsExactly(at("unet"), at("unet-2"));
    assertThat(snapshots.folders(at("unet"))).containsExactly(at("unet/a"));
    assertThat(snapshots.folders(at("unet/a"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"une", "unet/a/b", "config.json", "UNET", "unet/b"})
  void whatIsNoFolderIsNotThere(String path) {
    assertThatThrownBy(() -> snapshots.list(at(path))).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> snapshots.folders(at(path))).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void filesAreFoundByTheirWholePath() {
    assertThat(snapshots.file(at("unet/a/b.json"))).map(HubFile::size).hasValue(13L);
    assertThat(snapshots.file(at("unet"))).isEmpty();
    assertThat(snapshots.file(at("b.json"))).isEmpty();
    assertThat(snapshots.file(new Location("/models/config.json"))).isEmpty();
  }

  @Test
  void onlyWhatTheRepositoryHasIsTakenFromTheCache() {
    assertThat(snapshots.cached(at("config.json"))).hasValue(new Location("/cache/config.json"));
    assertThat(snapshots.cached(at("z.txt"))).isEmpty();
    assertThat(snapshots.cached(at("gone.json"))).isEmpty();
  }

  @Test
  void anotherCommitOrRepositoryIsNotThere() {
    for (String other :
        List.of(
            "hf://org/model@" + "f".repeat(40),
            "hf://org/other@" + COMMIT,
            "hf://org/model@main",
            "hf://org/model",
            "/models/a")) {
      assertThatThrownBy(() -> snapshots.list(new Location(other)))
          .as(other)
          .isInstanceOf(NoSuchFileException.class);
    }
  }

  @Test
  void aPlaceIsReadFromALocationAndWrittenAsOne() {
    HubPlace place = HubPlace.of(at("unet/a/b.json")).orElseThrow();
    assertThat(place).isEqualTo(new HubPlace("org/model", COMMIT, "unet/a/b.json"));
    assertThat(place.location()).isEqualTo(at("unet/a/b.json"));
    assertThat(place.repository().location()).isEqualTo(at(""));
    assertThatThrownBy(() -> new HubPlace("org/model", "main", ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("main is no commit");
  }

  @Test
  void theVersionOfAFileSaysWhichDigestItIs() {
    assertThat(new HubFile(1, "a".repeat(64)).at(at("x")).version())
        .isEqualTo("sha256:" + "a".repeat(64));
    assertThat(new HubFile(1, "a".repeat(40)).at(at("x")).version())
        .isEqualTo("git:" + "a".repeat(40));
    assertThat(new HubFile(1, "").at(at("x")).version()).isEmpty();
    assertThatThrownBy(() -> new HubFile(1, "A".repeat(40)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new HubFile(-1, "")).isInstanceOf(IllegalArgumentException.class);
  }
}
