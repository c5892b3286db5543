package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.cli.CommandSequence.Step;
import dev.stockpot.merge.cli.CommandSequence.Verb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.AfterTry;

/**
 * No sequence of commands removes or changes a file that Stockpot did not write. A sequence that
 * does is shrunk to its fewest commands.
 */
class NothingIsLostPropertyTest {
  private static final AtomicInteger SUCCEEDED = new AtomicInteger();

  private Path folder;

  @Provide
  Arbitrary<List<Step>> sequences() {
    Arbitrary<Verb> verbs =
        Arbitraries.frequency(
            Tuple.of(4, Verb.MERGE),
            Tuple.of(3, Verb.WRITE),
            Tuple.of(1, Verb.DISCARD),
            Tuple.of(2, Verb.DIFF));
    return Combinators.combine(
            verbs,
            Arbitraries.of(CommandSequence.FOLDERS),
            Arbitraries.of(CommandSequence.NAMES),
            Arbitraries.of(CommandSequence.RECIPES),
            Arbitraries.of(CommandSequence.WISHES))
        .as(Step::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(14);
  }

  @Property(tries = 8, edgeCases = EdgeCasesMode.NONE)
  void nothingIsLostOnThisMachine(@ForAll("sequences") List<Step> steps) throws IOException {
    folder = Files.createTempDirectory("nothing-is-lost").toRealPath();
    CommandSequence sequence =
        new CommandSequence(
            new CommandSequence.Folder(folder.resolve("disk")), folder.resolve("scratch"));
    for (Step step : steps) {
      sequence.go(step);
    }
    SUCCEEDED.addAndGet(sequence.succeeded());
  }

  @AfterTry
  void removeFolder() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @AfterContainer
  static void someOfTheCommandsDidSomething() {
    assertThat(SUCCEEDED.get()).isPositive();
  }
}
