package dev.stockpot.merge.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commands that others run: what they are sent, and what is made of what they say. */
class ErrandsOfCommandsTest {
  private static final Candidate CANDIDATE = new Candidate("c1", "/m", List.of("a"), "recipe", 9);

  private final List<CommandErrand> sent = new ArrayList<>();

  private static Evaluator command(Optional<String> results, boolean wantsGpu) {
    return Evaluators.commandOnExecutors(
        List.of("evaluate", "{model}"), results, Duration.ofMillis(1500), "2", wantsGpu);
  }

  /** A cluster on which every command says the same. */
  private Cluster saying(CommandOutput output) {
    return wantGpu ->
        errand -> {
          sent.add(errand);
          return output;
        };
  }

  @Test
  void aCommandIsSentAsItIsWithItsCandidate() throws Exception {
    Evaluator evaluator =
        command(Optional.of("*.json"), false).on(saying(new CommandOutput("", "0.5", "")));

    assertThat(evaluator.evaluate(CANDIDATE)).containsOnly(entry("score", half()));
    assertThat(sent)
        .containsExactly(
            new CommandErrand(List.of("evaluate", "{model}"), "*.json", 1500, CANDIDATE));
  }

  private static Measure half() {
    return Measure.of(0.5);
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void theClusterHearsWhetherAGpuIsNeeded(boolean wantsGpu) {
    List<Boolean> asked = new ArrayList<>();

    command(Optional.empty(), wantsGpu)
        .on(
            wants -> {
              asked.add(wants);
              return errand -> CommandOutput.failed("unused");
            });

    assertThat(asked).containsExactly(wantsGpu);
  }

  @Test
  void theNameOfTheFileSaysHowItIsRead() throws Exception {
    String csv = "acc,loss\n0.5,2\n";
    Evaluator table =
        command(Optional.empty(), false).on(saying(new CommandOutput("r.csv", csv, "")));
    Evaluator json = command(Optional.empty(), false).on(saying(new CommandOutput("r", csv, "")));

    assertThat(table.evaluate(CANDIDATE)).containsEntry("acc", half()).hasSize(2);
    assertThatThrownBy(() -> json.evaluate(CANDIDATE))
        .isInstanceOf(EvaluationException.class)
        .hasMessageStartingWith("its results are not JSON: ");
  }

  @Test
  void whatItPrintedCountsByItsLastLine() throws Exception {
    Evaluator evaluator =
        command(Optional.empty(), false).on(saying(new CommandOutput("", "1\n2\r\n\n 0.5 \n", "")));

    assertThat(evaluator.evaluate(CANDIDATE)).containsEntry("score", half());
  }

  @Test
  void aFailureIsToldInItsWordsWithoutKeys() {
    Evaluator evaluator =
        command(Optional.empty(), false)
            .on(saying(CommandOutput.failed("it ended with code 1: password=hunter2hunter2")));

    assertThatThrownBy(() -> evaluator.evaluate(CANDIDATE))
        .isInstanceOf(EvaluationException.class)
        .hasMessageStartingWith("it ended with code 1: password=")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void withoutAClusterNobodyCanBeAsked() {
    assertThatThrownBy(() -> command(Optional.empty(), true).evaluate(CANDIDATE))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("nobody said on which cluster");
  }

  /** Scores that are kept are found again wherever the command runs by now. */
  @Test
  void aScoreIsTheSameWhereverItWasFound() {
    Evaluator here =
        Evaluators.command(
            List.of("evaluate", "{model}"), Optional.empty(), Duration.ofHours(9), "2");
    Evaluator away = command(Optional.empty(), true);

    assertThat(away.identity())
        .isEqualTo(here.identity())
        .isEqualTo("command [evaluate, {model}], results , version 2");
    assertThat(away.on(saying(CommandOutput.failed("x"))).identity()).isEqualTo(here.identity());
    assertThat(here.on(saying(CommandOutput.failed("x")))).isSameAs(here);
    assertThat(command(Optional.of("*.csv"), true).identity()).isNotEqualTo(away.identity());
  }

  @Test
  void aCommandThatIsToldHowManyExamplesWantsToKnow() {
    Evaluator limited =
        Evaluators.commandOnExecutors(
            List.of("evaluate", "--limit={budget}"),
            Optional.empty(),
            Duration.ofHours(1),
            "",
            false);

    assertThat(limited.wantsBudget()).isTrue();
    assertThat(limited.heedsBudget()).isTrue();
    assertThat(command(Optional.empty(), false).wantsBudget()).isFalse();
    assertThat(command(Optional.empty(), false).heedsBudget()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"0", "-1"})
  void aCommandWithoutTimeIsNone(long millis) {
    List<String> words = List.of("true");
    Duration timeout = Duration.ofMillis(millis);

    assertThatThrownBy(() -> Evaluators.command(words, Optional.empty(), timeout, ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("command [true], timeout " + timeout);
  }

  @Test
  void aCommandWithoutWordsIsNone() {
    assertThatThrownBy(
            () -> Evaluators.command(List.of(), Optional.empty(), Duration.ofHours(1), ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("command [], timeout PT1H");
  }

  @Test
  void whoIsElsewhereIsNotAskedAndIsKnownByItsVersionAlone() {
    Evaluator unknown = Evaluators.elsewhere("");
    Evaluator known = Evaluators.elsewhere("mmlu-3");

    assertThatThrownBy(() -> known.evaluate(CANDIDATE))
        .isInstanceOf(EvaluationException.class)
        .hasMessage("nobody has told what it is worth");
    assertThat(known.identity()).isEqualTo("elsewhere, version mmlu-3");
    assertThat(unknown.identity()).isEqualTo("elsewhere");
    assertThat(known.isNamed()).isTrue();
    assertThat(unknown.isNamed()).isFalse();
    assertThat(known.isHere()).isFalse();
    assertThat(known.needsModel()).as("somebody looks at the files").isTrue();
  }
}
