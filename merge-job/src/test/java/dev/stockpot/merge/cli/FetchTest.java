package dev.stockpot.merge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.stockpot.merge.hub.FakeHub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that are copied from anywhere to anywhere. */
class FetchTest {
  private static final String MODEL = "org/base";
  private static final String WEIGHTS = "model.safetensors";

  @TempDir private Path folder;
  private FakeHub fake;

  @BeforeEach
  void start() throws IOException {
    fake = new FakeHub();
    files().forEach((path, content) -> fake.file(MODEL, path, content));
    fake.file(MODEL, "pytorch_model.bin", new byte[] {1}).file(MODEL, "model.py", "import os");
    System.setProperty("stockpot.hub-endpoint", fake.endpoint().toString());
    System.setProperty("stockpot.hub-cache", folder.resolve("cache").toString());
    ConfigFactory.invalidateCaches();
  }

  @AfterEach
  void stop() {
    System.clearProperty("stockpot.hub-endpoint");
    System.clearProperty("stockpot.hub-cache");
    ConfigFactory.invalidateCaches();
    fake.close();
  }

  private static Map<String, byte[]> files() {
    Map<String, byte[]> files = new TreeMap<>(QuickstartFiles.of(0));
    files.put("tokenizer.json", "{\"model\": {}}".getBytes(UTF_8));
    files.put("1_Pooling/config.json", "{}".getBytes(UTF_8));
    return files;
  }

  private Path out() {
    return folder.resolve("out");
  }

  private static CommandLineRun fetch(Object model, Object out, Object... more) {
    return CommandLineRun.of(
        Stream.concat(
                Stream.of("fetch", model, out, "--set", "part-size=1MiB"), Arrays.stream(more))
            .toArray());
  }

  private static void assertCopied(Path out) throws IOException {
    for (Map.Entry<String, byte[]> file : files().entrySet()) {
      assertThat(Files.readAllBytes(out.resolve(file.getKey())))
          .as(file.getKey())
          .isEqualTo(file.getValue());
    }
  }

  private String manifest() throws IOException {
    return Files.readString(out().resolve("stockpot-manifest.json"));
  }

  @Test
  void aModelOfTheHubIsCopiedAndEachDigestIsChecked() throws IOException {
    CommandLineRun run = fetch(MODEL, out()).succeeds();

    assertCopied(out());
    assertThat(run.out())
        .contains(
            "Fetched hf://org/base@%s into %s: 4 files, 8.00 MB in "
                .formatted(fake.commit(MODEL), out()))
        .contains("the digests of 4 were known and are right.");
    assertThat(manifest())
        .contains("\"from\" : \"hf://org/base@%s\"".formatted(fake.commit(MODEL)))
        .contains("\"sha256\" : \"%s\"".formatted(FakeHub.sha256(files().get(WEIGHTS))))
        .contains("\"sha256\" : \"%s\"".formatted(FakeHub.sha256(files().get("tokenizer.json"))));
  }

  @Test
  void picklesAndCodeStayWhereTheyAreAndAreTold() throws IOException {
    CommandLineRun run = fetch(MODEL, out()).succeeds();

    assertThat(run.err())
        .contains(
            "Note: Left where it was, being neither safetensors nor text that goes with it: model.py, pytorch_model.bin\n");
    assertThat(out().resolve("pytorch_model.bin")).doesNotExist();
    assertThat(fake.requests())
        .noneMatch(
            request -> request.path().contains("/resolve/") && request.path().endsWith(".bin"));
  }

  @Test
  void bytesThatTheirDigestIsNotOfAreRefusedAndNothingIsLeft() {
    byte[] damaged = files().get(WEIGHTS).clone();
    damaged[5_000_000] ^= 1;
    fake.next(99, request -> !request.isOfHub(), exchange -> FakeHub.bytes(exchange, damaged));

    CommandLineRun run = fetch(MODEL, out());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .contains(
            "%s: its bytes have SHA-256 %s, and should have %s: they were damaged on the way"
                .formatted(
                    "hf://org/base@" + fake.commit(MODEL) + "/" + WEIGHTS,
                    FakeHub.sha256(damaged),
                    FakeHub.sha256(files().get(WEIGHTS))));
    assertThat(out()).doesNotExist();
  }

  @Test
  void aSmallFileThatIsDamagedIsRefusedToo() {
    fake.next(
        1,
        request -> request.path().endsWith("/tokenizer.json") && request.method().equals("GET"),
        exchange -> FakeHub.bytes(exchange, "{\"model\": []}".getBytes(UTF_8)));

    assertThat(fetch(MODEL, out()).err())
        .contains("tokenizer.json: its bytes are not those that its digest (git:");
    assertThat(out()).doesNotExist();
  }

  @Test
  void aFetchThatStoppedGoesOnWithTheFilesThatAreMissing() throws IOException {
    byte[] second = new byte[3_000_000];
    Arrays.fill(second, (byte) 7);
    fake.file(MODEL, "other.safetensors", second);
    String digest = FakeHub.sha256(second);
    fake.next(99, request -> request.path().contains(digest), FakeHub.status(404));
    assertThat(fetch(MODEL, out(), "--resume", "--set", "tasks=1").err())
        .contains("1 of 2 shards are kept");
    int asked = fake.requests().size();
    assertThat(out()).doesNotExist();

    fake.calm();
    fetch(MODEL, out(), "--resume").succeeds();

    assertCopied(out());
    assertThat(Files.readAllBytes(out().resolve("other.safetensors"))).isEqualTo(second);
    assertThat(fake.requests().subList(asked, fake.requests().size()))
        .noneMatch(request -> request.path().contains(FakeHub.sha256(files().get(WEIGHTS))));
  }

  @Test
  void anotherModelIsNotMixedIntoWhatWasBegun() throws IOException {
    fake.file(MODEL, "other.safetensors", new byte[3_000_000]);
    String digest = FakeHub.sha256(new byte[3_000_000]);
    fake.next(99, request -> request.path().contains(digest), FakeHub.status(404));
    fetch(MODEL, out(), "--resume", "--set", "tasks=1");
    fake.calm();
    fake.file(MODEL, "config.json", "{\"model_type\": \"llama\"}");

    CommandLineRun run = fetch(MODEL, out(), "--resume");

    assertThat(run.err())
        .contains("What was begun into %s is something else:".formatted(out()))
        .contains("give it up: stockpot discard " + out());
    CommandLineRun.of("discard", out()).succeeds();
    fetch(MODEL, out(), "--resume").succeeds();
  }

  @Test
  void nothingIsOverwrittenUnlessAsked() throws IOException {
    Files.createDirectories(out());
    Files.writeString(out().resolve("mine.txt"), "mine");

    assertThat(fetch(MODEL, out()).err()).contains("%s is not empty".formatted(out()));
    assertThat(fetch(MODEL, out(), "--overwrite").err()).contains("mine.txt");
    assertThat(out().resolve("mine.txt")).hasContent("mine");

    Files.delete(out().resolve("mine.txt"));
    fetch(MODEL, out()).succeeds();
    fetch(MODEL, out(), "--overwrite").succeeds();
    assertCopied(out());
  }

  @Test
  void aModelIsNotFetchedIntoItself() throws IOException {
    fetch(MODEL, out()).succeeds();

    assertThat(fetch(out(), out(), "--overwrite").err())
        .contains("%s is the model %s".formatted(out(), out()));
    assertThat(fetch(out(), out().resolve("below")).err())
        .contains("%s lies in the model %s".formatted(out().resolve("below"), out()));
    assertCopied(out());
  }

  @Test
  void aMergedModelThatIsFetchedCanBeVerifiedAsBefore() throws IOException {
    Path model = folder.resolve("model");
    fetch(MODEL, model).succeeds();
    Path recipe =
        Files.writeString(
            folder.resolve("recipe.yml"),
            "merge_method: passthrough\nmodels:\n  - model: " + model + "\n");
    CommandLineRun.of("merge", recipe, folder.resolve("merged")).succeeds();

    fetch(folder.resolve("merged"), out()).succeeds();

    CommandLineRun.of("verify", out()).succeeds();
    assertThat(manifest()).contains("\"fetched\" : {").contains("\"recipe\" : \"merge_method");
    byte[] bytes = Files.readAllBytes(out().resolve(WEIGHTS));
    bytes[bytes.length - 1] ^= 1;
    Files.write(out().resolve(WEIGHTS), bytes);
    assertThat(CommandLineRun.of("verify", out()).exitCode()).isEqualTo(1);
  }

  @Test
  void aFolderWithoutWeightsIsNoModel() throws IOException {
    Files.createDirectories(folder.resolve("empty"));
    Files.writeString(folder.resolve("empty/model.bin"), "x");

    assertThat(fetch(folder.resolve("empty"), out()).err())
        .contains("%s holds no safetensors file, but model.bin".formatted(folder.resolve("empty")));
  }

  @Test
  void fromHubToS3AndBackItIsTheSame() throws Exception {
    try (S3Merges merges = new S3Merges(folder)) {
      fetch(MODEL, merges.out("fetched"), "--set", "part-size=5MiB").succeeds();
      for (Map.Entry<String, byte[]> file : files().entrySet()) {
        assertThat(merges.read("fetched", file.getKey())).isEqualTo(file.getValue());
      }

      fetch(merges.out("fetched"), out()).succeeds();
      assertCopied(out());
      assertThat(merges.server().uploadsBelow(merges.server().root())).isEmpty();
    }
  }
}
