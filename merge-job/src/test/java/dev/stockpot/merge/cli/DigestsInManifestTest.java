package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.Sha256;
import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.run.Merge;
import dev.stockpot.merge.run.MergeOptions;
import dev.stockpot.merge.run.MergeRecipe;
import dev.stockpot.merge.run.Stockpot;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Manifests carry the SHA-256 of what a merge made, and the merge is what it was without. */
class DigestsInManifestTest {
  private static final String MANIFEST = "stockpot-manifest.json";

  @TempDir private Path folder;
  private Path recipe;

  @BeforeEach
  void writeModels() throws IOException {
    Path one = model("a", 1);
    Path two = model("b", 2);
    recipe =
        Files.writeString(
            folder.resolve("recipe.yml"),
            """
            merge_method: linear
            models:
            - {model: %s, parameters: {weight: 1}}
            - {model: %s, parameters: {weight: 3}}
            """
                .formatted(one, two));
  }

  private Path model(String name, int seed) throws IOException {
    return ModelFolder.at(folder.resolve(name))
        .file("config.json", "{\"num_hidden_layers\": 2}")
        .file("tokenizer.json", "{\"model\": {}}")
        .bfloats("model.embed_tokens.weight", seed, 700, 300)
        .bfloats("model.layers.0.w", seed + 10, 300, 500)
        .bfloats("model.layers.1.w", seed + 20, 300, 500)
        .bfloats("model.norm", seed + 30, 900)
        .write();
  }

  private Path merged(String name, String... settings) {
    Path merged = folder.resolve(name);
    List<Object> words = new ArrayList<>(List.of("merge", recipe, merged));
    for (String setting : settings) {
      words.addAll(List.of("--set", setting));
    }
    CommandLineRun.of(words.toArray()).succeeds();
    return merged;
  }

  private static JsonObject manifest(Path merged) throws IOException, JsonException {
    return Json.parse(Files.readAllBytes(merged.resolve(MANIFEST))).object().orElseThrow();
  }

  private static Map<String, String> listed(Path merged, String key)
      throws IOException, JsonException {
    Map<String, String> digests = new TreeMap<>();
    manifest(merged)
        .objects(key)
        .forEach(file -> digests.put(file.text("file"), file.text("sha256")));
    return digests;
  }

  private static String digest(Path file) throws IOException {
    return Sha256.of(ByteBuffer.wrap(Files.readAllBytes(file)));
  }

  @Test
  void everyShardHasItsDigestWhereItIsAskedFor() throws IOException, JsonException {
    Path merged = merged("out", "sha256=true", "shard-size=500KiB", "part-size=64KiB");
    Map<String, String> digests = listed(merged, "shards");
    assertThat(digests).hasSizeGreaterThan(1);
    for (Map.Entry<String, String> shard : digests.entrySet()) {
      assertThat(shard.getValue())
          .as(shard.getKey())
          .isEqualTo(digest(merged.resolve(shard.getKey())));
    }
  }

  @Test
  void itChangesNoByteOfWhatIsMade() throws IOException, JsonException {
    Path plain = merged("plain", "part-size=64KiB");
    Path digested = merged("digested", "part-size=64KiB", "sha256=true");
    assertThat(listed(plain, "shards")).containsExactly(Map.entry("model.safetensors", ""));
    assertThat(Files.mismatch(shard(plain), shard(digested))).isEqualTo(-1);
    assertThat(listed(digested, "shards"))
        .containsExactly(Map.entry("model.safetensors", digest(shard(plain))));
  }

  private static Path shard(Path merged) {
    return merged.resolve("model.safetensors");
  }

  @Test
  void filesBesideShardsAlwaysHaveTheirs() throws IOException, JsonException {
    Path merged = merged("out");
    Map<String, String> files = listed(merged, "files");
    assertThat(files).containsKeys("config.json", "tokenizer.json", "README.md");
    for (Map.Entry<String, String> file : files.entrySet()) {
      assertThat(file.getValue()).isEqualTo(digest(merged.resolve(file.getKey())));
    }
  }

  @Test
  void aChangedTokenizerIsFoundByAPlainVerification() throws IOException {
    Path merged = merged("out");
    CommandLineRun.of("verify", merged).succeeds();
    Files.writeString(merged.resolve("tokenizer.json"), "{\"model\": {}} ");
    CommandLineRun run = CommandLineRun.of("verify", merged);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("tokenizer.json was changed or damaged: SHA-256");
  }

  @Test
  void aMissingCompanionIsFoundByAPlainVerification() throws IOException {
    Path merged = merged("out");
    Files.delete(merged.resolve("config.json"));
    CommandLineRun run = CommandLineRun.of("verify", merged);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("config.json is missing");
  }

  @Test
  void aShardIsComparedWithItsDigestToo() throws IOException {
    Path merged = merged("out", "sha256=true");
    CommandLineRun.of("verify", merged, "--sha256").succeeds();
    try (RandomAccessFile file = new RandomAccessFile(shard(merged).toFile(), "rw")) {
      file.seek(8);
      int before = file.read();
      assertThat(before).isEqualTo('{');
      byte[] header = Files.readAllBytes(shard(merged));
      int padding = lastBlank(header);
      file.seek(padding); // of the header: no tensor has it, and no reader minds
      file.write('\t');
    }
    CommandLineRun run = CommandLineRun.of("verify", merged, "--sha256");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("model.safetensors was changed or damaged: SHA-256");
  }

  /** A blank that JSON has between its values. */
  private static int lastBlank(byte[] file) {
    int length = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(0);
    for (int at = 8 + length - 1; at > 8; at--) {
      if (file[at] == ' ') {
        return at;
      }
    }
    throw new AssertionError("a header of %s bytes has no blank".formatted(length));
  }

  @Test
  void whatIsThereAlreadyIsKnownWithItsDigests() {
    Path merged = merged("out", "sha256=true");
    CommandLineRun again =
        CommandLineRun.of("merge", recipe, merged, "--set", "sha256=true", "--resume").succeeds();
    assertThat(again.out() + again.err()).contains("already");
  }

  @Test
  void aCopyOfAPlainModelIsVerifiedByItsDigests() throws IOException {
    Path copy = folder.resolve("copy");
    CommandLineRun.of("fetch", folder.resolve("a"), copy).succeeds();
    CommandLineRun.of("verify", copy).succeeds();
    try (RandomAccessFile file = new RandomAccessFile(shard(copy).toFile(), "rw")) {
      file.seek(file.length() - 1);
      int last = file.read();
      file.seek(file.length() - 1);
      file.write(last ^ 1);
    }
    CommandLineRun run = CommandLineRun.of("verify", copy);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err().lines().filter(line -> line.contains("model.safetensors")))
        .singleElement()
        .asString()
        .contains("was changed or damaged: SHA-256");
  }

  @Test
  void manyMergesInOneReadingHaveTheirDigests() throws IOException, JsonException {
    List<Merge> merges = new ArrayList<>();
    for (int weight = 1; weight <= 3; weight++) {
      MergeRecipe one =
          MergeRecipe.by("linear")
              .model(folder.resolve("a").toString(), Map.of("weight", weight))
              .model(folder.resolve("b").toString(), Map.of("weight", 1))
              .build();
      merges.add(Merge.of(one, folder.resolve("many-" + weight).toString()));
    }
    try (Stockpot stockpot = Stockpot.embedded()) {
      stockpot.mergeAll(
          merges,
          MergeOptions.DEFAULT
              .withSetting("sha256", true)
              .withSetting("part-size", 65_536)
              .withSetting("shard-size", 500_000));
    }
    for (Merge merge : merges) {
      Path merged = Path.of(merge.output());
      assertThat(listed(merged, "shards")).hasSizeGreaterThan(1);
      for (Map.Entry<String, String> shard : listed(merged, "shards").entrySet()) {
        assertThat(shard.getValue()).isEqualTo(digest(merged.resolve(shard.getKey())));
      }
    }
  }
}
