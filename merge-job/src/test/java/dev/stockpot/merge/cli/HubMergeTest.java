package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.stockpot.merge.hub.CacheFolder;
import dev.stockpot.merge.hub.FakeHub;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recipes that name models of a hub. */
class HubMergeTest {
  private static final List<String> MODELS = List.of("org/base", "org/math");

  @TempDir private Path folder;
  private FakeHub fake;

  @BeforeEach
  void start() throws IOException {
    fake = new FakeHub();
    for (int task = 0; task < MODELS.size(); task++) {
      String id = MODELS.get(task);
      files(task).forEach((path, content) -> fake.file(id, path, content));
    }
    System.setProperty("stockpot.hub-endpoint", fake.endpoint().toString());
    System.setProperty("stockpot.hub-cache", cache().toString());
    ConfigFactory.invalidateCaches();
  }

  @AfterEach
  void stop() {
    System.clearProperty("stockpot.hub-endpoint");
    System.clearProperty("stockpot.hub-cache");
    ConfigFactory.invalidateCaches();
    fake.close();
  }

  private Path cache() {
    return folder.resolve("cache");
  }

  private static Map<String, byte[]> files(int task) {
    Map<String, byte[]> files = new TreeMap<>(QuickstartFiles.of(task));
    files.put("tokenizer.json", "{\"model\": {}}".getBytes(StandardCharsets.UTF_8));
    files.put("pytorch_model.bin", new byte[] {1});
    return files;
  }

  private Path recipe(String base, String model) throws IOException {
    return Files.writeString(
        folder.resolve("recipe.yml"),
        """
        merge_method: task_arithmetic
        base_model: %s
        models:
          - model: %s
            parameters: {weight: 0.5}
        dtype: bfloat16
        """
            .formatted(base, model));
  }

  private CommandLineRun merge(Path recipe, String out, Object... more) {
    Object[] words =
        Stream.concat(
                Stream.of("merge", recipe, folder.resolve(out), "--set", "provider=scalar"),
                Stream.of(more))
            .toArray();
    return CommandLineRun.of(words);
  }

  private byte[] merged(String out, String file) throws IOException {
    return Files.readAllBytes(folder.resolve(out).resolve(file));
  }

  private void writeLocally() throws IOException {
    for (int task = 0; task < MODELS.size(); task++) {
      Path model = Files.createDirectories(folder.resolve(MODELS.get(task)));
      for (Map.Entry<String, byte[]> file : files(task).entrySet()) {
        Files.write(model.resolve(file.getKey()), file.getValue());
      }
    }
  }

  private void downloadAll() throws IOException {
    for (int task = 0; task < MODELS.size(); task++) {
      CacheFolder cached =
          new CacheFolder(cache(), MODELS.get(task), fake.commit(MODELS.get(task)));
      for (Map.Entry<String, byte[]> file : files(task).entrySet()) {
        cached.file(file.getKey(), file.getValue());
      }
    }
  }

  @Test
  void aMergeFromTheHubHasTheBytesOfALocalOne() throws IOException {
    merge(recipe("org/base", "org/math"), "streamed").succeeds();
    writeLocally();
    merge(
            recipe(folder.resolve("org/base").toString(), folder.resolve("org/math").toString()),
            "local")
        .succeeds();

    for (String file : List.of("model.safetensors", "config.json", "tokenizer.json")) {
      assertThat(merged("streamed", file)).as(file).isEqualTo(merged("local", file));
    }
    assertThat(fake.requests()).noneMatch(request -> request.path().endsWith(".bin"));
  }

  @Test
  void manifestAndCardNameModelsByTheirCommits() throws IOException {
    merge(recipe("org/base", "hf://org/math"), "merged").succeeds();

    assertThat(Files.readString(folder.resolve("merged/stockpot-manifest.json")))
        .contains("\"model\" : \"hf://org/base@%s\"".formatted(fake.commit("org/base")))
        .contains("\"model\" : \"hf://org/math@%s\"".formatted(fake.commit("org/math")))
        .contains(
            "\"version\" : \"sha256:%s\""
                .formatted(FakeHub.sha256(files(1).get("model.safetensors"))));
    assertThat(Files.readString(folder.resolve("merged/README.md")))
        .contains("base_model:\n- org/math\n- org/base\nbase_model_relation: merge\n")
        .contains(
            "- [`org/math`](https://huggingface.co/org/math) at `%s`\n"
                .formatted(fake.commit("org/math")));
  }

  @Test
  void aMergeFromTheCacheIsTheSameToTheLastByteOfItsManifest() throws IOException {
    Path recipe = recipe("org/base", "org/math");
    merge(recipe, "streamed").succeeds();
    downloadAll();
    int asked = fake.requests().size();

    merge(recipe, "cached", "--set", "hub=cache").succeeds();

    assertThat(merged("cached", "stockpot-manifest.json"))
        .isEqualTo(merged("streamed", "stockpot-manifest.json"));
    assertThat(merged("cached", "model.safetensors"))
        .isEqualTo(merged("streamed", "model.safetensors"));
    assertThat(fake.requests()).hasSize(asked);
    merge(recipe, "streamed", "--resume").succeeds();
  }

  @Test
  void planSaysWhichCommitHowManyBytesAndFromWhere() throws IOException {
    CommandLineRun run = CommandLineRun.of("plan", recipe("org/base", "org/math")).succeeds();

    assertThat(run.out())
        .contains(
            "Model    hf://org/base@%s: 39 tensors in 1 file, 8.00 MB, from %s\n"
                .formatted(fake.commit("org/base"), fake.endpoint()));
    downloadAll();
    assertThat(CommandLineRun.of("plan", recipe("org/base", "org/math")).succeeds().out())
        .contains("8.00 MB, from the cache %s\n".formatted(cache()));
  }

  @Test
  void aFolderOfThatNameComesFirst() throws IOException {
    writeLocally();

    CommandLineRun run =
        CommandLineRun.of("plan", recipe("org/base", "org/math"), "--set", "model-root=" + folder)
            .succeeds();

    assertThat(run.out()).contains("Model    %s/org/base: ".formatted(folder));
    assertThat(fake.requests()).isEmpty();
  }

  @Test
  void aFolderComesFirstWhateverRevisionIsNamedAndThatIsTold() throws IOException {
    fake.ref("org/base", "v2");
    writeLocally();
    int asked = fake.requests().size();
    CommandLineRun run =
        merge(recipe("org/base@v2", "org/math"), "merged", "--set", "model-root=" + folder)
            .succeeds();
    assertThat(run.out() + run.err())
        .contains(
            "org/base@v2: the folder %s is taken as it is, whichever revision that may be; the hub's is hf://org/base@v2"
                .formatted(folder.resolve("org/base")));
    assertThat(fake.requests()).hasSize(asked);

    merge(recipe("hf://org/base@v2", "org/math"), "from-hub").succeeds();
    assertThat(Files.readString(folder.resolve("from-hub/stockpot-manifest.json")))
        .contains("hf://org/base@" + fake.commit("org/base"));
  }

  @Test
  void namesOfOneModelAreOneModel() throws IOException {
    CommandLineRun run =
        merge(recipe("org/math", "hf://models/org/math@" + fake.commit("org/math")), "merged");

    assertThat(run.err()).doesNotContain("fault of Stockpot");
    assertThat(fake.requests())
        .filteredOn(request -> request.path().contains("/org/base/"))
        .isEmpty();
  }

  @Test
  void allThatIsNotToBeHadIsToldTogether() throws IOException {
    fake.open("org/math", FakeHub.Access.OWNER);

    CommandLineRun run = merge(recipe("org/absent", "org/math"), "merged");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .isEqualTo(
            """
            %2$s:4: org/math: there is no folder org/math. As a name of the hub, org/math: %1$s has no model org/math, or a private one, which nobody sees without a token. Check the spelling; where it is private, log in: hf auth login, or HF_TOKEN
            %2$s:2: org/absent: there is no folder org/absent. As a name of the hub, org/absent: %1$s has no model org/absent, or a private one, which nobody sees without a token. Check the spelling; where it is private, log in: hf auth login, or HF_TOKEN
            """
                .formatted(fake.endpoint(), folder.resolve("recipe.yml")));
    assertThat(folder.resolve("merged")).doesNotExist();
  }

  @Test
  void withTheHubOffEveryNameIsAFolder() throws IOException {
    assertThat(merge(recipe("org/base", "org/math"), "merged", "--set", "hub=off").err())
        .contains("Checkpoint org/base cannot be used:\n- there is no such folder");
    assertThat(merge(recipe("hf://org/base", "hf://org/math"), "merged", "--set", "hub=off").err())
        .contains(
            "hf://org/base is a model of a hub, and the setting hub is off. Set it to network or cache, or name a folder");
    assertThat(fake.requests()).isEmpty();
  }

  @Test
  void dataSetsAreRefusedByName() throws IOException {
    assertThat(merge(recipe("hf://datasets/org/base", "org/math"), "merged").err())
        .contains("hf://datasets/org/base is among the datasets of the hub");
  }

  @Test
  void aCacheThatIsReadIsNoPlaceForAnOutput() throws IOException {
    downloadAll();
    Path snapshot = cache().resolve("models--org--base/snapshots").resolve(fake.commit("org/base"));

    CommandLineRun run =
        CommandLineRun.of("merge", recipe("org/base", "org/math"), snapshot, "--overwrite-foreign");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .contains("%s is the model org/base".formatted(snapshot))
        .contains("in the cache");
    assertThat(snapshot.resolve("model.safetensors")).exists();
    CommandLineRun whole =
        CommandLineRun.of("merge", recipe("org/base", "org/math"), cache(), "--overwrite-foreign");
    assertThat(whole.err()).contains("%s holds the model org/base".formatted(cache()));
  }

  @Test
  void nothingIsWrittenToAHub() throws IOException {
    CommandLineRun run = CommandLineRun.of("merge", recipe("org/base", "org/math"), "hf://org/out");

    assertThat(run.err())
        .contains("hf://org/out: hf:// can be read, but nothing can be written there");
  }

  @Test
  void otherCommandsTakeTheSameNames() throws IOException {
    assertThat(CommandLineRun.of("inspect", "org/base").succeeds().out())
        .contains("39 tensors in 1 file; no problems found in their headers");
    assertThat(CommandLineRun.of("diff", "org/base", "hf://org/math").succeeds().out())
        .contains("39 tensors compared");
    assertThat(CommandLineRun.of("inspect", "org/absent").err())
        .contains("org/absent: there is no folder org/absent. As a name of the hub, ");
  }

  @Test
  void revisionsAreTakenInBothSpellings() throws IOException {
    merge(recipe("org/base@main", "{path: org/math, revision: main}"), "merged").succeeds();
    merge(recipe("org/base", "org/math"), "plain").succeeds();

    assertThat(merged("merged", "model.safetensors"))
        .isEqualTo(merged("plain", "model.safetensors"));
    assertThat(merge(recipe("org/base", "org/math@nowhere"), "other").err())
        .contains("org/math@nowhere");
  }
}
