package dev.stockpot.merge.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A merge has the same files whatever language the machine speaks: digits are digits. */
class LanguageOfTheMachineTest {
  private static final String RECIPE =
      """
      merge_method: ties
      base_model: base
      models: [{model: one, parameters: {weight: 0.7, density: 0.4}}, {model: two, parameters: {weight: 0.3, density: 0.5}}]
      """;

  @TempDir private Path folder;

  @BeforeEach
  void writeModels() throws IOException {
    for (String name : new String[] {"base", "one", "two"}) {
      ModelFolder.at(folder.resolve(name))
          .bfloats("a.weight", name.length(), 40, 50)
          .bfloats("b.weight", name.hashCode() % 7, 40, 50)
          .write();
    }
  }

  private CommandLineRun merge(String output) throws IOException {
    Path recipe = Files.writeString(folder.resolve("recipe.yml"), RECIPE);
    return CommandLineRun.of(
            "merge",
            recipe,
            folder.resolve(output),
            "--set",
            "model-root=" + folder,
            "--shard-size",
            "5kB")
        .succeeds();
  }

  private Map<String, String> files(String output) throws IOException {
    Path root = folder.resolve(output);
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(root)) {
      for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
        files.put(root.relativize(file).toString(), Files.readString(file, ISO_8859_1));
      }
    }
    return files;
  }

  private static <T> T in(String language, Callable<T> work) throws Exception {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag(language));
    try {
      return work.call();
    } finally {
      Locale.setDefault(before);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"fa-IR", "de-DE"})
  void filesAndTheirNamesAreTheSame(String language) throws Exception {
    merge("plain");
    CommandLineRun run = in(language, () -> merge("other"));

    Map<String, String> plain = files("plain");
    assertThat(plain)
        .containsKeys("model-00001-of-00002.safetensors", "README.md", "report/report.html");
    assertThat(files("other")).isEqualTo(plain);
    assertThat(run.out() + run.err()).doesNotContainPattern("[\\u0660-\\u0669\\u06f0-\\u06f9]");
    CommandLineRun verified =
        in(language, () -> CommandLineRun.of("verify", folder.resolve("other")));
    assertThat(verified.succeeds().out()).contains("2 tensors");
  }
}
