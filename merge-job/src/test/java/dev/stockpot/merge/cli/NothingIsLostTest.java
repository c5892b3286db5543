package dev.stockpot.merge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.hadoop.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * No sequence of commands removes or changes a file that Stockpot did not write: commands are drawn
 * at random, some of which make sense, among them somebody who writes files wherever they hurt.
 */
class NothingIsLostTest {
  private static final int COMMANDS = 12;
  private static final int COMMANDS_ON_S3 = 8;

  private static final List<String> FOLDERS =
      List.of("out", "out/deep", "models/a", "models/c", "models", "work");

  private static final List<String> NAMES =
      List.of(
          "notes.txt",
          "config.json",
          "model.safetensors",
          "stockpot-manifest.json",
          "report/report.html",
          "report/mine/notes.txt");

  private static final List<List<String>> WISHES =
      List.of(
          List.of(),
          List.of("--overwrite"),
          List.of("--overwrite"),
          List.of("--resume"),
          List.of("--resume", "--overwrite"));

  /** Where the files of a sequence are. */
  private interface Disk {
    /** A path in words of the command line. */
    String spelled(String path);

    void write(String path, byte[] content) throws IOException;

    byte[] read(String path) throws IOException;
  }

  private record Folder(Path root) implements Disk {
    @Override
    public String spelled(String path) {
      return root + "/" + path;
    }

    @Override
    public void write(String path, byte[] content) throws IOException {
      Files.createDirectories(root.resolve(path).getParent());
      Files.write(root.resolve(path), content);
    }

    @Override
    public byte[] read(String path) throws IOException {
      return Files.readAllBytes(root.resolve(path));
    }
  }

  private record Bucket(S3Server server, Location root) implements Disk {
    @Override
    public String spelled(String path) {
      return root + "/" + path;
    }

    @Override
    public void write(String path, byte[] content) {
      server.write(root.descendant(path), content);
    }

    @Override
    public byte[] read(String path) throws IOException {
      return server.read(root.descendant(path));
    }
  }

  /** One sequence. */
  private static final class Sequence {
    private final Disk disk;
    private final Random random;
    private final Map<String, byte[]> foreign = new LinkedHashMap<>();
    private final List<String> commands = new ArrayList<>();
    private int succeeded;

    Sequence(Disk disk, long seed) {
      this.disk = disk;
      this.random = new Random(seed);
    }

    private void writeForeign(String path, byte[] content) throws IOException {
      disk.write(path, content);
      foreign.put(path, content);
      commands.add("somebody writes " + path);
    }

    void begin(Path models) throws IOException {
      for (String name : List.of("a", "b", "broken")) {
        float first = name.equals("broken") ? Float.NaN : 1;
        Path model = ModelFolder.at(models.resolve(name)).floats("t", first, 2).write();
        byte[] shard = Files.readAllBytes(model.resolve("model.safetensors"));
        writeForeign("models/" + name + "/model.safetensors", shard);
        writeForeign("models/" + name + "/config.json", "{}".getBytes(UTF_8));
      }
      writeForeign("work/good.yml", recipe("a").getBytes(UTF_8));
      writeForeign("work/bad.yml", recipe("broken").getBytes(UTF_8));
    }

    private String recipe(String other) {
      return "merge_method: uniform_soup\nmodels:\n  - model: %s\n  - model: %s\n"
          .formatted(disk.spelled("models/b"), disk.spelled("models/" + other));
    }

    private <T> T any(List<T> choices) {
      return choices.get(random.nextInt(choices.size()));
    }

    void step() throws IOException {
      int choice = random.nextInt(10);
      if (choice < 3) {
        byte[] content = new byte[101 + commands.size()]; // a size that none of ours has
        Arrays.fill(content, (byte) commands.size());
        String path = any(FOLDERS) + "/" + any(NAMES);
        if (!isModel(path)) {
          writeForeign(path, content);
        }
      } else if (choice < 7) {
        String recipe = disk.spelled("work/" + any(List.of("good.yml", "good.yml", "bad.yml")));
        run(List.of("merge", recipe, disk.spelled(any(FOLDERS))), any(WISHES));
      } else if (choice < 8) {
        run(List.of("discard", disk.spelled(any(FOLDERS))), List.of());
      } else {
        run(
            List.of(
                "diff",
                disk.spelled("models/a"),
                disk.spelled("models/b"),
                "--output",
                disk.spelled(any(FOLDERS))),
            any(List.of(List.<String>of(), List.of("--overwrite"))));
      }
    }

    /** The sequence goes on with merges that can be made. */
    private static boolean isModel(String path) {
      return path.startsWith("models/a/model") || path.startsWith("models/a/config");
    }

    private void run(List<String> command, List<String> wishes) {
      List<String> words = new ArrayList<>(command);
      words.addAll(wishes);
      if (command.get(0).equals("merge")) {
        words.addAll(
            List.of(
                "--set", "check-finite=true", "--set", "provider=scalar", "--set", "report=false"));
      }
      CommandLineRun run = CommandLineRun.of(words.toArray());
      commands.add("%s: %s %s".formatted(String.join(" ", words), run.exitCode(), run.err()));
      succeeded += run.exitCode() == 0 ? 1 : 0;
    }

    void assertNothingIsLost() throws IOException {
      for (Map.Entry<String, byte[]> file : foreign.entrySet()) {
        assertThat(disk.read(file.getKey()))
            .as("%s after\n%s", file.getKey(), String.join("\n", commands))
            .isEqualTo(file.getValue());
      }
      assertThat(commands).noneMatch(command -> command.contains("fault of Stockpot"));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void onThisMachine(long seed, @TempDir Path folder, @TempDir Path models) throws IOException {
    Sequence sequence = new Sequence(new Folder(folder), seed);
    sequence.begin(models);
    for (int i = 0; i < COMMANDS; i++) {
      sequence.step();
      sequence.assertNothingIsLost();
    }
    assertThat(sequence.succeeded).isPositive();
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12})
  void onS3(long seed, @TempDir Path models) throws Exception {
    try (S3Server server = new S3Server()) {
      server.entries().forEach((name, value) -> System.setProperty("spark.hadoop." + name, value));
      Sequence sequence = new Sequence(new Bucket(server, server.root().child("all")), seed);
      sequence.begin(models);
      for (int i = 0; i < COMMANDS_ON_S3; i++) {
        sequence.step();
        sequence.assertNothingIsLost();
      }
      assertThat(sequence.succeeded).isPositive();
    } finally {
      System.getProperties().stringPropertyNames().stream()
          .filter(name -> name.startsWith("spark.hadoop."))
          .forEach(System::clearProperty);
    }
  }
}
