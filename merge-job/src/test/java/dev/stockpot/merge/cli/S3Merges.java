package dev.stockpot.merge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.hadoop.S3Server;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Three models on an S3 server, and merges of them into several shards, in this process or in
 * others.
 */
final class S3Merges implements AutoCloseable {
  static final String RECIPE =
      """
      merge_method: linear
      models:
        - model: base
          parameters: {weight: 0.2}
        - model: math
          parameters: {weight: 0.3}
        - model: code
          parameters: {weight: 0.5}
      dtype: bfloat16
      """;
  static final List<String> MODELS = List.of("base", "math", "code");

  /** Plain loops, which need no compiler to be fast: these merges are short. */
  private static final List<String> SETTINGS =
      List.of("--shard-size", "3MB", "--set", "part-size=5MiB", "--set", "provider=scalar");

  private final S3Server server = new S3Server();
  private final Location models = server.root().child("inputs");
  private final Location outputs = server.root().child("outputs");
  private final Path local;
  private Map<String, byte[]> undisturbed = Map.of();

  /** Starts the server; tells this process where it is. */
  S3Merges(Path local) throws Exception {
    this.local = local;
    server.entries().forEach((name, value) -> System.setProperty("spark.hadoop." + name, value));
    for (int task = 0; task < MODELS.size(); task++) {
      Location model = models.child(MODELS.get(task));
      QuickstartFiles.of(task).forEach((name, content) -> server.write(model.child(name), content));
    }
    writeRecipe(RECIPE);
  }

  S3Server server() {
    return server;
  }

  Location models() {
    return models;
  }

  Location out(String name) {
    return outputs.child(name);
  }

  Location journal(String name) {
    return outputs.child("." + name + ".stockpot-journal");
  }

  void writeRecipe(String text) {
    server.write(models.child("recipe.yml"), text.getBytes(UTF_8));
  }

  private List<String> words(Object out, Object... more) {
    List<String> words = new ArrayList<>(List.of("merge", models.child("recipe.yml").path()));
    words.add(out.toString());
    words.addAll(List.of("--set", "model-root=" + models));
    words.addAll(SETTINGS);
    Arrays.stream(more).map(Object::toString).forEach(words::add);
    return words;
  }

  /** Merges in this process. */
  CommandLineRun merge(Object out, Object... more) {
    return CommandLineRun.of(words(out, more).toArray());
  }

  /** Starts a merge in a process of its own. */
  MergeProcess start(Object out, Map<String, String> properties, Object... more)
      throws IOException {
    Map<String, String> all = new TreeMap<>(properties);
    server.entries().forEach((name, value) -> all.put("spark.hadoop." + name, value));
    return MergeProcess.start(local, all, words(out, more));
  }

  /** The same with variables of its environment. */
  MergeProcess start(Object out, Map<String, String> properties, Map<String, String> variables)
      throws IOException {
    return start(properties, variables, List.of("merge", recipe(), out.toString()));
  }

  /** Starts a plan of the recipe. */
  MergeProcess plan(Map<String, String> variables) throws IOException {
    return start(Map.of(), variables, List.of("plan", recipe()));
  }

  private String recipe() {
    return models.child("recipe.yml").path();
  }

  private MergeProcess start(
      Map<String, String> properties, Map<String, String> variables, List<String> command)
      throws IOException {
    Map<String, String> all = new TreeMap<>(properties);
    server.entries().forEach((name, value) -> all.put("spark.hadoop." + name, value));
    List<String> words = new ArrayList<>(command);
    words.addAll(SETTINGS);
    return MergeProcess.start(local, List.of(), all, variables, words);
  }

  /** A file of an output. */
  byte[] read(String name, String file) throws IOException {
    return server.read(out(name).descendant(file));
  }

  /** What a merge gives that nobody disturbs, by file. */
  Map<String, byte[]> undisturbed() throws IOException {
    if (undisturbed.isEmpty()) {
      merge(out("undisturbed")).succeeds();
      undisturbed = contents(out("undisturbed"));
      assertThat(shards()).hasSizeGreaterThan(2);
    }
    return undisturbed;
  }

  /** Names of the merged checkpoint's shards. */
  List<String> shards() throws IOException {
    return undisturbed().keySet().stream().filter(name -> name.endsWith(".safetensors")).toList();
  }

  private Map<String, byte[]> contents(Location folder) throws IOException {
    Map<String, byte[]> contents = new TreeMap<>();
    for (String path : server.objectsBelow(folder)) {
      String name = path.substring(folder.path().length() + 1); // with folders below
      contents.put(name, server.read(new Location(path)));
    }
    return contents;
  }

  /** The output is whole, and nothing is left beside it. */
  void assertWhole(String name) throws IOException {
    Map<String, byte[]> expected = undisturbed();
    Map<String, byte[]> contents = contents(out(name));
    assertThat(contents.keySet()).isEqualTo(expected.keySet());
    expected.forEach((file, bytes) -> assertThat(contents.get(file)).as(file).isEqualTo(bytes));
    assertNothingBeside(name);
  }

  /** There is no output, and nothing is left of the merge. */
  void assertNothing(String name) {
    assertThat(server.objectsBelow(out(name))).isEmpty();
    assertNothingBeside(name);
  }

  private void assertNothingBeside(String name) {
    assertThat(server.uploadsBelow(server.root())).isEmpty();
    assertThat(server.objectsBelow(outputs)).noneMatch(path -> path.contains("." + name + "."));
  }

  @Override
  public void close() throws IOException {
    server.entries().keySet().forEach(name -> System.clearProperty("spark.hadoop." + name));
    server.close();
  }
}
