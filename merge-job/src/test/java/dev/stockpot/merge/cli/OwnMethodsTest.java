package dev.stockpot.merge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.merge.methods.GroupLength;
import dev.stockpot.merge.methods.Homebody;
import dev.stockpot.merge.methods.Noise;
import dev.stockpot.merge.methods.UnitLength;
import dev.stockpot.merge.methods.WeightedSum;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.hadoop.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Methods that a jar brings, from the command line on: side inputs and outputs, whole tensors,
 * numbers of no model. Each merge is a process, because a process looks for jars once.
 */
class OwnMethodsTest {
  private static final String WEIGHTED =
      """
      merge_method: weighted_elements
      models:
        - model: a
          statistics: {element_weight: stats/a}
        - model: b
          statistics: {element_weight: stats/b.safetensors}
      """;

  @TempDir private Path folder;
  private Path jar;

  @BeforeEach
  void write() throws IOException {
    ModelFolder.at(folder.resolve("a")).floats("x", 1, 2, 3).floats("y", 4, 0).write();
    ModelFolder.at(folder.resolve("b")).floats("x", 10, 20, 30).floats("y", 3, 1).write();
    ModelFolder.at(folder.resolve("stats/a")).floats("x", 1, 0, 2).floats("y", 1, 1).write();
    Path other =
        ModelFolder.at(folder.resolve("other")).floats("x", .5f, 1, 0).floats("y", 1, 2).write();
    Files.copy(other.resolve("model.safetensors"), folder.resolve("stats/b.safetensors"));
    jar = folder.resolve("methods.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new JarEntry("META-INF/services/" + MergeMethod.class.getName()));
      for (Class<?> method :
          List.of(
              WeightedSum.class,
              UnitLength.class,
              Noise.class,
              GroupLength.class,
              Homebody.class)) {
        out.write((method.getName() + "\n").getBytes(UTF_8));
      }
      out.closeEntry();
    }
  }

  private String run(int exitCode, Map<String, String> properties, String... words)
      throws Exception {
    try (MergeProcess process =
        MergeProcess.start(folder, List.of(jar), properties, List.of(words))) {
      assertThat(process.exitCode()).as(process.printed()).isEqualTo(exitCode);
      return process.printed();
    }
  }

  private void merge(String recipe, String out, String... more) throws Exception {
    Files.writeString(folder.resolve("recipe.yml"), recipe);
    List<String> words = new ArrayList<>(List.of("merge", "recipe.yml", out));
    words.addAll(List.of(more));
    run(0, Map.of(), words.toArray(String[]::new));
  }

  @Test
  void readsStatisticsAndLeavesAStateThatIsVerifiedAndReplaced() throws Exception {
    merge(WEIGHTED, "out");

    Path out = folder.resolve("out");
    assertThat(new Tensors(out).values("x")).containsExactly(6, 20, 6);
    assertThat(new Tensors(out).values("y")).containsExactly(7, 2);
    Path state = out.resolve("state/total");
    assertThat(new Tensors(state).values("x")).containsExactly(1.5, 1, 2);
    assertThat(new Tensors(state).values("y")).containsExactly(2, 3);
    assertThat(Files.readString(out.resolve("stockpot-manifest.json")))
        .contains(
            "\"statistics\" : \"element_weight\"", "\"file\" : \"state/total/model.safetensors\"");
    CommandLineRun.of("verify", out).succeeds();

    Path file = state.resolve("model.safetensors");
    byte[] damaged = Files.readAllBytes(file);
    byte[] whole = damaged.clone();
    damaged[damaged.length - 1] ^= 1;
    Files.write(file, damaged);
    CommandLineRun verified = CommandLineRun.of("verify", out);
    assertThat(verified.exitCode()).isEqualTo(1);
    assertThat(verified.out() + verified.err())
        .contains("y in state/total/model.safetensors was changed or damaged");

    merge(WEIGHTED, "out", "--overwrite");
    assertThat(Files.readAllBytes(file)).isEqualTo(whole);
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).noneMatch(path -> path.getFileName().toString().startsWith(".out"));
    }
  }

  @Test
  void refusesAnOutputThatHoldsStatistics() throws Exception {
    Files.writeString(folder.resolve("recipe.yml"), WEIGHTED);

    assertThat(run(1, Map.of(), "merge", "recipe.yml", "stats", "--overwrite"))
        .contains("stats holds the statistics stats/a (recipe.yml, line 4)")
        .contains("stats holds the statistics stats/b.safetensors (recipe.yml, line 6)");
  }

  @Test
  void readsAndLeavesThemOnS3() throws Exception {
    try (S3Server server = new S3Server()) {
      Location root = server.root();
      for (String name : List.of("a/model", "b/model", "stats/a/model", "stats/b")) {
        server.write(
            root.descendant(name + ".safetensors"),
            Files.readAllBytes(folder.resolve(name + ".safetensors")));
      }
      server.write(root.child("recipe.yml"), WEIGHTED.getBytes(UTF_8));
      Map<String, String> properties = new TreeMap<>();
      server.entries().forEach((name, value) -> properties.put("spark.hadoop." + name, value));
      String recipe = root.child("recipe.yml").path();
      run(
          0,
          properties,
          "merge",
          recipe,
          root.child("out").path(),
          "--set",
          "model-root=" + root.path());

      merge(WEIGHTED, "out");
      for (String file : List.of("model.safetensors", "state/total/model.safetensors")) {
        assertThat(server.read(root.child("out").descendant(file)))
            .isEqualTo(Files.readAllBytes(folder.resolve("out").resolve(file)));
      }
      assertThat(server.uploadsBelow(root)).isEmpty();
    }
  }

  @Test
  void makesTensorsOfWholeTensors() throws Exception {
    merge("merge_method: unit_length\nmodels: [{model: a}]\n", "out");

    assertThat(new Tensors(folder.resolve("out")).values("y")).containsExactly(1, 0);
  }

  @Test
  void makesTheSameNumbersWithOneTaskAndWithFour() throws Exception {
    ModelFolder.at(folder.resolve("large")).bfloats("x", 0, 300, 1000).write();
    String noise = "merge_method: noise\nmodels: [{model: large}]\n";
    merge(noise, "one", "--set", "tasks=1", "--set", "part-size=1GiB");
    merge(noise, "four", "--set", "tasks=4", "--set", "part-size=64KiB");

    byte[] one = Files.readAllBytes(folder.resolve("one/model.safetensors"));
    assertThat(Files.readAllBytes(folder.resolve("four/model.safetensors"))).isEqualTo(one);
    assertThat(new Tensors(folder.resolve("one")).values("x")).hasSize(300_000);
  }

  @Test
  void addsUpWhatGroupsOfTensorsHoldInSeveralTasks() throws Exception {
    ModelFolder.at(folder.resolve("groups"))
        .bfloats("a.w", 0, 200, 1000)
        .bfloats("b.w", 0, 100, 1000)
        .floats("c.v", 3, 4)
        .write();
    String shares = "merge_method: group_length\nmodels: [{model: groups}]\ndtype: float32\n";
    merge(shares, "one", "--set", "tasks=1", "--set", "part-size=1GiB");
    merge(shares, "four", "--set", "tasks=4", "--set", "part-size=64KiB");

    byte[] one = Files.readAllBytes(folder.resolve("one/model.safetensors"));
    assertThat(Files.readAllBytes(folder.resolve("four/model.safetensors"))).isEqualTo(one);
    Tensors stored = new Tensors(folder.resolve("groups"));
    double squares = 0;
    for (String name : List.of("a.w", "b.w")) {
      for (double value : stored.values(name)) {
        squares += value * value;
      }
    }
    Tensors merged = new Tensors(folder.resolve("one"));
    assertThat(merged.values("c.v")).containsExactly(3f / 25, 4f / 25);
    assertThat(merged.values("b.w")[7])
        .isEqualTo((float) stored.values("b.w")[7] / (float) squares);
  }

  @Test
  void aProgramThatCannotBeSentIsAMessageAndLeavesNothing() throws Exception {
    Files.writeString(
        folder.resolve("recipe.yml"), "merge_method: homebody\nmodels: [{model: a}]\n");

    assertThat(run(1, Map.of(), "merge", "recipe.yml", "out"))
        .contains(
            "NotSerializableException: dev.stockpot.merge.methods.Homebody$Home",
            "What the program of a method or a statistic holds must be serializable")
        .doesNotContain("\tat ");
    assertThat(folder.resolve("out")).doesNotExist();
    assertThat(folder.resolve(".out.stockpot/files")).doesNotExist();
  }
}
