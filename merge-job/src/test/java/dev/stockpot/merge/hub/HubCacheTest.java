package dev.stockpot.merge.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that the hub's own programs have downloaded, all of them or in part. */
class HubCacheTest {
  private static final String MODEL = "org/model";
  private static final byte[] WEIGHTS = "weights".getBytes(UTF_8);

  @TempDir private Path folder;
  private FakeHub fake;
  private String commit;
  private CacheFolder cache;

  @BeforeEach
  void start() throws IOException {
    fake = new FakeHub();
    files().forEach((path, content) -> fake.file(MODEL, path, content));
    commit = fake.commit(MODEL);
    cache = new CacheFolder(folder.resolve("hub"), MODEL, commit);
  }

  @AfterEach
  void stop() {
    fake.close();
  }

  private static Map<String, byte[]> files() {
    return new HashMap<>(
        Map.of(
            "config.json",
            "{}".getBytes(UTF_8),
            "tokenizer.json",
            "{\"model\": {}}".getBytes(UTF_8),
            "model.safetensors",
            WEIGHTS));
  }

  private void download(String... paths) throws IOException {
    for (String path : paths) {
      cache.file(path, files().get(path));
    }
  }

  private Hub hub(Optional<String> closed) {
    HubAccess access = new HubAccess(fake.endpoint(), cache.root(), closed, Optional.empty());
    return Hub.of(access, true, Wire.PATIENCE, time -> {});
  }

  private Hub offline() {
    return hub(Optional.of("HF_HUB_OFFLINE is set"));
  }

  private static String text(Hub hub, Hub.Found found, String path) throws IOException {
    StoredObject file = hub.source().find(found.folder().descendant(path)).orElseThrow();
    return new String(file.read(hub.source()), UTF_8);
  }

  @Test
  void aModelThatIsInTheCacheIsReadFromThereAndNobodyIsAsked() throws IOException {
    download("config.json", "tokenizer.json", "model.safetensors");
    Hub hub = hub(Optional.empty());

    Hub.Found found = hub.find(MODEL);

    assertThat(found.folder()).isEqualTo(new Location("hf://org/model@" + commit));
    assertThat(found.origin()).isEqualTo("the cache " + cache.root());
    assertThat(found.files()).containsExactly(new Location(cache.snapshot().toString()));
    assertThat(found.notices()).isEmpty();
    assertThat(text(hub, found, "model.safetensors")).isEqualTo("weights");
    assertThat(hub.source().readsSideBySide(found.folder().child("model.safetensors"))).isFalse();
    assertThat(fake.requests()).isEmpty();
  }

  @Test
  void filesAreTheSameWhetherTheyAreInTheCacheOrNot() throws IOException {
    Hub before = hub(Optional.empty());
    List<StoredObject> streamed = before.source().list(before.find(MODEL).folder());
    download("config.json", "tokenizer.json", "model.safetensors");
    Hub after = hub(Optional.empty());

    assertThat(after.source().list(after.find(MODEL).folder())).isEqualTo(streamed);
    assertThat(streamed)
        .extracting(StoredObject::version)
        .contains("sha256:" + FakeHub.sha256(WEIGHTS));
  }

  @Test
  void aRevisionIsLookedUpWhereItWasWrittenDown() throws IOException {
    download("config.json", "tokenizer.json", "model.safetensors");
    cache.ref("refs/pr/7", commit).ref("v1", commit);

    for (String revision : List.of("main", "refs/pr/7", "v1", commit)) {
      assertThat(offline().find(MODEL + "@" + revision).folder().path()).endsWith(commit);
    }
    assertThatThrownBy(() -> offline().find(MODEL + "@v2"))
        .hasMessage(
            "org/model@v2 is not in the cache %s, and HF_HUB_OFFLINE is set, so that nobody is asked for it. Download it: hf download org/model --revision v2"
                .formatted(cache.root()));
  }

  @Test
  void aModelThatIsNotInTheCacheIsAnErrorWithoutANetwork() {
    assertThatThrownBy(() -> offline().find("org/other"))
        .isInstanceOf(HubException.class)
        .hasMessage(
            "org/other is not in the cache %s, and HF_HUB_OFFLINE is set, so that nobody is asked for it. Download it: hf download org/other"
                .formatted(cache.root()));
    assertThat(fake.requests()).isEmpty();
  }

  @Test
  void aDownloadThatDidNotEndNamesWhatIsMissing() throws IOException {
    download("config.json", "tokenizer.json");
    cache.unfinished("model.safetensors", WEIGHTS).tree(files());

    assertThatThrownBy(() -> offline().find(MODEL))
        .hasMessage(
            "org/model: files are missing in the cache (%s), a download did not end: model.safetensors. HF_HUB_OFFLINE is set, so that nobody is asked for it. Download it: hf download org/model"
                .formatted(cache.snapshot()));
  }

  @Test
  void shardsThatTheIndexNamesAreMissed() throws IOException {
    download("config.json", "tokenizer.json");
    cache
        .file("model-00001-of-00002.safetensors", WEIGHTS)
        .file(
            "model.safetensors.index.json",
            "{\"weight_map\": {\"a\": \"model-00001-of-00002.safetensors\", \"b\": \"model-00002-of-00002.safetensors\"}}");

    assertThatThrownBy(() -> offline().find(MODEL))
        .hasMessageContaining(": model-00002-of-00002.safetensors. HF_HUB_OFFLINE is set");
  }

  @Test
  void shardsThatTheirNamesCountAreMissedWithoutAnIndex() throws IOException {
    download("config.json", "tokenizer.json");
    cache.file("model-00001-of-00003.safetensors", WEIGHTS);

    assertThatThrownBy(() -> offline().find(MODEL))
        .hasMessageContaining(
            ": model-00002-of-00003.safetensors, model-00003-of-00003.safetensors. HF_HUB_OFFLINE");
  }

  @Test
  void aLinkThatLeadsNowhereIsAMissingFile() throws IOException {
    download("config.json", "tokenizer.json", "model.safetensors");
    Files.delete(cache.snapshot().resolve("model.safetensors").toRealPath());

    assertThatThrownBy(() -> offline().find(MODEL))
        .hasMessageContaining(": model.safetensors. HF_HUB_OFFLINE is set");
  }

  @Test
  void aModelWithoutItsTokenizerIsTakenOfflineAndTold() throws IOException {
    download("config.json", "model.safetensors");

    assertThat(offline().find(MODEL).notices())
        .containsExactly(
            "org/model: the cache lacks a tokenizer, and HF_HUB_OFFLINE is set, so that the merge goes without");
  }

  @Test
  void whatTheCacheLacksIsReadFromTheHubAndTheRestFromTheCache() throws IOException {
    download("config.json", "model.safetensors");
    Hub hub = hub(Optional.empty());

    Hub.Found found = hub.find(MODEL);

    assertThat(found.origin())
        .isEqualTo(fake.endpoint() + ", and of its files those that are in the cache from there");
    assertThat(text(hub, found, "tokenizer.json")).isEqualTo("{\"model\": {}}");
    int asked = fake.requests().size();
    assertThat(text(hub, found, "model.safetensors")).isEqualTo("weights");
    assertThat(fake.requests()).hasSize(asked);
  }

  @Test
  void whatTheHubHasInAnotherFormIsNotTakenFromTheCache() throws IOException {
    cache.file("model.safetensors", "WEIGHTS".getBytes(UTF_8));
    Hub hub = hub(Optional.empty());

    assertThat(text(hub, hub.find(MODEL), "model.safetensors")).isEqualTo("weights");
  }

  @Test
  void aFileOfAnotherSizeThanListedIsOfNoUse() throws IOException {
    download("config.json", "tokenizer.json");
    cache.file("model.safetensors", "half".getBytes(UTF_8)).tree(files());

    assertThatThrownBy(() -> offline().find(MODEL))
        .hasMessageContaining(": model.safetensors. HF_HUB_OFFLINE is set");
  }

  @Test
  void filesWithoutLinksAreTakenAsTheListSays() throws IOException {
    for (Map.Entry<String, byte[]> file : files().entrySet()) {
      Files.write(cache.snapshot().resolve(file.getKey()), file.getValue());
    }
    cache.tree(files());
    Hub hub = offline();

    StoredObject weights =
        hub.source().find(hub.find(MODEL).folder().child("model.safetensors")).orElseThrow();
    assertThat(weights.version()).isEqualTo("sha256:" + FakeHub.sha256(WEIGHTS));
  }

  @Test
  void aListThatIsCutShortIsAsGoodAsNone() throws IOException {
    download("config.json", "tokenizer.json", "model.safetensors");
    cache.tree(files());
    Path tree = cache.root().resolve("models--org--model/trees/" + commit + ".json");
    Files.writeString(tree, Files.readString(tree).substring(0, 40));

    assertThat(offline().find(MODEL).notices()).isEmpty();
  }

  @Test
  void whoReadsOnOtherMachinesReadsFromTheHub() throws IOException {
    download("config.json", "tokenizer.json", "model.safetensors");
    HubAccess access =
        new HubAccess(fake.endpoint(), cache.root(), Optional.empty(), Optional.empty());
    Hub hub = Hub.of(access, false, Wire.PATIENCE, time -> {});

    Hub.Found found = hub.find(MODEL);

    assertThat(found.origin()).isEqualTo(fake.endpoint().toString());
    assertThat(found.files()).isEmpty();
    assertThat(text(hub, found, "model.safetensors")).isEqualTo("weights");
    assertThat(fake.requests()).isNotEmpty();
  }

  @Test
  void aFileThatGoesFromTheCacheIsAnErrorInWords() throws IOException {
    download("config.json", "tokenizer.json", "model.safetensors");
    Hub hub = offline();
    Location weights = hub.find(MODEL).folder().child("model.safetensors");
    StoredObject listed = hub.source().find(weights).orElseThrow();
    Files.delete(cache.snapshot().resolve("model.safetensors"));

    assertThatThrownBy(() -> hub.source().open(listed))
        .hasMessage(
            "%s is gone from the cache (%s), or this machine has no such folder. Fetch the model to where every machine sees it: stockpot fetch"
                .formatted(weights, cache.snapshot().resolve("model.safetensors")));
  }

  @Test
  void nothingIsWrittenToTheCache() throws IOException {
    download("config.json");
    List<String> before = entries();
    Hub hub = hub(Optional.empty());
    text(hub, hub.find(MODEL), "model.safetensors");

    assertThat(entries()).isEqualTo(before);
  }

  private List<String> entries() throws IOException {
    try (var entries = Files.walk(folder)) {
      return entries.map(Path::toString).sorted().toList();
    }
  }
}
