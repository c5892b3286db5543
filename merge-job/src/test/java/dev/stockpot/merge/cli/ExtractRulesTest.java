package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How much an adapter keeps, and what none can hold. */
class ExtractRulesTest extends ExtractCases {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "energy 0.5 | 3",
        "error 0.9 | 1",
        "threshold 1000 | 0",
      })
  void ranksFollowTheRule(String rule, int most) throws IOException {
    Path tuned = model("tuned", true).write();
    String[] words = rule.split(" ", -1);
    CommandLineRun run = extract(tuned, "--" + words[0], words[1]);
    if (most == 0) {
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.err()).contains("There is no adapter to be made of").contains(Q + ".weight");
      assertThat(out()).doesNotExist();
    } else {
      run.succeeds();
      assertThat(new WrittenPairs(out()).rank(Q)).isBetween(1, most);
    }
  }

  @Test
  void refusesAFineTuneThatIsItsBase() throws IOException {
    Path same = model("same", false).write();
    CommandLineRun run = extract(same);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .contains("There is no adapter to be made of %s: nothing differs".formatted(base));
    assertThat(out()).doesNotExist();
  }

  @Test
  void refusesWhatAnAdapterCannotHoldWithNames() throws IOException {
    Path other =
        ModelFolder.at(folder.resolve("other"))
            .matrix("model.embed_tokens.weight", numbers("e", true, 11 * D), 11, D)
            .matrix(Q + ".weight", numbers("q", true, D * D), D, D)
            .matrix("model.extra.weight", numbers("x", true, D), D)
            .write();
    CommandLineRun run = extract(other);
    assertThat(run.exitCode()).isNotZero();
    assertThat(run.err())
        .contains("model.extra.weight: the base has none of them, and an adapter adds no tensor")
        .contains(
            "model.embed_tokens.weight: their shapes differ from the base's ([9, 12] there, [11, 12] in the merge)")
        .contains("lm_head.weight")
        .contains("the merge has none of them, and an adapter takes no tensor away");
  }

  @Test
  void saysHowMuchMemoryAMatrixTakes() throws IOException {
    base = ModelFolder.at(folder.resolve("wide")).filled("w.weight", 1, 200, 300).write();
    Path tuned = ModelFolder.at(folder.resolve("wider")).filled("w.weight", 2, 200, 300).write();
    CommandLineRun run = extract(tuned, "--set", "task-memory=1MiB");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .containsPattern("w: its change as a matrix takes \\d+ bytes, more than a task's 1048576")
        .contains("raise task-memory");
    Matcher enough = Pattern.compile("--set (task-memory=\\d+MiB) is enough").matcher(run.err());
    assertThat(enough.find()).isTrue();
    extract(tuned, "--set", enough.group(1)).succeeds();
  }
}
