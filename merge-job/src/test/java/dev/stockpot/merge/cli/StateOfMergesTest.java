package dev.stockpot.merge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.merge.methods.WeightedSum;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.hadoop.S3Server;
import dev.stockpot.merge.storage.hadoop.S3Wire.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a merge leaves beside its model, in several files of several parts, when it is killed, when
 * statistics are damaged, and when numbers in it are not finite. Each merge is a process, because a
 * process looks for jars of methods once.
 */
class StateOfMergesTest {
  /** So large that a shard of the state, as float32, takes several parts of five MiB. */
  private static final int ELEMENTS = 11 << 18;

  private static final String RECIPE =
      """
      merge_method: weighted_elements
      models:
        - model: a
          statistics: {element_weight: stats-a}
        - model: b
          statistics: {element_weight: stats-b}
      dtype: float32
      """;

  @TempDir private Path folder;
  private Path jar;

  @BeforeEach
  void writeJar() throws IOException {
    jar = folder.resolve("methods.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new JarEntry("META-INF/services/" + MergeMethod.class.getName()));
      out.write((WeightedSum.class.getName() + "\n").getBytes(UTF_8));
      out.closeEntry();
    }
    Files.writeString(folder.resolve("recipe.yml"), RECIPE);
  }

  private void writeModels(int elements) throws IOException {
    int seed = 0;
    for (String name : List.of("a", "b", "stats-a", "stats-b")) {
      Random random = new Random(++seed);
      ModelFolder model = ModelFolder.at(folder.resolve(name));
      for (String tensor : List.of("w", "z")) {
        float[] values = new float[elements];
        for (int i = 0; i < elements; i++) {
          values[i] = random.nextFloat();
        }
        model.floats(tensor, values);
      }
      model.write();
    }
  }

  private MergeProcess start(Map<String, String> properties, String... words) throws IOException {
    return MergeProcess.start(folder, List.of(jar), properties, List.of(words));
  }

  private String run(int exitCode, Map<String, String> properties, String... words)
      throws Exception {
    try (MergeProcess process = start(properties, words)) {
      assertThat(process.exitCode()).as(process.printed()).isEqualTo(exitCode);
      return process.printed();
    }
  }

  private static String[] merge(Location root, Location out, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "merge",
                root.child("recipe.yml").path(),
                out.path(),
                "--shard-size",
                "12MB",
                "--set",
                "part-size=5MiB",
                "--set",
                "provider=scalar",
                "--set",
                "model-root=" + root.path()));
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }

  private static Map<String, byte[]> contents(S3Server server, Location out) throws IOException {
    Map<String, byte[]> contents = new TreeMap<>();
    for (String path : server.objectsBelow(out)) {
      contents.put(path.substring(out.path().length() + 1), server.read(new Location(path)));
    }
    return contents;
  }

  @Test
  void aKilledMergeGoesOnWithItsStateOfSeveralParts() throws Exception {
    writeModels(ELEMENTS);
    try (S3Server server = new S3Server()) {
      Location root = server.root();
      for (String name : List.of("a", "b", "stats-a", "stats-b")) {
        server.write(
            root.descendant(name + "/model.safetensors"),
            Files.readAllBytes(folder.resolve(name).resolve("model.safetensors")));
      }
      server.write(root.child("recipe.yml"), RECIPE.getBytes(UTF_8));
      Map<String, String> properties = new TreeMap<>();
      server.entries().forEach((name, value) -> properties.put("spark.hadoop." + name, value));
      run(0, properties, merge(root, root.child("whole")));
      Map<String, byte[]> whole = contents(server, root.child("whole"));
      assertThat(whole)
          .containsKeys(
              "state/total/model-00001-of-00002.safetensors",
              "state/total/model-00002-of-00002.safetensors",
              "state/total/model.safetensors.index.json");
      assertThat(server.requests())
          .anyMatch(
              request ->
                  request.contains("whole/state/total/model-00001")
                      && request.contains("partNumber=2"));
      server.forget();

      String last = "killed/state/total/model-00002-of-00002.safetensors";
      Predicate<String> hangs =
          request ->
              request.startsWith("PUT")
                  && request.contains(last)
                  && request.contains("partNumber=");
      server.breaks(hangs, Fault.HANG, 1);
      Location journal = root.child(".killed.stockpot-journal");
      try (MergeProcess merge = start(properties, merge(root, root.child("killed")))) {
        merge.until(
            "the first shard is finished with its state, and a part of the other state hangs",
            () ->
                server.objectsBelow(journal).size() == 3 // what it is, a shard, and its state
                    && server.requests().stream().anyMatch(hangs));
        merge.kill();
      }
      assertThat(server.objectsBelow(root.child("killed"))).isEmpty();
      server.forget();

      String again = run(0, properties, merge(root, root.child("killed"), "--resume"));
      assertThat(again).contains("1 of 2 files (23.1 MB) are there from the merge before");
      Map<String, byte[]> resumed = contents(server, root.child("killed"));
      assertThat(resumed.keySet()).isEqualTo(whole.keySet());
      whole.forEach((file, bytes) -> assertThat(resumed.get(file)).as(file).isEqualTo(bytes));
      assertThat(server.uploadsBelow(root)).isEmpty();
      assertThat(server.objectsBelow(root)).noneMatch(name -> name.contains(".killed."));
    }
  }

  @Test
  void damagedStatisticsAreRefusedWithTheirFileBeforeAnythingIsMade() throws Exception {
    writeModels(16);
    Path statistics = folder.resolve("stats-b/model.safetensors");
    byte[] whole = Files.readAllBytes(statistics);

    Files.write(statistics, Arrays.copyOf(whole, whole.length - 4));
    assertThat(run(1, Map.of(), "merge", "recipe.yml", "out"))
        .contains("stats-b/model.safetensors")
        .contains("Fetch the shard again")
        .doesNotContain("\tat ");
    byte[] garbled = whole.clone();
    Arrays.fill(garbled, 0, 8, (byte) 0x7F);
    Files.write(statistics, garbled);
    assertThat(run(1, Map.of(), "merge", "recipe.yml", "out"))
        .contains("stats-b/model.safetensors", "header length is")
        .doesNotContain("\tat ");
    assertThat(folder.resolve("out")).doesNotExist();
    assertThat(folder.resolve(".out.stockpot/files")).doesNotExist();
  }

  @Test
  void numbersInAStateThatAreNotFiniteAreToldAndRefusedLikeOthers() throws Exception {
    writeModels(16);
    for (String statistics : List.of("stats-a", "stats-b")) { // finite, and not so together
      ModelFolder.at(folder.resolve(statistics))
          .floats("w", first(Float.MAX_VALUE))
          .floats("z", new float[16])
          .write();
    }
    String printed = run(0, Map.of(), "merge", "recipe.yml", "out");
    assertThat(printed)
        .contains(
            "Note: 2 elements are NaN or infinite, though all inputs are finite there: w (1), state/total/w (1).");
    JsonNode manifest =
        new ObjectMapper().readTree(Files.readString(folder.resolve("out/stockpot-manifest.json")));
    assertThat(manifest.at("/sides/0/shards/0/tensors/0/nonfinite").toString())
        .isEqualTo("{\"narrowed\":0,\"carried\":0,\"made\":1,\"overflowed\":0}");
    assertThat(manifest.at("/sides/0/shards/0/tensors/1/nonfinite").isMissingNode()).isTrue();
    assertThat(run(0, Map.of(), "merge", "recipe.yml", "out", "--resume"))
        .contains("is this merge already: nothing to do");
  }

  @Test
  void statisticsThatAreNotFiniteAreRefusedInThePlan() throws Exception {
    writeModels(16);
    ModelFolder.at(folder.resolve("stats-a"))
        .floats("w", first(Float.POSITIVE_INFINITY))
        .floats("z", new float[16])
        .write();
    assertThat(run(2, Map.of(), "merge", "recipe.yml", "out"))
        .contains("recipe.yml:4: stats-a (`element_weight`): element 0 of w is Infinity");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  private static float[] first(float value) {
    float[] weights = new float[16];
    weights[0] = value;
    return weights;
  }
}
