package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** A command line in a process of its own, which can be killed. */
record MergeProcess(Process process, Path log) implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int POLL_MILLIS = 20;

  /**
   * Starts the command line.
   *
   * @param folder for what it prints
   * @param properties of its JVM
   */
  static MergeProcess start(Path folder, Map<String, String> properties, List<String> words)
      throws IOException {
    return start(folder, List.of(), properties, words);
  }

  /** The same with jars of methods. */
  static MergeProcess start(
      Path folder, List<Path> jars, Map<String, String> properties, List<String> words)
      throws IOException {
    return start(folder, jars, properties, Map.of(), words);
  }

  /** The same with variables of its environment. */
  static MergeProcess start(
      Path folder,
      List<Path> jars,
      Map<String, String> properties,
      Map<String, String> variables,
      List<String> words)
      throws IOException {
    StringBuilder classPath = new StringBuilder(System.getProperty("java.class.path"));
    jars.forEach(jar -> classPath.append(File.pathSeparator).append(jar));
    Path log = Files.createTempFile(folder, "merge", ".log");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1", // it starts sooner
                "-XX:+UseSerialGC",
                "--add-modules=jdk.incubator.vector",
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "-cp",
                classPath.toString()));
    properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
    command.add(Main.class.getName());
    command.addAll(words);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(Map.of("SPARK_TESTING", "1", "SPARK_SCALA_VERSION", "2.13"));
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.environment().putAll(variables);
    builder.directory(folder.toFile());
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    return new MergeProcess(builder.start(), log);
  }

  /** Waits until something is so, while the process lives. */
  void until(String what, Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.call()) {
      assertThat(process.isAlive()).as("alive, waiting until %s:\n%s", what, printed()).isTrue();
      assertThat(System.nanoTime()).as("until %s:\n%s", what, printed()).isLessThan(end);
      Thread.sleep(POLL_MILLIS);
    }
  }

  int exitCode() throws Exception {
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as(printed()).isTrue();
    return process.exitValue();
  }

  void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** Everything it has printed. */
  String printed() throws IOException {
    return Files.readString(log);
  }

  @Override
  public void close() {
    kill();
  }
}
