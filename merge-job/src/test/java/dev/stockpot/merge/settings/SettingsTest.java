package dev.stockpot.merge.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.recipe.LostKeys;
import dev.stockpot.merge.recipe.MissingTensors;
import dev.stockpot.merge.recipe.UnknownKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where settings come from, and what is wrong with some. */
class SettingsTest {
  private static final String KNOWN =
      "Known: candidates, check-finite, chunk-elements, gpu-pinned-memory, gpu-request, gpu-tasks,"
          + " hub, hub-cache, hub-endpoint, lost-keys, missing-tensors, model-root, other-leftovers,"
          + " part-size, provider, report, rounding, score-cache, seed, sha256, shard-size,"
          + " task-memory, tasks, unknown-keys";

  @TempDir private Path folder;
  private Properties before;

  @BeforeEach
  void rememberProperties() {
    before = (Properties) System.getProperties().clone();
  }

  @AfterEach
  void restoreProperties() {
    System.setProperties(before);
    ConfigFactory.invalidateCaches();
  }

  private static void property(String key, String value) {
    System.setProperty(key, value);
    ConfigFactory.invalidateCaches();
  }

  private Optional<Path> file(String text) throws IOException {
    return Optional.of(Files.writeString(folder.resolve("settings.conf"), text));
  }

  private static Settings load(String key, String value) {
    return Settings.load(Map.of(key, value), Optional.empty());
  }

  private static void assertProblem(String key, String value, String message) {
    assertThatThrownBy(() -> load(key, value))
        .isInstanceOf(UserException.class)
        .hasMessage("Settings: " + message);
  }

  @Test
  void hasTheDefaultsOfTheReference() {
    int processors = Runtime.getRuntime().availableProcessors();
    assertThat(Settings.load(Map.of(), Optional.empty()))
        .isEqualTo(
            new Settings(
                5_000_000_000L,
                64 << 20,
                512 << 20,
                262_144,
                processors,
                Provider.AUTO,
                new Settings.Gpu(2, 4L << 30, false),
                0,
                Rounding.Mode.NEAREST,
                MissingTensors.FAIL,
                LostKeys.FAIL,
                UnknownKeys.NOTICE,
                OtherLeftovers.REFUSE,
                false,
                true,
                false,
                new Settings.Trials(16, ""),
                "",
                new Settings.Hub(HubUse.NETWORK, "", "")));
  }

  @Test
  void heedsOverridesThenPropertiesThenSparkThenTheFileThenDefaults() throws IOException {
    Optional<Path> file = file("stockpot { tasks = 1, seed = 1, part-size = 1, shard-size = 1 }");
    property("spark.stockpot.tasks", "2");
    property("spark.stockpot.seed", "2");
    property("spark.stockpot.part-size", "2");
    property("stockpot.tasks", "3");
    property("stockpot.seed", "3");
    Settings settings = Settings.load(Map.of("tasks", "4"), file);
    assertThat(settings.tasks()).isEqualTo(4);
    assertThat(settings.seed()).isEqualTo(3);
    assertThat(settings.partSize()).isEqualTo(2);
    assertThat(settings.shardSize()).isEqualTo(1);
    assertThat(settings.taskMemory()).isEqualTo(512 << 20);
  }

  @ParameterizedTest
  @CsvSource({"5GB, 5000000000", "5 GB, 5000000000", "64MiB, 67108864", "7, 7", "1.5 kB, 1500"})
  void readsSizesInTheirUnits(String text, long bytes) {
    assertThat(load("part-size", text).partSize()).isEqualTo(bytes);
  }

  @Test
  void readsEnvironmentVariablesInAFile() throws IOException {
    Optional<Path> file = file("stockpot { model-root = ${PATH} }");
    assertThat(Settings.load(Map.of(), file).modelRoot()).isEqualTo(System.getenv("PATH"));
  }

  @Test
  void suggestsTheKeyThatWasMeant() {
    assertProblem("part-sise", "5", "there is no `part-sise`, did you mean `part-size`? " + KNOWN);
  }

  @Test
  void listsTheKeysWhereNoneIsLikeIt() {
    assertProblem("xyz", "5", "there is no `xyz`. " + KNOWN);
  }

  @Test
  void rejectsUnknownKeysOfPropertiesAndFilesToo() throws IOException {
    Optional<Path> file = file("stockpot { a { b = 1 } }");
    assertThatThrownBy(() -> Settings.load(Map.of(), file))
        .isInstanceOf(UserException.class)
        .hasMessage("Settings: there is no `a.b`. " + KNOWN);
    property("stockpot.task", "1");
    assertThatThrownBy(() -> Settings.load(Map.of(), Optional.empty()))
        .isInstanceOf(UserException.class)
        .hasMessage("Settings: there is no `task`, did you mean `tasks`? " + KNOWN);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "part-size      | 0       | part-size is 0 bytes, must be at least 1",
        "shard-size     | 0GB     | shard-size is 0 bytes, must be at least 1",
        "task-memory    | 64 KiB  | task-memory is 65536 bytes, must be at least 1048576",
        "chunk-elements | 0       | chunk-elements is 0, must be a whole number from 4096 to"
            + " 1073741824",
        "chunk-elements | 5000    | chunk-elements is 5000, must be a multiple of 4096",
        "provider       | cuda    | provider is cuda, must be one of auto, rapids, vector, scalar",
        "lost-keys      | drop    | lost-keys is drop, must be one of fail, keep",
        "missing-tensors | skip   | missing-tensors is skip, must be one of fail, copy",
        "rounding       | Nearest | rounding is Nearest, must be one of nearest, stochastic",
      })
  void rejectsValuesOutOfRange(String key, String value, String problem) {
    assertProblem(key, value, problem);
  }

  @ParameterizedTest
  @CsvSource({
    "seed, 1.5, -9223372036854775808, 9223372036854775807",
    "seed, 99999999999999999999, -9223372036854775808, 9223372036854775807",
    "seed, 1e999999999, -9223372036854775808, 9223372036854775807",
    "seed, 1e-999999999, -9223372036854775808, 9223372036854775807",
    "tasks, -1, 0, 4096",
    "tasks, 2147483647, 0, 4096",
    "tasks, 4294967297, 0, 4096",
    "tasks, 1.7, 0, 4096",
    "gpu-tasks, 0, 1, 4096",
    "candidates, 0, 1, 2147483647",
    "candidates, 2147483649, 1, 2147483647",
    "chunk-elements, 4294971392, 4096, 1073741824",
  })
  void rejectsNumbersThatAreCutOrWrapped(String key, String value, String least, String most) {
    assertProblem(
        key,
        value,
        "%s is %s, must be a whole number from %s to %s".formatted(key, value, least, most));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "7, 7",
    "-3, -3",
    "9223372036854775807, 9223372036854775807",
    "-9223372036854775808, -9223372036854775808",
    "9007199254740993, 9007199254740993",
    "2.0, 2",
    "1e3, 1000"
  })
  void takesEveryWholeNumberAsASeed(String value, long seed) {
    assertThat(load("seed", value).seed()).isEqualTo(seed);
  }

  @Test
  void numbersInAFileAreAsExact() throws IOException {
    assertThat(Settings.load(Map.of(), file("stockpot { seed = 9007199254740993 }")).seed())
        .isEqualTo(9_007_199_254_740_993L);
    Optional<Path> half = file("stockpot { seed = 1.5 }");
    assertThatThrownBy(() -> Settings.load(Map.of(), half)).hasMessageContaining("seed is 1.5");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "part-size    | 5 parsecs | Could not parse size-in-bytes unit 'parsecs' (try k, K, kB,"
            + " KiB, kilobytes, kibibytes)",
        "part-size    | much      | No number in size-in-bytes value 'much'",
        "tasks        | two       | has type STRING rather than NUMBER",
        "seed         | 1.5x      | has type STRING rather than NUMBER",
        "check-finite | maybe     | has type STRING rather than BOOLEAN",
      })
  void rejectsValuesThatCannotBeRead(String key, String value, String problem) {
    assertThatThrownBy(() -> load(key, value))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("Settings: ")
        .hasMessageContaining(key)
        .hasMessageContaining(problem)
        .hasMessageNotContaining("\n");
  }

  @Test
  void rejectsAFileThatIsNotThere() {
    Path file = folder.resolve("none.conf");
    assertThatThrownBy(() -> Settings.load(Map.of(), Optional.of(file)))
        .isInstanceOf(UserException.class)
        .hasMessage("Settings file %s does not exist".formatted(file));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "tasks = 1", "stockpott { tasks = 1 }"})
  void rejectsAFileWithoutSettings(String text) throws IOException {
    Optional<Path> file = file(text);
    assertThatThrownBy(() -> Settings.load(Map.of(), file))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "Settings file %s has no `stockpot { … }`; put its settings between such braces"
                .formatted(file.orElseThrow()));
  }

  @Test
  void saysWhereAFileIsBroken() throws IOException {
    Optional<Path> file = file("stockpot {\n  tasks = = 1\n}\n");
    assertThatThrownBy(() -> Settings.load(Map.of(), file))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("Settings: %s: 2: ".formatted(file.orElseThrow()));
  }
}
