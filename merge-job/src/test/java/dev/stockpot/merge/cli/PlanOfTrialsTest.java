package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What trials would cost, before anything is paid for. */
class PlanOfTrialsTest {
  @TempDir private Path folder;

  private CommandLineRun plan(String recipe) throws IOException {
    for (String model : new String[] {"a", "b"}) {
      ModelFolder.at(folder.resolve(model)).bfloats("x", 1, 500_000).write();
    }
    Path file = Files.writeString(folder.resolve("recipe.yml"), recipe);
    return CommandLineRun.of(
        "plan", file, "--set", "model-root=" + folder, "--set", "candidates=8");
  }

  @Test
  void aSearchTellsReadingsAndScratch() throws IOException {
    CommandLineRun run =
        plan("""
        merge_method: linear
        models:
          - {model: a, parameters: {weight: {range: [0, 1]}}}
          - {model: b, parameters: {weight: {range: [0, 1]}}}
        search: {strategy: random, evaluations: 20, hours: 0.5}
        evaluate: {command: [e, '{model}'], direction: max, parallel: 2}
        """)
            .succeeds();
    assertThat(run.out())
        .contains(
            "This is the plan of one candidate. Trials: up to 20 evaluations, 2 at a time, in 1800"
                + " seconds at most.",
            "Up to 8 candidates in one reading of 2.00 MB: about 3 readings, 6.00 MB; candidates"
                + " take up to 8.00 MB of scratch beside the output.");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("a", "b", "recipe.yml");
    }
  }

  @Test
  void aSoupReadsForEachCandidate() throws IOException {
    CommandLineRun run =
        plan("""
        soup: greedy
        models: [{model: a}, {model: b}]
        evaluate: {command: [e, '{model}'], direction: max}
        """)
            .succeeds();
    assertThat(run.out())
        .contains(
            "Trials: up to 3 evaluations, 1 at a time.",
            "Up to 1 candidate in one reading of 2.00 MB: about 3 readings, 6.00 MB; candidates"
                + " take up to 1.00 MB of scratch");
  }

  @Test
  void aConfigurationOfMergekitEvolveIsPlannedAsASearch() throws IOException {
    CommandLineRun run =
        plan("""
        genome:
          models: [a, b]
          merge_method: linear
        tasks: [gsm8k]
        """)
            .succeeds();
    assertThat(run.out())
        .contains(
            "Trials: up to 100 evaluations, 1 at a time.",
            "Note: ",
            "this is a configuration of mergekit-evolve",
            "gsm8k is a public test set");
  }
}
