package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.spark.frames.FrameSession;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.hadoop.S3Server;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables on an object store give the bytes that they give in folders, and nothing else is left. */
class PredictionsOnS3Test {
  private static final List<String> TABLES = List.of("a", "b", "c");

  @TempDir private static Path local;
  private static S3Server server;
  private static Location remote;
  private static FrameSession spark;

  @BeforeAll
  static void start() throws Exception {
    server = new S3Server();
    remote = server.root().child("valid");
    server.entries().forEach((name, value) -> System.setProperty("spark.hadoop." + name, value));
    spark = FrameSession.ofSmallTables(/* hasKryo= */ true, server.entries());
    for (String name : TABLES) {
      String file = name + ".csv";
      try (InputStream table =
          PredictionsOnS3Test.class.getResourceAsStream("/dev/stockpot/merge/predict/" + file)) {
        Files.copy(table, local.resolve(file));
        server.write(remote.child(file), Files.readAllBytes(local.resolve(file)));
      }
    }
    ModelFolder.at(local.resolve("model"))
        .file("config.json", "{\"model_type\": \"bert\"}")
        .matrix("bert.pooler.weight", new float[] {1, 2, 3, 4}, 2, 2)
        .matrix("classifier.weight", new float[] {1, -2, 3, 5}, 2, 2)
        .write();
    for (String file : List.of("config.json", "model.safetensors")) {
      server.write(
          remote.child("model").child(file),
          Files.readAllBytes(local.resolve("model").resolve(file)));
    }
  }

  @AfterAll
  static void stop() throws IOException {
    spark.close();
    server.entries().keySet().forEach(name -> System.clearProperty("spark.hadoop." + name));
    server.close();
  }

  /** Does the same with what lies in the local folder and on the store. */
  private static void bothWays(String command, List<String> tables, String... more)
      throws IOException {
    run(command, local.toString(), tables, more).succeeds();
    CommandLineRun run = run(command, remote.path(), tables, more).succeeds();
    assertThat(run.out()).contains("Report   " + remote.path() + "/" + command + "/report");
    assertSame(command);
    assertThat(server.uploadsBelow(server.root())).isEmpty();
    assertThat(server.objectsBelow(remote)).noneMatch(path -> path.contains("unfinished"));
  }

  private static CommandLineRun run(
      String command, String at, List<String> tables, String... more) {
    List<String> words = new ArrayList<>(List.of(command));
    tables.forEach(table -> words.add(at + "/" + table + ".csv"));
    words.addAll(List.of("--scores", "logits", "--output", at + "/" + command));
    Stream.of(more).forEach(word -> words.add(word.replaceFirst("^AT/", at + "/")));
    return CommandLineRun.of(words.toArray());
  }

  /** The same files; those that tell of folders and times need only be there. */
  private static void assertSame(String output) throws IOException {
    Path here = local.resolve(output);
    List<String> files;
    try (Stream<Path> all = Files.walk(here)) {
      files =
          all.filter(Files::isRegularFile)
              .map(file -> here.relativize(file).toString().replace('\\', '/'))
              .sorted()
              .toList();
    }
    Location there = remote.child(output);
    assertThat(server.objectsBelow(there))
        .containsExactlyElementsOf(files.stream().map(file -> there.path() + "/" + file).toList());
    for (String file : files) {
      if (!file.matches("stockpot-manifest.json|README.md|report/.*")) {
        assertThat(server.read(there.descendant(file)))
            .as(file)
            .isEqualTo(Files.readAllBytes(here.resolve(file)));
      }
    }
  }

  @Test
  void ensemblesAreTheSame() throws IOException {
    bothWays("ensemble", TABLES, "--by", "stacking", "--bootstrap", "0");
  }

  @Test
  void temperaturesAreFoundAndFoldedFromStoreToStore() throws IOException {
    bothWays(
        "calibrate",
        List.of("a"),
        "--bootstrap",
        "0",
        "--model",
        "AT/model",
        "--folded",
        "AT/folded");
    assertSame("folded");
    String folded = remote.child("folded").path();
    assertThat(CommandLineRun.of("verify", folded).succeeds().exitCode()).isZero();
  }

  @Test
  void softLabelsAreTheSame() throws IOException {
    bothWays("teach", TABLES, "--temperature", "2", "--top-k", "3");
  }

  @Test
  void aTableThatIsNotThereIsNamed() {
    CommandLineRun run = run("ensemble", remote.path(), List.of("a", "x"));
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .contains(remote.path() + "/x.csv): there is no file and no folder of that name");
  }
}
