package dev.stockpot.merge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.Sha256;
import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.run.Merge;
import dev.stockpot.merge.run.MergeOptions;
import dev.stockpot.merge.run.MergeRecipe;
import dev.stockpot.merge.run.Stockpot;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.hadoop.S3Server;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Merges from S3 to S3 by the command line, in an embedded Spark. */
class MergeOnS3Test {
  private static final String RECIPE =
      """
      merge_method: ties
      base_model: base
      models:
        - model: math
          parameters: {weight: 1.0, density: 0.5}
        - model: code
          parameters: {weight: 0.5, density: 0.3}
      dtype: bfloat16
      """;
  private static final List<String> MODELS = List.of("base", "math", "code");
  private static final List<String> CUTS =
      List.of("--shard-size", "6MB", "--set", "part-size=5MiB", "--seed", "7");

  @TempDir private static Path local;
  private static S3Server server;
  private static Location models;

  @BeforeAll
  static void putModelsOnS3() throws Exception {
    server = new S3Server();
    models = server.root().child("inputs");
    server.entries().forEach((name, value) -> System.setProperty("spark.hadoop." + name, value));
    for (int task = 0; task < MODELS.size(); task++) {
      Path folder = local.resolve(MODELS.get(task));
      QuickstartFolder model = new QuickstartFolder(folder);
      QuickstartFiles.of(task).forEach((name, content) -> model.add(folder.resolve(name), content));
      model.write();
      for (Path file : files(folder)) {
        server.write(
            models.child(MODELS.get(task)).child(file.getFileName().toString()),
            Files.readAllBytes(file));
      }
    }
    Files.writeString(local.resolve("recipe.yml"), RECIPE);
    server.write(models.child("recipe.yml"), Files.readAllBytes(local.resolve("recipe.yml")));
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  @AfterAll
  static void stop() throws IOException {
    server.entries().keySet().forEach(name -> System.clearProperty("spark.hadoop." + name));
    server.close();
  }

  @BeforeEach
  void forget() {
    server.forget();
  }

  private static CommandLineRun merge(Object recipe, Object out, Object root, Object... more) {
    Stream<Object> words =
        Stream.of(
                Stream.of("merge", recipe, out, "--set", "model-root=" + root),
                CUTS.stream(),
                Stream.of(more))
            .flatMap(part -> part);
    return CommandLineRun.of(words.toArray());
  }

  /** Contents by name, without the manifest: it names the models' places. */
  private static Map<String, byte[]> contents(Location folder) throws IOException {
    Map<String, byte[]> contents = new TreeMap<>();
    for (String path : server.objectsBelow(folder)) {
      contents.put(path.substring(folder.path().length() + 1), server.read(new Location(path)));
    }
    assertThat(contents.remove("stockpot-manifest.json")).isNotNull();
    return contents;
  }

  @Test
  void aMergeFromS3ToS3IsTheLocalMergeByteForByte() throws IOException {
    Path here = local.resolve("merged");
    merge(local.resolve("recipe.yml"), here, local).succeeds();
    Location there = server.root().child("outputs").child("merged");
    CommandLineRun run = merge(models.child("recipe.yml"), there, models).succeeds();

    assertThat(run.out()).contains("into " + there);
    Map<String, byte[]> contents = contents(there);
    assertThat(contents.keySet()).hasSizeGreaterThan(3).contains("model.safetensors.index.json");
    for (Map.Entry<String, byte[]> file : contents.entrySet()) {
      assertThat(file.getValue())
          .as(file.getKey())
          .isEqualTo(Files.readAllBytes(here.resolve(file.getKey())));
    }
    assertThat(files(here)).hasSize(contents.size() + 1);
    assertThat(server.objectsBelow(server.root().child("outputs")))
        .allMatch(path -> path.startsWith(there.path() + "/"));
    assertThat(server.uploadsBelow(server.root())).isEmpty();
    CommandLineRun.of("verify", there).succeeds();
  }

  @Test
  void shardsThatAreUploadedInPartsHaveTheirDigests() throws IOException, JsonException {
    Location there = server.root().child("digests");
    merge(models.child("recipe.yml"), there, models, "--set", "sha256=true").succeeds();
    JsonObject manifest =
        Json.parse(server.read(there.child("stockpot-manifest.json"))).object().orElseThrow();
    assertThat(manifest.objects("shards")).hasSizeGreaterThan(1);
    for (JsonObject shard : manifest.objects("shards")) {
      byte[] content = server.read(there.child(shard.text("file")));
      assertThat(shard.text("sha256")).isEqualTo(Sha256.of(ByteBuffer.wrap(content)));
    }
  }

  @Test
  void anInputIsReadInFewRequestsAndOpenedWithoutAny() {
    Location there = server.root().child("requests");
    merge(models.child("recipe.yml"), there, models).succeeds();

    List<String> math =
        server.requests().stream().filter(request -> request.contains("inputs/math/")).toList();
    assertThat(math).noneMatch(request -> request.startsWith("HEAD"));
    assertThat(readsOfMath()).isLessThanOrEqualTo(12);
  }

  @Test
  void threeMergesInOneReadingAreThoseThatAreMadeAloneAndAskAsOftenAsOne() throws IOException {
    MergeOptions options =
        MergeOptions.DEFAULT
            .withSetting("model-root", models)
            .withSetting("shard-size", "6MB")
            .withSetting("part-size", "5MiB");
    Location alone = server.root().child("alone");
    Location together = server.root().child("together");
    List<Merge> merges = new ArrayList<>();
    try (Stockpot stockpot = Stockpot.embedded()) {
      long asked = 0;
      for (String density : List.of("0.3", "0.5", "1.0")) {
        MergeRecipe recipe =
            MergeRecipe.yaml(RECIPE.replace("density: 0.3", "density: " + density));
        merges.add(Merge.of(recipe, together.child(density).path()));
        server.forget();
        stockpot.merge(recipe, alone.child(density).path(), options);
        asked = readsOfMath();
      }
      server.forget();
      stockpot.mergeAll(merges, options);
      assertThat(readsOfMath()).isEqualTo(asked);
    }
    for (Merge merge : merges) {
      Location out = new Location(merge.output());
      Map<String, byte[]> contents = contents(out);
      Map<String, byte[]> expected = contents(alone.child(out.name()));
      assertThat(contents.keySet()).isEqualTo(expected.keySet());
      contents.forEach((file, bytes) -> assertThat(bytes).as(file).isEqualTo(expected.get(file)));
    }
    assertThat(server.objectsBelow(together)).noneMatch(path -> path.contains("/."));
    assertThat(server.uploadsBelow(server.root())).isEmpty();
  }

  private static long readsOfMath() {
    return server.requests().stream()
        .filter(request -> request.equals("GET /models/inputs/math/model.safetensors"))
        .count();
  }

  @Test
  void planAndInspectReadS3() {
    CommandLineRun.of("plan", models.child("recipe.yml"), "--set", "model-root=" + models)
        .succeeds();
    assertThat(CommandLineRun.of("inspect", models.child("base")).succeeds().out())
        .contains("model.embed_tokens.weight");
  }

  @Test
  void aMergeThatFailsLeavesNothing() throws IOException {
    Location broken = server.root().child("broken");
    for (String path : server.objectsBelow(models)) {
      byte[] content = server.read(new Location(path));
      if (path.endsWith("/math/model.safetensors")) {
        content[content.length - 1] = 0x7f; // with the byte before, a number that is none
        content[content.length - 2] = (byte) 0xc0;
      }
      server.write(new Location(path.replace(models.path(), broken.path())), content);
    }
    Location there = server.root().child("failures").child("merged");
    CommandLineRun run =
        merge(broken.child("recipe.yml"), there, broken, "--set", "check-finite=true");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .contains(broken.child("math").child("model.safetensors").path(), "is NaN");
    assertThat(server.objectsBelow(server.root().child("failures"))).isEmpty();
    assertThat(server.uploadsBelow(server.root())).isEmpty();
  }

  @Test
  void anOutputThatHoldsSomethingIsReplacedOnlyWhenAsked() {
    Location there = server.root().child("occupied");
    server.write(there.child("a.txt"), new byte[3]);

    CommandLineRun refused = merge(models.child("recipe.yml"), there, models);
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err()).contains(there + " is not empty", "--overwrite");
    assertThat(server.objectsBelow(there)).containsExactly(there.child("a.txt").path());

    refused = merge(models.child("recipe.yml"), there, models, "--overwrite");
    assertThat(refused.err()).contains(there + " holds 1 file", "a.txt", "--overwrite-foreign");
    assertThat(server.objectsBelow(there)).containsExactly(there.child("a.txt").path());

    CommandLineRun forced =
        merge(models.child("recipe.yml"), there, models, "--overwrite-foreign").succeeds();
    assertThat(forced.err()).contains(there + ", once the new one is whole, loses 1 file", "a.txt");
    assertThat(server.objectsBelow(there))
        .contains(there.child("config.json").path())
        .doesNotContain(there.child("a.txt").path());
    merge(models.child("recipe.yml"), there, models, "--overwrite").succeeds();
  }

  @Test
  void anOutputThatIsHoldsOrLiesInAModelOfTheBucketIsRefused() {
    List<String> before = server.objectsBelow(server.root());
    String math = models.child("math").path();

    for (String there :
        List.of(math, math.replace("s3a:", "s3:") + "/", math + "/x", models.path())) {
      CommandLineRun run =
          merge(models.child("recipe.yml"), new Location(there), models, "--overwrite-foreign");
      assertThat(run.exitCode()).as(there).isEqualTo(1);
      assertThat(run.err()).contains("the model math", "whose place is " + math);
    }
    assertThat(server.objectsBelow(server.root())).isEqualTo(before);
  }

  @Test
  void aRecipeThatIsNotThereIsSaid() {
    CommandLineRun run = CommandLineRun.of("plan", models.child("absent.yml"));

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("s3a://models/inputs/absent.yml does not exist");
  }

  @Test
  void settingsMayLieOnS3Too() {
    Location settings = models.child("settings.conf");
    server.write(settings, "stockpot { shard-size = 1 }".getBytes(UTF_8));
    CommandLineRun run =
        CommandLineRun.of(
                "plan",
                models.child("recipe.yml"),
                "--set",
                "model-root=" + models,
                "--settings",
                settings)
            .succeeds();
    assertThat(run.out()).contains("model-00002-of-");

    server.write(settings, "include file(\"/etc/passwd\")\nstockpot {}".getBytes(UTF_8));
    CommandLineRun including =
        CommandLineRun.of("plan", models.child("recipe.yml"), "--settings", settings);
    assertThat(including.exitCode()).isEqualTo(1);
    assertThat(including.err())
        .contains(settings.path(), "only files of this machine include others");
  }
}
