package dev.stockpot.merge.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.Scratch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs({OS.LINUX, OS.MAC})
class CommandEvaluatorTest {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Candidate CANDIDATE =
      new Candidate("c1", "/models/soup", List.of("a", "b"), "merge_method: linear", 9);

  @TempDir private Path folder;

  private static CommandEvaluator shell(String script, Duration timeout, String... results) {
    return new CommandEvaluator(
        List.of("sh", "-c", script, "{model}", "{output}", "{candidate}", "{seed}"),
        results.length == 0 ? Optional.empty() : Optional.of(results[0]),
        timeout,
        "",
        Errands.HERE);
  }

  private static double score(CommandEvaluator evaluator)
      throws EvaluationException, InterruptedException {
    return evaluator.evaluate(CANDIDATE).values().iterator().next().value();
  }

  @Test
  void fillsInWhatItIsAskedAbout() throws Exception {
    Path seen = folder.resolve("seen");
    score(
        shell(
            "echo $0 $2 $3 $STOCKPOT_MODEL $STOCKPOT_CANDIDATE $STOCKPOT_SEED > %s; test -d $1; echo 1"
                .formatted(seen),
            LONG));
    assertThat(seen).hasContent("/models/soup c1 9 /models/soup c1 9");
  }

  /** A driver that is killed cannot remove it. */
  @Test
  void whatItWritesLiesWhereTheNextProcessCleansUp() throws Exception {
    Path seen = folder.resolve("seen");
    score(shell("echo $1 > %s; echo 1".formatted(seen), LONG));
    Path output = Path.of(Files.readString(seen).strip());
    assertThat(output).startsWithRaw(Scratch.folder().orElseThrow());
    assertThat(output.getParent()).doesNotExist();
  }

  @Test
  void isToldOnHowManyExamplesItEvaluates() throws Exception {
    CommandEvaluator evaluator =
        new CommandEvaluator(
            List.of("sh", "-c", "echo $0$STOCKPOT_BUDGET", "{budget}"),
            Optional.empty(),
            LONG,
            "",
            Errands.HERE);
    Candidate few =
        new Candidate("c1", "/models/soup", List.of(), Candidate.Mix.UNKNOWN, "", 9, 50);
    assertThat(evaluator.evaluate(few).values().iterator().next().value()).isEqualTo(5050);
    assertThat(evaluator.heedsBudget()).isTrue();
    assertThat(shell("echo 1", LONG).heedsBudget()).isFalse();
    assertThat(new OnExecutors(evaluator, false).heedsBudget()).isTrue();
  }

  @Test
  void theLastLineCounts() throws Exception {
    assertThat(score(shell("echo 0.1; echo 0.75; echo; echo oh >&2", LONG))).isEqualTo(.75);
  }

  @Test
  void aFileOfResultsIsFoundByItsPattern() throws Exception {
    String script = "mkdir -p $1/m; echo '{\"acc\": 0.5}' > $1/m/results_1.json; echo 9";
    assertThat(score(shell(script, LONG, "**/results_*.json"))).isEqualTo(.5);
  }

  @Test
  void endingWellWithoutResultsIsAFailure() {
    assertThatThrownBy(() -> score(shell("echo 0.5", LONG, "*.json")))
        .isInstanceOf(EvaluationException.class)
        .hasMessage(
            "it ended well, but wrote no *.json into {output}; see that it does, or mend"
                + " `results`");
  }

  @Test
  void twoFilesOfResultsAreOneTooMany() {
    assertThatThrownBy(() -> score(shell("echo 1 > $1/a.json; echo 2 > $1/b.json", LONG, "*.json")))
        .hasMessageContaining("2 files that are *.json: [a.json, b.json]");
  }

  @Test
  void anErrorIsToldWithItsLastWords() {
    assertThatThrownBy(() -> score(shell("echo 0.5; echo out of memory >&2; exit 3", LONG)))
        .hasMessage("it ended with code 3:\n    out of memory");
    assertThatThrownBy(() -> score(shell("exit 1", LONG)))
        .hasMessage("it ended with code 1 and said nothing");
  }

  @Test
  void printingNothingOrNoNumberIsAFailure() {
    assertThatThrownBy(() -> score(shell("true", LONG))).hasMessageContaining("printed nothing");
    assertThatThrownBy(() -> score(shell("echo nan", LONG))).hasMessageContaining("must be finite");
    assertThatThrownBy(() -> score(shell("echo fine", LONG))).hasMessageContaining("'fine'");
  }

  @Test
  void aCommandThatIsNotThereIsNamed() {
    CommandEvaluator evaluator =
        new CommandEvaluator(
            List.of("no-such-command-of-ours"), Optional.empty(), LONG, "", Errands.HERE);
    assertThatThrownBy(() -> score(evaluator))
        .isInstanceOf(EvaluationException.class)
        .hasMessageStartingWith("no-such-command-of-ours cannot be run");
  }

  @Test
  void oneThatHangsIsEndedWithAllThatItStarted() throws IOException {
    Path pid = folder.resolve("pid");
    String script = "sleep 600 & echo $! > %s; wait".formatted(pid);
    assertThatThrownBy(() -> score(shell(script, Duration.ofSeconds(1))))
        .hasMessage("it was still at work after 1 s; give it more by `timeout`");
    assertThat(isAlive(pid)).isFalse();
  }

  @Test
  void oneThatNobodyNeedsAnyMoreIsEnded() throws Exception {
    Path pid = folder.resolve("pid");
    CountDownLatch over = new CountDownLatch(1);
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread asking =
        new Thread(
            () -> {
              try {
                score(
                    shell(
                        "sleep 600 & echo $! > %s; mv %s %s.there; wait".formatted(pid, pid, pid),
                        LONG));
              } catch (EvaluationException | InterruptedException e) {
                thrown.set(e);
              }
              over.countDown();
            });
    asking.start();
    Path there = Path.of(pid + ".there");
    while (!Files.exists(there)) {
      Thread.onSpinWait();
    }
    asking.interrupt();
    over.await();
    assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    assertThat(isAlive(there)).isFalse();
  }

  private static boolean isAlive(Path pid) throws IOException {
    long number = Long.parseLong(Files.readString(pid).strip());
    return ProcessHandle.of(number).filter(ProcessHandle::isAlive).isPresent();
  }

  @Test
  void standardInputIsEmptySoNobodyWaitsForIt() throws Exception {
    assertThat(score(shell("cat; echo 2", LONG))).isEqualTo(2);
  }

  @Test
  void differsFromAnotherCommandOrVersion() {
    CommandEvaluator one =
        new CommandEvaluator(List.of("a"), Optional.empty(), LONG, "1", Errands.HERE);
    assertThat(
            new CommandEvaluator(List.of("a"), Optional.empty(), LONG, "2", Errands.HERE)
                .identity())
        .isNotEqualTo(one.identity());
    assertThat(
            new CommandEvaluator(List.of("b"), Optional.empty(), LONG, "1", Errands.HERE)
                .identity())
        .isNotEqualTo(one.identity());
    assertThat(
            new CommandEvaluator(
                    List.of("a"), Optional.empty(), Duration.ofHours(2), "1", Errands.HERE)
                .identity())
        .isEqualTo(one.identity());
  }
}
