package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.Sha256;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Digests of a merged checkpoint, found while it is verified. */
class VerifyDigestsTest {
  @TempDir private Path folder;
  private Path merged;

  @BeforeEach
  void merge() throws IOException {
    Path model =
        ModelFolder.at(folder.resolve("a"))
            .file("config.json", "{\"num_hidden_layers\": 1}")
            .file("tokenizer.json", "{\"model\": {}}")
            .file("additional_chat_templates/tool.jinja", "{{ tools }}")
            .bfloats("model.layers.0.w", 1, 300, 500)
            .bfloats("model.layers.0.v", 2, 70, 90)
            .bfloats("model.norm", 3, 900)
            .write();
    Path recipe =
        Files.writeString(
            folder.resolve("recipe.yml"),
            "merge_method: linear\nmodels:\n- {model: %s, parameters: {weight: 1}}\n"
                .formatted(model));
    merged = folder.resolve("merged");
    CommandLineRun.of("merge", recipe, merged, "--set", "shard-size=100KiB").succeeds();
  }

  private static Map<String, String> lines(String text) {
    return text.lines()
        .collect(
            Collectors.toMap(
                line -> line.substring(66),
                line -> line.substring(0, 64),
                (a, b) -> a,
                TreeMap::new));
  }

  private Map<String, String> digests() throws IOException {
    Map<String, String> digests = new TreeMap<>();
    try (Stream<Path> files = Files.walk(merged)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        digests.put(
            merged.relativize(file).toString(),
            Sha256.of(ByteBuffer.wrap(Files.readAllBytes(file))));
      }
    }
    return digests;
  }

  @Test
  void areThoseOfAllFiles() throws IOException {
    CommandLineRun run = CommandLineRun.of("verify", merged, "--sha256").succeeds();

    assertThat(lines(run.out())).isEqualTo(digests());
    assertThat(digests()).hasSizeGreaterThan(8); // several shards and a report among them
    assertThat(run.err()).contains(merged + " is as it was made: 3 tensors");
  }

  @Test
  void areNotLookedForUnlessAsked() {
    CommandLineRun run = CommandLineRun.of("verify", merged).succeeds();

    assertThat(run.out()).contains("is as it was made").doesNotContain("  model");
  }

  @Test
  void aDamagedTensorIsFoundInTheSameReading() throws IOException {
    Path shard;
    try (Stream<Path> files = Files.list(merged)) {
      shard = files.filter(file -> file.toString().contains("00001-of")).findFirst().orElseThrow();
    }
    try (RandomAccessFile file = new RandomAccessFile(shard.toFile(), "rw")) {
      long place = file.length() - 3;
      file.seek(place);
      int before = file.read();
      file.seek(place);
      file.write(before ^ 1);
    }
    CommandLineRun run = CommandLineRun.of("verify", merged, "--sha256");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("was changed or damaged: checksum");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void aListedFileThatIsGoneIsMissing() throws IOException {
    Files.delete(merged.resolve("tokenizer.json"));
    CommandLineRun run = CommandLineRun.of("verify", merged, "--sha256");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("tokenizer.json is missing");
  }

  @Test
  void aCopyIsComparedWithTheDigestsThatWereWrittenDown() throws IOException {
    Path copy = folder.resolve("copy");
    CommandLineRun.of("fetch", merged, copy).succeeds();
    CommandLineRun.of("verify", copy, "--sha256").succeeds();
    Files.writeString(copy.resolve("tokenizer.json"), "{\"model\": {}} ");

    CommandLineRun run = CommandLineRun.of("verify", copy, "--sha256");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("tokenizer.json was changed or damaged: SHA-256");
  }
}
