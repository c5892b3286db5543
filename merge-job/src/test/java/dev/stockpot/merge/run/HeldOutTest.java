package dev.stockpot.merge.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What is said of gains: their errors, whether they may be luck, and scores that nothing was chosen
 * by.
 */
class HeldOutTest extends TrialMerges {
  /** A command whose score hangs on how many models are in the candidate, with an error. */
  private static String command(double alone, double soup, double error) {
    return "command: [sh, -c, 'case $0 in */m[0-9]) s=%s;; *) s=%s;; esac; echo \"{\\\"acc\\\": $s, \\\"acc_stderr\\\": %s}\"', '{model}']\n  metric: acc\n  direction: max\n"
        .formatted(alone, soup, error);
  }

  private String soup(String evaluate, String test) {
    StringBuilder recipe = new StringBuilder("soup: greedy\nmodels:\n");
    for (int i = 0; i < 3; i++) {
      recipe.append("  - model: %s\n".formatted(model(i)));
    }
    recipe.append("dtype: bfloat16\nevaluate:\n  ").append(evaluate);
    return test.isEmpty() ? recipe.toString() : recipe + "test:\n  " + test;
  }

  @Test
  void eachGainStandsBesideItsError() throws Exception {
    merge(soup(command(0.7, 0.8, 0.03), ""), "out", MergeOptions.DEFAULT);
    Tried first = tried.get(0);
    assertThat(first.gain()).isEmpty();
    Tried pair = tried.get(3);
    assertThat(pair.gain().orElseThrow().toString()).isEqualTo("+0.1000 ± 0.042");
    JsonObject row = manifest("out").object("chosen").orElseThrow().objects("trials").get(3);
    assertThat(row.get("gain").orElseThrow().number().orElseThrow()).isBetween(0.0999, 0.1001);
    assertThat(row.get("gain_stderr").orElseThrow().number().orElseThrow()).isBetween(0.042, 0.043);
    assertThat(notices).noneMatch(notice -> notice.contains("within its standard error"));
  }

  @Test
  void aGainWithinItsErrorIsAWarning() {
    merge(soup(command(0.79, 0.8, 0.03), ""), "out", MergeOptions.DEFAULT);
    assertThat(notices)
        .anyMatch(
            notice ->
                notice.contains("+0.01000 ± 0.042, is within its standard error")
                    && notice.contains("the best of 5 candidates is better by luck alone"));
  }

  @Test
  void theBestAloneIsNoGain() {
    merge(soup(command(0.8, 0.7, 0.5), ""), "out", MergeOptions.DEFAULT);
    assertThat(notices).noneMatch(notice -> notice.contains("standard error"));
  }

  @Test
  void aTestIsAskedOnceForTheChoiceAndForTheBestAlone() throws Exception {
    String recipe =
        soup(command(0.7, 0.8, 0.01), "http: '%s'\n  direction: max\n".formatted(judge.address()));
    merge(recipe, "out", MergeOptions.DEFAULT);
    assertThat(judge.asked()).hasSize(2);
    assertThat(judge.asked().get(0).text("model")).isEqualTo(model(0).toString());
    assertThat(judge.asked().get(1).text("recipe")).isEqualTo(manifest("out").text("recipe"));
    List<JsonObject> tests = manifest("out").object("chosen").orElseThrow().objects("tests");
    assertThat(tests).hasSize(2);
    assertThat(tests.get(1).text("candidate")).isEqualTo(judge.asked().get(1).text("candidate"));
    assertThat(notices).filteredOn(notice -> notice.startsWith("test: ")).hasSize(2);
    assertThat(whatLiesThere()).containsExactly("m0", "m1", "m2", "m3", "m4", "out");
    merge(recipe, "out", MergeOptions.DEFAULT.resuming());
    assertThat(judge.asked()).hasSize(2);
  }

  @Test
  void aTestThatFailsIsToldAndTheMergeIsMade() throws Exception {
    judge.answersOnly(0);
    merge(
        soup(command(0.7, 0.8, 0.01), "http: '%s'\n  direction: max\n".formatted(judge.address())),
        "out",
        MergeOptions.DEFAULT);
    assertThat(notices).anyMatch(notice -> notice.startsWith("test: ") && notice.contains("503"));
    assertThat(manifest("out").text("recipe")).contains("m0");
  }

  @Test
  void aTestCannotBeTold() {
    assertThatThrownBy(
            () ->
                merge(
                    soup(command(1, 1, 0), "on: nowhere\n  direction: max\n"),
                    "out",
                    MergeOptions.DEFAULT))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("`test` is asked once all is chosen, and cannot be `on: nowhere`");
  }
}
