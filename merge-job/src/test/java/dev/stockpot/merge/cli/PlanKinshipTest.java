package dev.stockpot.merge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How models of a recipe are related, before they are merged. */
class PlanKinshipTest {
  @TempDir private Path folder;

  @BeforeEach
  void writeModels() throws IOException {
    write("a", 1);
    write("again", 1);
    write("other", 2);
  }

  private void write(String name, long seed) throws IOException {
    Random random = new Random(seed);
    float[] drawn = new float[40 * 30];
    for (int i = 0; i < drawn.length; i++) {
      drawn[i] = (float) random.nextGaussian();
    }
    ModelFolder.at(folder.resolve(name)).matrix("0.weight", drawn, 40, 30).write();
  }

  private CommandLineRun plan(String recipe, String... more) throws IOException {
    Object[] words = new Object[4 + more.length];
    words[0] = "plan";
    words[1] = Files.writeString(folder.resolve("plan.yml"), recipe);
    words[2] = "--set";
    words[3] = "model-root=" + folder;
    System.arraycopy(more, 0, words, 4, more.length);
    return CommandLineRun.of(words);
  }

  private static String soup(String one, String other) {
    return "merge_method: linear\nmodels: [{model: %s}, {model: %s}]\nparameters: {weight: 1}\n"
        .formatted(one, other);
  }

  @Test
  void isToldBehindThePlanWhereItIsAskedFor() throws IOException {
    String told = plan(soup("a", "other"), "--kinship").succeeds().out();
    assertThat(told)
        .contains("Method   linear", "a and other", "They were trained apart")
        .contains("To do: a plain average is worth nothing");
    assertThat(told.indexOf("Method")).isLessThan(told.indexOf("a and other"));
    assertThat(plan(soup("a", "other")).succeeds().out()).doesNotContain("trained apart");
  }

  @Test
  void theBaseOfARecipeIsTheirs() throws IOException {
    String recipe =
        """
        merge_method: task_arithmetic
        base_model: a
        models:
          - {model: other, parameters: {weight: 1}}
        """;
    assertThat(plan(recipe, "--kinship").succeeds().out())
        .contains("a is not the base of other: they were trained apart");
  }

  @Test
  void programsReadItToo() throws IOException, JsonException {
    String line = plan(soup("a", "again"), "--kinship", "--json").succeeds().out();
    JsonObject kinship =
        Json.parse(line.getBytes(UTF_8)).object().orElseThrow().object("kinship").orElseThrow();
    assertThat(kinship.toString()).contains("same");
    String plain = plan(soup("a", "again"), "--json").succeeds().out();
    assertThat(Json.parse(plain.getBytes(UTF_8)).object().orElseThrow().object("kinship"))
        .isEmpty();
  }

  @Test
  void oneModelHasNoKin() throws IOException {
    CommandLineRun run = plan("merge_method: passthrough\nmodels: [{model: a}]\n", "--kinship");
    assertThat(run.exitCode()).isNotZero();
    assertThat(run.err()).contains("names [a], and two or more can be related");
  }
}
