package dev.stockpot.merge.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A hunt: keys and tokens of all kinds are planted where people leave them, every command runs,
 * well and badly, and nothing that is said or written holds one of them.
 */
class SecretsHuntTest {
  private static final String KEY_ID = "AKIAIOSFODNN7PLANTED";
  private static final String KEY = "wJalrXUtnFEMIK7MDENGplanted";
  private static final String HUB = "hf_plantedPLANTEDplantedPLANTEDplanted";
  private static final String BEARER = "plantedBearer0123456789";
  private static final String SIGNATURE = "plantedsignature0123456789abcdef";
  private static final List<String> PLANTED = List.of(KEY_ID, KEY, HUB, BEARER, SIGNATURE);
  private static final String COMMENT =
      """
      # aws_access_key_id = %s
      # aws_secret_access_key = %s
      # https://me:%s@host/x, https://cdn/x?X-Amz-Signature=%s&X-Amz-Credential=%s
      # HF_TOKEN: %s
      """
          .formatted(KEY_ID, KEY, KEY, SIGNATURE, KEY_ID, HUB);

  @TempDir private Path folder;
  private final List<CommandLineRun> runs = new ArrayList<>();
  private Path merge;
  private Path soup;

  @BeforeEach
  void plant() throws IOException {
    for (int i = 0; i < 3; i++) {
      ModelFolder.at(folder.resolve("m" + i))
          .bfloats("w.weight", i, 4, 4)
          .floats("v", i, 2 * i)
          .write();
    }
    merge =
        recipe(
            "merge.yml",
            """
            merge_method: task_arithmetic
            base_model: m0
            models: [{model: m1, parameters: {weight: 1}}, {model: m2, parameters: {weight: 1}}]
            """);
    soup = soup("soup.yml", "echo 0.5");
  }

  private Path recipe(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), COMMENT + text);
  }

  private Path soup(String name, String shell) throws IOException {
    return recipe(
        name,
        """
        soup: greedy
        models: [{model: m0}, {model: m1}, {model: m2}]
        evaluate:
          command: [sh, -c, '%s', 'Authorization: Bearer %s', '{model}']
          direction: max
        """
            .formatted(shell, BEARER));
  }

  private CommandLineRun run(Object... words) {
    List<Object> all = new ArrayList<>(List.of(words));
    if (!List.of("inspect", "verify", "discard", "methods", "doctor").contains(words[0])) {
      all.addAll(List.of("--set", "model-root=" + folder));
    }
    CommandLineRun run = CommandLineRun.of(all.toArray());
    runs.add(run);
    assertThat(run.err()).doesNotContain("fault of Stockpot");
    return run;
  }

  private Path out(String name) {
    return folder.resolve("outputs").resolve(name);
  }

  private void nothingIsFound() throws IOException {
    for (CommandLineRun run : runs) {
      assertNone(run.out() + run.err(), "what a command said");
    }
    nothingIsFoundBelow(folder.resolve("outputs"));
  }

  private static void nothingIsFoundBelow(Path outputs) throws IOException {
    int files = 0;
    try (Stream<Path> all = Files.walk(outputs)) {
      for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
        files++;
        assertNone(new String(Files.readAllBytes(file), ISO_8859_1), file.toString());
        assertNone(file.toString(), "the name of a file");
      }
    }
    assertThat(files).as("files in %s", outputs).isPositive();
  }

  private static void assertNone(String text, String where) {
    for (String secret : PLANTED) {
      assertThat(text.contains(secret)).as("%s in %s: %s", secret, where, text).isFalse();
    }
  }

  @Test
  void mergesAndAllThatLooksAtThem() throws IOException {
    run("plan", merge).succeeds();
    run("merge", merge, out("merged")).succeeds();
    run("merge", merge, out("merged"), "--resume").succeeds();
    assertThat(run("merge", merge, out("merged")).exitCode()).isEqualTo(1);
    run("verify", out("merged"), "--sha256").succeeds();
    run("inspect", out("merged")).succeeds();
    run("diff", folder.resolve("m0"), out("merged"), "--output", out("report")).succeeds();
    run(
            "extract",
            folder.resolve("m0"),
            out("merged"),
            out("adapter"),
            "--rank",
            2,
            "--exclude",
            "v")
        .succeeds();
    run("fetch", out("merged"), out("copy")).succeeds();
    run("discard", out("merged")).succeeds();
    run("methods").succeeds();

    nothingIsFound();
    assertThat(Files.readString(out("merged").resolve("stockpot-manifest.json")))
        .contains("aws_secret_access_key = ***", "X-Amz-Signature=***", "https://***@host/x");
    assertThat(Files.readString(out("merged").resolve("README.md"))).contains("AKIA***", "hf_***");
    assertThat(Files.readString(out("merged").resolve("report/report.html"))).contains("hf_***");
  }

  @Test
  void aMergeOfAFolderWithHiddenKeysIsTheSameMergeAgain() throws IOException {
    run("merge", merge, out("merged")).succeeds();

    assertThat(run("merge", merge, out("merged"), "--resume").succeeds().out())
        .contains("nothing to do");
  }

  @Test
  void soupsWhoseEvaluatorsSayWhatTheyKnow() throws IOException {
    run("plan", soup).succeeds();
    run("merge", soup, out("soup")).succeeds();
    run("merge", soup, out("soup"), "--resume").succeeds();
    String loud = "echo \"failed with $0 and token=%s\" >&2; exit 1".formatted(KEY);
    CommandLineRun failed = run("merge", soup("loud.yml", loud), out("loud"), "--resume");
    assertThat(failed.exitCode()).isEqualTo(1);

    nothingIsFound();
  }

  @Test
  void candidatesThatAreAskedForAndTold() throws IOException {
    Path asking =
        recipe(
            "ask.yml",
            """
            soup: greedy
            models: [{model: m0}, {model: m1}]
            evaluate: {on: nowhere, metric: acc, direction: max}
            """);
    String candidate = run("ask", asking, out("asked")).succeeds().out().split("\\s", -1)[0];
    run("tell", asking, out("asked"), candidate + "={\"failure\": \"Bearer " + BEARER + "\"}");
    run("ask", asking, out("asked"), "--json");

    nothingIsFound();
  }

  @Test
  void failuresOfRecipesSettingsAndPlaces() throws IOException {
    String keyed = "s3a://%s:%s@bucket/m".formatted(KEY_ID, KEY);
    String signed = "https://cdn/x?X-Amz-Signature=" + SIGNATURE;
    Path odd =
        recipe("odd.yml", "merge_method: %s\nmodels: [{model: '%s'}]\n".formatted(HUB, keyed));
    Path service =
        recipe(
            "service.yml",
            """
            soup: greedy
            models: [{model: m0}, {model: m1}]
            evaluate: {url: 'http://127.0.0.1:9/x?token=%s', direction: max}
            """
                .formatted(BEARER));
    Path evaluate =
        Files.writeString(
            folder.resolve("e.yml"), "url: 'http://me:%s@host/x'\ndirection: max\n".formatted(KEY));
    Path settings =
        Files.writeString(
            folder.resolve("s.conf"), "stockpot { task-memory = \"%s\" }".formatted(HUB));
    Path a = folder.resolve("m0");
    for (Object[] words :
        new Object[][] {
          {"plan", odd},
          {"merge", odd, out("no")},
          {"merge", service, out("service")},
          {"merge", merge, keyed},
          {"merge", keyed, out("no")},
          {"merge", signed, out("no")},
          {"plan", merge, "--set", "task-memory=" + HUB},
          {"plan", merge, "--set", "hub-endpoint=https://me:%s@hub".formatted(KEY)},
          {"plan", merge, "--set", "hub-endpoint=https://hub?token=" + BEARER},
          {"plan", merge, "--set", "hub-cache=" + keyed},
          {"plan", merge, "--set", HUB + "=1"},
          {"merge", soup, keyed},
          {"merge", soup, out("no"), "--set", "score-cache=" + keyed},
          {"plan", merge, "--settings", settings},
          {"plan", merge, "--settings", keyed},
          {"plan", merge, "--" + HUB},
          {"inspect", keyed},
          {"inspect", signed},
          {"verify", keyed},
          {"discard", keyed},
          {"fetch", keyed, out("no")},
          {"fetch", signed, out("no")},
          {"fetch", a, keyed},
          {"diff", keyed, a},
          {"diff", a, keyed},
          {"diff", a, folder.resolve("m1"), "--output", keyed},
          {"extract", keyed, a, out("no"), "--rank", 2},
          {"extract", a, keyed, out("no"), "--rank", 2},
          {"extract", a, folder.resolve("m1"), keyed, "--rank", 2},
          {"path", keyed, a, "--output", out("no"), "--command", "x", "--direction", "min"},
          {"path", a, a, "--output", keyed, "--command", "x", "--direction", "min"},
          {"path", a, folder.resolve("m1"), "--output", out("no"), "--evaluate", evaluate},
          {"ask", soup, keyed},
          {"tell", soup, keyed, "c=" + HUB},
          {"tell", soup, out("no"), HUB + "=" + BEARER},
        }) {
      CommandLineRun run = run(words);
      assertThat(run.exitCode()).as("%s", List.of(words)).isIn(1, 2);
    }
    for (CommandLineRun run : runs) {
      assertNone(run.out() + run.err(), "what a command said");
    }
  }

  @Test
  void theEnvironmentTheEventLogAndThePropertiesOfAProcess() throws Exception {
    Path events = Files.createDirectories(folder.resolve("outputs/events"));
    Map<String, String> properties =
        Map.of(
            "spark.eventLog.enabled",
            "true",
            "spark.eventLog.dir",
            events.toUri().toString(),
            "spark.eventLog.compress",
            "false",
            "spark.hadoop.fs.s3a.access.key",
            KEY_ID,
            "spark.hadoop.fs.s3a.secret.key",
            KEY);
    Map<String, String> variables =
        Map.of("AWS_SECRET_ACCESS_KEY", KEY, "HF_TOKEN", HUB, "AWS_ACCESS_KEY_ID", KEY_ID);
    Path hocon =
        Files.writeString(
            folder.resolve("r.conf"),
            "merge_method = passthrough, models = [{ model = ${AWS_SECRET_ACCESS_KEY} }]");
    List<String> root = List.of("--set", "model-root=" + folder);
    for (List<String> words :
        List.of(
            List.of("merge", merge.toString(), out("events-merge").toString()),
            List.of("plan", hocon.toString()))) {
      List<String> all = new ArrayList<>(words);
      all.addAll(root);
      try (MergeProcess process =
          MergeProcess.start(folder, List.of(), properties, variables, all)) {
        assertThat(process.exitCode()).as(process.printed()).isEqualTo(code(words));
        assertNone(process.printed(), "what a process printed");
      }
    }
    nothingIsFoundBelow(folder.resolve("outputs"));
    try (Stream<Path> logs = Files.walk(events)) {
      assertThat(logs.filter(Files::isRegularFile)).isNotEmpty();
    }
  }

  private static int code(List<String> words) {
    return words.get(0).equals("merge") ? 0 : 1;
  }
}
