package dev.stockpot.merge.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The corpus that fuzzing begins with, what it found, and some thousand neighbours of both, the
 * same ones every time: nothing is thrown that is no refusal.
 */
class FuzzedParsersTest {
  private static final Path CORPUS = Path.of("src/test/resources/fuzz");
  private static final int NEIGHBOURS = 1_000;

  /** What parsers stumble over. */
  private static final List<String> WORDS =
      List.of("{", "}", "[", "]", "\"", ":", ",", "\0", "\n", "-", "1e999", "99999999999999999999");

  static Stream<String> parsers() {
    return Parsers.ALL.keySet().stream();
  }

  private static List<Path> corpus(String parser) throws IOException {
    try (Stream<Path> files = Files.list(CORPUS.resolve(parser))) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("parsers")
  void takeOrRefuseWhatIsInTheCorpusAndNearIt(String name) throws IOException {
    Parsers.Parser parser = Parsers.ALL.get(name);
    List<Path> corpus = corpus(name);
    assertThat(corpus).isNotEmpty();
    Random random = new Random(name.hashCode());
    for (Path file : corpus) {
      byte[] seed = Files.readAllBytes(file);
      read(parser, seed);
      for (int i = 0; i < NEIGHBOURS / corpus.size(); i++) {
        byte[] near = seed;
        for (int step = 0; step <= i % 4; step++) {
          near = changed(near, random);
        }
        read(parser, near);
      }
    }
  }

  private static void read(Parsers.Parser parser, byte[] input) {
    assertTimeoutPreemptively(
        Duration.ofMinutes(1),
        () -> {
          try {
            parser.read(input);
          } catch (Exception | StackOverflowError e) {
            throw new AssertionError("of '%s'".formatted(new String(input, UTF_8)), e);
          }
        });
  }

  private static byte[] changed(byte[] input, Random random) {
    int at = random.nextInt(input.length + 1);
    int end = Math.min(input.length, at + random.nextInt(16));
    String before = new String(input, 0, at, ISO_8859_1);
    String cut = new String(input, at, end - at, ISO_8859_1);
    String after = new String(input, end, input.length - end, ISO_8859_1);
    String changed =
        switch (random.nextInt(6)) {
          case 0 -> before + after;
          case 1 -> before + cut + cut + after;
          case 2 -> before + WORDS.get(random.nextInt(WORDS.size())) + cut + after;
          case 3 -> before + (char) random.nextInt(256) + after;
          case 4 -> before;
          default -> before + cut.repeat(random.nextInt(40)) + after;
        };
    return changed.getBytes(ISO_8859_1);
  }

  @Test
  void everyParserHasACorpusAndEveryCorpusAParser() throws IOException {
    try (Stream<Path> folders = Files.list(CORPUS)) {
      assertThat(folders.map(folder -> folder.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(Parsers.ALL.keySet());
    }
  }
}
