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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A folder of small models, a recipe and a stranger's files on an S3 server. */
final class S3Situation implements AutoCloseable {
  private static final List<String> MODELS = List.of("models/a", "models/ab", "models/b");

  private final S3Server server = new S3Server();
  private final Location root = server.root().child("in");
  private final Path local;

  /** Starts the server; tells this process where it is. */
  S3Situation(Path local) throws Exception {
    this.local = local;
    server.entries().forEach((name, value) -> System.setProperty("spark.hadoop." + name, value));
    for (String name : MODELS) {
      put(name, ModelFolder.at(local.resolve(name)).file("config.json", "{}").floats("t", 1, 2));
    }
    write("recipe.yml", soup("models/a", "models/b"));
    write("mine/notes.txt", "keep me");
    write("mine/sub/thesis.tex", "keep me");
  }

  S3Server server() {
    return server;
  }

  /** The path of something in the folder; of the folder itself for an empty name. */
  String path(String name) {
    return name.isEmpty() ? root.path() : root + "/" + name;
  }

  /** A file of this machine. */
  Path local(String name, String text) throws IOException {
    return Files.writeString(local.resolve(name), text);
  }

  void put(String name, ModelFolder model) throws IOException {
    try (Stream<Path> files = Files.list(model.write())) {
      for (Path file : files.toList()) {
        server.write(root.descendant(name + "/" + file.getFileName()), Files.readAllBytes(file));
      }
    }
  }

  void write(String name, String text) {
    server.write(root.descendant(name), text.getBytes(UTF_8));
  }

  void delete(String name) {
    server.delete(root.descendant(name));
  }

  static String soup(String... models) {
    StringBuilder text = new StringBuilder("merge_method: uniform_soup\nmodels:\n");
    for (String model : models) {
      text.append("  - model: ").append(model).append('\n');
    }
    return text.toString();
  }

  CommandLineRun merge(String recipe, String output, Object... options) {
    List<Object> words = new ArrayList<>(List.of("merge", path(recipe), output));
    words.addAll(List.of("--set", "model-root=" + root, "--set", "report=false"));
    words.addAll(Arrays.asList(options));
    return CommandLineRun.of(words.toArray());
  }

  /** Every object by its path, with its content. */
  Map<String, Integer> everything() throws IOException {
    Map<String, Integer> objects = new TreeMap<>();
    for (String path : server.objectsBelow(server.root())) {
      objects.put(path, Arrays.hashCode(server.read(new Location(path))));
    }
    return objects;
  }

  /** Objects are as before, and none is being uploaded. */
  void assertUntouched(Map<String, Integer> before) throws IOException {
    assertThat(everything()).isEqualTo(before);
    assertThat(server.uploadsBelow(server.root())).isEmpty();
  }

  /** What a user types, with BUCKET for the bucket and IN for the folder. */
  String spelled(String typed) {
    String bucket = server.root().path().substring("s3a://".length());
    return typed.replace("BUCKET", bucket).replace("IN", root.path());
  }

  static void assertRefused(CommandLineRun run, String message) {
    assertThat(run.exitCode()).as(run.out()).isNotZero();
    assertThat(run.err()).contains(message).doesNotContain("fault of Stockpot", "\tat ");
  }

  @Override
  public void close() throws IOException {
    server.entries().keySet().forEach(name -> System.clearProperty("spark.hadoop." + name));
    server.close();
  }
}
