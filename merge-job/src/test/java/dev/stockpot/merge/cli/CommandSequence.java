package dev.stockpot.merge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Commands one after the other, some of which make sense, among them somebody who writes files
 * wherever they hurt. Whatever was not written by Stockpot is remembered.
 */
final class CommandSequence {
  /** Where outputs go, and files of somebody: into outputs, models and what holds them. */
  static final List<String> FOLDERS =
      List.of("out", "out/deep", "models/a", "models/c", "models", "work");

  static final List<String> NAMES =
      List.of(
          "notes.txt",
          "config.json",
          "model.safetensors",
          "stockpot-manifest.json",
          "report/report.html",
          "report/mine/notes.txt");

  static final List<String> RECIPES = List.of("good.yml", "good.yml", "bad.yml");

  static final List<List<String>> WISHES =
      List.of(
          List.of(),
          List.of("--overwrite"),
          List.of("--overwrite"),
          List.of("--resume"),
          List.of("--resume", "--overwrite"));

  /** What is done. */
  enum Verb {
    WRITE,
    MERGE,
    DISCARD,
    DIFF
  }

  /** One thing that is done; what a verb has no use for is passed over. */
  record Step(Verb verb, String folder, String name, String recipe, List<String> wishes) {}

  /** Where the files are. */
  interface Disk {
    /** A path in words of the command line. */
    String spelled(String path);

    void write(String path, byte[] content) throws IOException;

    byte[] read(String path) throws IOException;
  }

  /** A folder of this machine. */
  record Folder(Path root) implements Disk {
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

  private final Disk disk;
  private final Map<String, byte[]> foreign = new LinkedHashMap<>();
  private final List<String> commands = new ArrayList<>();
  private int succeeded;

  /** On a disk with three models, one of which has a NaN, and recipes. */
  CommandSequence(Disk disk, Path scratch) throws IOException {
    this.disk = disk;
    for (String name : List.of("a", "b", "broken")) {
      float first = name.equals("broken") ? Float.NaN : 1;
      Path model = ModelFolder.at(scratch.resolve(name)).floats("t", first, 2).write();
      byte[] shard = Files.readAllBytes(model.resolve("model.safetensors"));
      writeForeign("models/" + name + "/model.safetensors", shard);
      writeForeign("models/" + name + "/config.json", "{}".getBytes(UTF_8));
    }
    writeForeign("work/good.yml", recipe("a").getBytes(UTF_8));
    writeForeign("work/bad.yml", recipe("broken").getBytes(UTF_8));
  }

  private void writeForeign(String path, byte[] content) throws IOException {
    disk.write(path, content);
    foreign.put(path, content);
    commands.add("somebody writes " + path);
  }

  private String recipe(String other) {
    return "merge_method: uniform_soup\nmodels:\n  - model: %s\n  - model: %s\n"
        .formatted(disk.spelled("models/b"), disk.spelled("models/" + other));
  }

  /** Does one thing, and looks whether all is there that Stockpot did not write. */
  void go(Step step) throws IOException {
    String folder = disk.spelled(step.folder());
    switch (step.verb()) {
      case WRITE -> writeSomething(step.folder() + "/" + step.name());
      case MERGE -> run(List.of("merge", disk.spelled("work/" + step.recipe()), folder), step);
      case DISCARD -> run(List.of("discard", folder), step);
      case DIFF ->
          run(
              List.of(
                  "diff", disk.spelled("models/a"), disk.spelled("models/b"), "--output", folder),
              step);
    }
    assertNothingIsLost();
  }

  private void writeSomething(String path) throws IOException {
    byte[] content = new byte[101 + commands.size()]; // a size that none of ours has
    Arrays.fill(content, (byte) commands.size());
    boolean isModel = path.startsWith("models/a/model") || path.startsWith("models/a/config");
    if (!isModel) { // merges can go on being made
      writeForeign(path, content);
    }
  }

  private void run(List<String> command, Step step) {
    List<String> words = new ArrayList<>(command);
    if (step.verb() == Verb.MERGE) {
      words.addAll(step.wishes());
      words.addAll(
          List.of(
              "--set", "check-finite=true", "--set", "provider=scalar", "--set", "report=false"));
    } else if (step.verb() == Verb.DIFF && step.wishes().contains("--overwrite")) {
      words.add("--overwrite");
    }
    CommandLineRun run = CommandLineRun.of(words.toArray());
    commands.add("%s: %s %s".formatted(String.join(" ", words), run.exitCode(), run.err()));
    succeeded += run.exitCode() == 0 ? 1 : 0;
  }

  private void assertNothingIsLost() {
    for (Map.Entry<String, byte[]> file : foreign.entrySet()) {
      String when = "%s after\n%s".formatted(file.getKey(), String.join("\n", commands));
      try {
        assertThat(disk.read(file.getKey())).as(when).isEqualTo(file.getValue());
      } catch (IOException e) {
        throw new AssertionError("lost: " + when, e);
      }
    }
    assertThat(commands).noneMatch(command -> command.contains("fault of Stockpot"));
  }

  /** How many commands did what they were asked to. */
  int succeeded() {
    return succeeded;
  }
}
