package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.cli.CommandSequence.Step;
import dev.stockpot.merge.cli.CommandSequence.Verb;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.hadoop.S3Server;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sequences of commands on S3, as {@link NothingIsLostPropertyTest} has them on this machine. */
class NothingIsLostTest {
  private static final int COMMANDS = 8;

  private static final List<Verb> VERBS =
      List.of(
          Verb.WRITE,
          Verb.WRITE,
          Verb.WRITE,
          Verb.MERGE,
          Verb.MERGE,
          Verb.MERGE,
          Verb.MERGE,
          Verb.DISCARD,
          Verb.DIFF,
          Verb.DIFF);

  private record Bucket(S3Server server, Location root) implements CommandSequence.Disk {
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

  private static <T> T any(Random random, List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12})
  void onS3(long seed, @TempDir Path models) throws Exception {
    Random random = new Random(seed);
    try (S3Server server = new S3Server()) {
      server.entries().forEach((name, value) -> System.setProperty("spark.hadoop." + name, value));
      CommandSequence sequence =
          new CommandSequence(new Bucket(server, server.root().child("all")), models);
      for (int i = 0; i < COMMANDS; i++) {
        sequence.go(
            new Step(
                any(random, VERBS),
                any(random, CommandSequence.FOLDERS),
                any(random, CommandSequence.NAMES),
                any(random, CommandSequence.RECIPES),
                any(random, CommandSequence.WISHES)));
      }
      assertThat(sequence.succeeded()).isPositive();
    } finally {
      System.getProperties().stringPropertyNames().stream()
          .filter(name -> name.startsWith("spark.hadoop."))
          .forEach(System::clearProperty);
    }
  }
}
