package dev.stockpot.merge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./stockpot} starts, with a Java that only prints how it was called. */
class LauncherTest {
  private static final String WARNING = "WARNING: Using incubator modules: jdk.incubator.vector";
  private static final String COMPLAINT = "a complaint in the language that was set";
  private static final String LANES = "--add-modules=jdk.incubator.vector";
  private static final String JAVA =
      """
      #!/bin/sh
      if [ "$1" = --list-modules ]; then
        echo "java.base@17"
        echo "$LISTED"
        exit
      fi
      echo "%s" >&2
      echo "a complaint in ${LC_ALL-the language that was set}" >&2
      printf "half a line" >&2
      for word; do echo "$word"; done
      exit 7
      """
          .formatted(WARNING);

  /**
   * Ends with the last who writes errors, which is a filter that the launcher leaves behind; of a
   * process that ended, Java reads nothing more.
   */
  private static final String CALL = "{ \"$@\" 2>&1 >\"$OUT\"; echo $? >\"$EXIT\"; } | cat";

  @TempDir private Path folder;

  private record Run(int exitCode, List<String> words, String err) {}

  @BeforeEach
  void copyACheckoutThatIsBuilt() throws IOException {
    Path root = Path.of("..");
    Files.copy(root.resolve("stockpot"), executable("stockpot"));
    Files.writeString(executable("jdk/bin/java"), JAVA);
    for (String name : List.of("stockpot", "jdk/bin/java")) {
      Files.setPosixFilePermissions(
          folder.resolve(name), PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    Path launcher = Files.createDirectories(folder.resolve("merge-job/src/main/launcher"));
    try (Stream<Path> files = Files.list(root.resolve("merge-job/src/main/launcher"))) {
      for (Path file : files.toList()) {
        Files.copy(file, launcher.resolve(file.getFileName().toString()));
      }
    }
    Files.createDirectories(folder.resolve("merge-job/target/lib"));
    Path jar = Files.createFile(folder.resolve("merge-job/target/merge-job.jar"));
    Files.setLastModifiedTime(jar, FileTime.from(Instant.now().plus(1, ChronoUnit.HOURS)));
  }

  private Path executable(String name) throws IOException {
    Files.createDirectories(folder.resolve(name).getParent());
    return folder.resolve(name);
  }

  private void release(String modules) throws IOException {
    Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"17.0.9\"\n" + modules);
  }

  private Run run(String archive, String listed, String... words) throws Exception {
    return run(archive, listed, Map.of("LANG", "C.UTF-8"), words);
  }

  private Run run(String archive, String listed, Map<String, String> language, String... words)
      throws Exception {
    List<String> command = new ArrayList<>(List.of("sh", "-c", CALL, "sh"));
    command.add(folder.resolve("stockpot").toString());
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
    builder.environment().put("STOCKPOT_ARCHIVE", archive);
    builder.environment().put("LISTED", listed);
    builder.environment().keySet().removeIf(name -> name.startsWith("LC_") || name.equals("LANG"));
    builder.environment().putAll(language);
    Path out = folder.resolve("out");
    Path exit = folder.resolve("exit");
    builder.environment().putAll(Map.of("OUT", out.toString(), "EXIT", exit.toString()));
    Process process = builder.start();
    String err = new String(process.getInputStream().readAllBytes(), UTF_8);
    process.waitFor();
    return new Run(Integer.parseInt(Files.readString(exit).strip()), Files.readAllLines(out), err);
  }

  @Test
  void aJavaWithTheModuleGetsLanes() throws Exception {
    release("MODULES=\"java.base jdk.incubator.vector jdk.net\"\n");

    Run run = run("off", "", "merge", "recipe.yml", "out");

    assertThat(run.words()).contains(LANES).endsWith("merge", "recipe.yml", "out");
    assertThat(run.exitCode()).isEqualTo(7);
    assertThat(run.err()).isEqualTo(WARNING + "\n" + COMPLAINT + "\nhalf a line");
  }

  @Test
  void commandsOnTablesAloneStartWithSparkSql() throws Exception {
    release("MODULES=\"java.base jdk.net\"\n");
    Path target = folder.resolve("merge-job/target");
    Files.createFile(target.resolve("lib/spark-core.jar"));
    Files.createFile(executable("merge-job/target/sql/spark-sql.jar"));

    for (String command : List.of("ensemble", "calibrate", "teach")) {
      String path = classPath(run("off", "", command, "a.parquet"));
      assertThat(path).startsWith(classPath(run("off", "", "merge")) + ":");
      assertThat(path).endsWith("/lib/spark-core.jar:" + target.resolve("sql/spark-sql.jar"));
    }
    for (String command : List.of("merge", "plan", "verify", "fetch", "inspect")) {
      assertThat(classPath(run("off", "", command))).endsWith("/lib/spark-core.jar");
    }
  }

  private static String classPath(Run run) {
    return run.words().get(run.words().indexOf("-cp") + 1);
  }

  @Test
  void aJavaWithoutTheModuleIsStartedWithoutIt() throws Exception {
    release("MODULES=\"java.base jdk.net\"\n");

    for (String command : List.of("merge", "quickstart", "doctor")) {
      assertThat(run("off", "", command).words()).doesNotContain(LANES).contains(command);
    }
  }

  @Test
  void theHeapOfAPlanIsWholeAtOnceUnlessOptionsSayHowLargeItIs() throws Exception {
    release("MODULES=\"java.base jdk.net\"\n");

    assertThat(run("off", "", "plan", "recipe.yml").words()).contains("-Xms1g", "-Xmx1g");
    for (String option : List.of("-Xmx512m", "-XX:MaxHeapSize=512m", "-XX:MaxRAM=1g")) {
      Map<String, String> set = Map.of("LANG", "C.UTF-8", "STOCKPOT_JAVA_OPTS", option);
      Run run = run("off", "", set, "plan", "recipe.yml");
      assertThat(run.words()).contains(option).doesNotContain("-Xms1g");
    }
  }

  @Test
  void aJavaThatListsNoModulesIsAsked() throws Exception {
    release("");

    assertThat(run("off", "jdk.incubator.vector@17", "merge").words()).contains(LANES);
    assertThat(run("off", "jdk.net@17", "merge").words()).doesNotContain(LANES);
  }

  @Test
  void quietPassesOnAllButTheWarningOfTheJvm() throws Exception {
    release("MODULES=\"java.base jdk.incubator.vector\"\n");

    Run run = run("off", "", "merge", "recipe.yml", "out", "--quiet");

    assertThat(run.exitCode()).isEqualTo(7);
    assertThat(run.words()).contains(LANES, "-Dlog.level.stockpot=error");
    assertThat(run.err()).isEqualTo(COMPLAINT + "\nhalf a line\n");
  }

  @Test
  void quietSaysNothingOfItsOwnEither() throws Exception {
    release("MODULES=\"java.base jdk.net\"\n");

    assertThat(run("on", "", "merge", "--quiet").err()).doesNotContain("Preparing");
    Files.delete(folder.resolve("merge-job/target/stockpot-17.0.9.jsa"));
    assertThat(run("on", "", "merge").err()).contains("Preparing faster starts");
  }

  @Test
  void namesOfFilesAreUtf8WhereverItIsStarted() throws Exception {
    release("MODULES=\"java.base\"\n");

    for (Map<String, String> bare :
        List.of(Map.of("LANG", "C"), Map.of("LANG", "POSIX"), Map.of("LC_ALL", "C", "LANG", "x"))) {
      assertThat(run("off", "", bare, "inspect", "a").err()).contains("in C.UTF-8");
    }
    assertThat(run("off", "", Map.of("LANG", "de_DE.UTF-8"), "inspect", "a").err())
        .contains("in the language that was set");
    assertThat(run("off", "", Map.of("LC_ALL", "en_US.utf8"), "inspect", "a").err())
        .contains("in en_US.utf8");
  }
}
