package dev.stockpot.merge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A folder of small models in which somebody plans and merges. */
final class Situation {
  private final Path folder;

  Situation(Path folder) {
    this.folder = folder;
  }

  ModelFolder model(String name) throws IOException {
    return ModelFolder.at(folder.resolve(name));
  }

  Path path(String name) {
    return folder.resolve(name);
  }

  Path out() {
    return folder.resolve("out");
  }

  /** A merge of two models in equal shares; more lines may follow. */
  static String half(String a, String b) {
    return """
    merge_method: linear
    models:
    - {model: %s, parameters: {weight: 0.5}}
    - {model: %s, parameters: {weight: 0.5}}
    """
        .formatted(a, b);
  }

  CommandLineRun plan(String recipe, String... options) throws IOException {
    return run("plan", List.of(), recipe, options);
  }

  CommandLineRun merge(String recipe, String... options) throws IOException {
    return run(
        "merge",
        List.of(out().toString(), "--overwrite", "--set", "report=false"),
        recipe,
        options);
  }

  private CommandLineRun run(String verb, List<String> words, String recipe, String... options)
      throws IOException {
    Path file = Files.writeString(folder.resolve("recipe.yml"), recipe);
    return CommandLineRun.of(
        Stream.of(
                Stream.of(verb, file.toString()),
                words.stream(),
                Stream.of("--set", "model-root=" + folder),
                Stream.of(options))
            .flatMap(part -> part)
            .toArray());
  }

  /** Both verbs refuse a recipe with the same words, and nothing is written. */
  void assertRefused(int exitCode, String recipe, String message, String... options)
      throws IOException {
    CommandLineRun planned = plan(recipe, options);
    assertThat(planned.err().replace(folder + "/", "")).isEqualTo(message + "\n");
    assertThat(planned.exitCode()).isEqualTo(exitCode);
    CommandLineRun merged = merge(recipe, options);
    assertThat(merged.err()).isEqualTo(planned.err());
    assertThat(merged.exitCode()).isEqualTo(exitCode);
    assertThat(out()).doesNotExist();
  }

  /** Names of all files of the output, with the folders that they lie in. */
  List<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(out())) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> out().relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  String text(String file) throws IOException {
    return Files.readString(out().resolve(file), UTF_8);
  }

  double first(String tensor) throws IOException {
    return new Tensors(out()).values(tensor)[0];
  }
}
