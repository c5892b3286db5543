package dev.stockpot.merge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What scripts and shells hold on to: pipes, homes, exit codes, completion, the manual. */
class ScriptingTest {
  private static final String RECIPE =
      """
      merge_method: linear
      models:
        - model: %s/a
          parameters: {weight: 0.5}
        - model: %s/b
          parameters: {weight: 0.5}
      """;

  @TempDir private Path folder;

  private String recipe(String root) throws IOException {
    ModelFolder.at(folder.resolve("a")).floats("norm.weight", 1, 2, 3).write();
    ModelFolder.at(folder.resolve("b")).floats("norm.weight", 3, 2, 1).write();
    return RECIPE.formatted(root, root);
  }

  private static CommandLineRun piped(String text, Object... words) {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(text.getBytes(UTF_8)));
    try {
      return CommandLineRun.of(words);
    } finally {
      System.setIn(before);
    }
  }

  private CommandLineRun atHome(Object... words) {
    String before = System.getProperty("user.home");
    System.setProperty("user.home", folder.toString());
    try {
      return CommandLineRun.of(words);
    } finally {
      System.setProperty("user.home", before);
    }
  }

  @Test
  void aPlanOfStandardInputIsThatOfTheFile() throws IOException {
    String recipe = recipe(folder.toString());
    Path file = Files.writeString(folder.resolve("linear.yml"), recipe);

    CommandLineRun plan = piped(recipe, "plan", "-").succeeds();

    assertThat(plan.out()).isEqualTo(CommandLineRun.of("plan", file).succeeds().out());
    assertThat(plan.out()).contains("Method   linear");
  }

  @Test
  void problemsInAPipeHaveTheirLines() {
    CommandLineRun plan = piped("merge_method: linaer\nmodels: []\n", "plan", "-");

    assertThat(plan.exitCode()).isEqualTo(2);
    assertThat(plan.err()).contains("recipe:1").contains("linear").doesNotContain("\tat ");
  }

  @Test
  void aHomeIsMeantInRecipesSettingsAndWords() throws IOException {
    Files.writeString(folder.resolve("linear.yml"), recipe("~"));
    Files.writeString(folder.resolve("more.conf"), "stockpot { seed = 3 }\n");
    Files.writeString(folder.resolve("bare.yml"), recipe("").replace("/", ""));

    CommandLineRun plan = atHome("plan", "~/linear.yml", "--settings", "~/more.conf").succeeds();
    CommandLineRun rooted = atHome("plan", "~/bare.yml", "--set", "model-root=~").succeeds();

    assertThat(plan.out()).contains("Model    %s/a: 1 tensor".formatted(folder));
    assertThat(rooted.out()).contains("Model    %s/a: 1 tensor".formatted(folder));
    assertThat(atHome("inspect", "~/a").succeeds().out()).contains("norm.weight");
  }

  @ParameterizedTest
  @CsvSource({
    "0, methods linear",
    "0, --version",
    "0, plan --help",
    "1, inspect nothing/is/here",
    "1, verify nothing/is/here",
    "1, plan nothing/is/here.yml",
    "2, plan",
    "2, plan a.yml --set",
    "2, frobnicate",
    "2, methods no_such_method",
  })
  void exitCodesSayWhatKindOfEndItWas(int code, String words) {
    CommandLineRun run = CommandLineRun.of((Object[]) words.split(" "));

    assertThat(run.exitCode()).as(run.err()).isEqualTo(code);
    assertThat(run.err().isBlank()).as(run.err()).isEqualTo(code == 0);
    assertThat(run.err()).doesNotContain("\tat ");
  }

  @Test
  void exitCodesAreThoseOfTheDocument() throws IOException {
    List<String> listed =
        CommandLineRun.of("--help")
            .succeeds()
            .out()
            .lines()
            .dropWhile(line -> !line.startsWith("Exit codes:"))
            .skip(1)
            .map(line -> line.strip().split(" {2,}", 2)[0])
            .filter(code -> !code.isEmpty())
            .toList();
    String document = Files.readString(Path.of("../docs/command.md"));

    assertThat(listed).isNotEmpty();
    assertThat(listed).allSatisfy(code -> assertThat(document).contains("| " + code + " |"));
  }

  @Test
  void completionKnowsEveryCommandAndItsOptions() {
    String script = CommandLineRun.of("generate-completion").succeeds().out();

    assertThat(script).contains("complete -F _complete_stockpot");
    for (String word : List.of("merge", "plan", "verify", "doctor", "--overwrite", "--resume")) {
      assertThat(script).contains(word);
    }
  }

  @Test
  void theManualHasWhatEveryCommandSaysOfItself() {
    String page = CommandLineRun.of("man").succeeds().out();

    assertThat(page).startsWith(".TH STOCKPOT 1 ");
    for (String command : List.of("merge", "plan", "extract", "statistics", "doctor")) {
      String usage = CommandLineRun.of(command, "--help").succeeds().out();
      String first = usage.lines().findFirst().orElseThrow().split(" \\[")[0];
      assertThat(page).contains(".SH " + command.toUpperCase(java.util.Locale.ROOT));
      assertThat(page).contains(ManCommand.escaped(first));
    }
    assertThat(page).contains("Exit codes:");
  }

  @Test
  void noLineOfTheManualIsTakenForARequest() {
    Stream<String> lines = CommandLineRun.of("man").succeeds().out().lines();
    Pattern request = Pattern.compile("\\.(TH|SH|nf|fi)( .*)?");

    assertThat(lines)
        .allSatisfy(
            line -> {
              assertThat(line.startsWith("'")).as(line).isFalse();
              assertThat(!line.startsWith(".") || request.matcher(line).matches())
                  .as(line)
                  .isTrue();
            });
    assertThat(ManCommand.escaped(".hidden -x \\n")).isEqualTo("\\&.hidden \\-x \\en");
    assertThat(ManCommand.escaped("'t")).isEqualTo("\\&'t");
  }
}
