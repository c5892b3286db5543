package dev.stockpot.merge.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Settings that profiles, manifests and docs name exist, and have values that make sense. */
class NamedSettingsTest {
  private static final Path ROOT = Path.of("..");
  private static final Config REFERENCE =
      ConfigFactory.parseResources(Settings.class.getClassLoader(), "reference.conf")
          .getConfig("stockpot");
  private static final Pattern OF_SPARK =
      Pattern.compile("spark\\.stockpot\\.([A-Za-z0-9.-]+)\"?(?:[ \\t=:]+)\"?([A-Za-z0-9./]+)");
  private static final Pattern OPTION = Pattern.compile("--set[ ,\"=]+([a-z0-9.-]+)=");

  static List<Path> profiles() throws IOException {
    return files("conf/profiles").filter(file -> file.toString().endsWith(".conf")).toList();
  }

  @ParameterizedTest
  @MethodSource("profiles")
  void profilesAreSettings(Path profile) {
    assertThatCode(() -> Settings.load(Map.of(), Optional.of(profile))).doesNotThrowAnyException();
  }

  static List<Path> texts() throws IOException {
    List<Path> texts =
        Stream.of("conf", "deploy", "docs", "README.md", "CONTRIBUTING.md")
            .flatMap(NamedSettingsTest::files)
            .filter(NamedSettingsTest::namesSettings)
            .toList();
    assertThat(texts).hasSizeGreaterThan(profiles().size());
    return texts;
  }

  @ParameterizedTest
  @MethodSource("texts")
  void settingsInTextsExist(Path text) throws IOException {
    Matcher ofSpark = OF_SPARK.matcher(Files.readString(text));
    while (ofSpark.find()) {
      if (!ofSpark.group(1).equals("key")) { // as in "--conf spark.stockpot.key=value"
        assertThatCode(
                () -> Settings.load(Map.of(ofSpark.group(1), ofSpark.group(2)), Optional.empty()))
            .as(ofSpark.group())
            .doesNotThrowAnyException();
      }
    }
    Matcher option = OPTION.matcher(Files.readString(text));
    while (option.find()) {
      String key = option.group(1);
      assertThat(key.equals("key") || REFERENCE.hasPath(key)).as(key).isTrue();
    }
  }

  private static boolean namesSettings(Path file) {
    try {
      String text = Files.readString(file);
      return OF_SPARK.matcher(text).find() || OPTION.matcher(text).find();
    } catch (IOException e) {
      return false; // no text
    }
  }

  /** Files that are ours: nothing that a check installed or built. */
  private static Stream<Path> files(String below) {
    try (Stream<Path> files = Files.walk(ROOT.resolve(below))) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !file.toString().matches(".*/(\\.venv|target|__pycache__)/.*"))
          .sorted()
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
