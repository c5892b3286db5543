package dev.stockpot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The version stands in many files, and is one. */
class VersionTest {
  private static final Path PROJECT = Path.of("..");
  private static final Pattern OF_PROJECT =
      Pattern.compile("<artifactId>stockpot</artifactId>\\s*<version>([^<]+)</version>");

  /** {@code registry.example.com/stockpot-rapids:0.2.0}. */
  private static final Pattern IMAGE = Pattern.compile("/stockpot(?:-\\w+)?:([\\w.-]+)");

  private static String version(String pom) throws IOException {
    Matcher version = OF_PROJECT.matcher(Files.readString(PROJECT.resolve(pom)));
    assertThat(version.find()).as(pom).isTrue();
    return version.group(1);
  }

  @Test
  void modulesHaveTheVersionOfTheProject() throws IOException {
    assertThat(version("kernels/pom.xml")).isEqualTo(version("pom.xml"));
    assertThat(version("merge-job/pom.xml")).isEqualTo(version("pom.xml"));
  }

  @Test
  void imagesAreOfTheReleaseThatComes() throws IOException {
    Map<String, String> tags = new TreeMap<>();
    for (String folder : List.of("deploy", "conf", "docs")) {
      try (Stream<Path> files = Files.walk(PROJECT.resolve(folder))) {
        for (Path file : files.filter(VersionTest::isText).toList()) {
          IMAGE
              .matcher(Files.readString(file))
              .results()
              .forEach(tag -> tags.put(file + " at " + tag.start(), tag.group(1)));
        }
      }
    }
    String release = version("pom.xml").replace("-SNAPSHOT", "");
    assertThat(tags).hasSizeGreaterThan(4);
    assertThat(tags).allSatisfy((place, tag) -> assertThat(tag).as(place).isEqualTo(release));
  }

  @Test
  void thePythonPackageIsOfTheReleaseThatComes() throws IOException {
    String python = version("pom.xml").replace("-SNAPSHOT", ".dev0");
    assertThat(Files.readString(PROJECT.resolve("python/pyproject.toml")))
        .contains("\nversion = \"%s\"\n".formatted(python));
  }

  @Test
  void whatPeopleCopyIsOfTheReleaseThatComes() throws IOException {
    String release = version("pom.xml").replace("-SNAPSHOT", "");
    assertThat(Files.readString(PROJECT.resolve("docs/template/pom.xml")))
        .contains("<stockpot.version>%s</stockpot.version>".formatted(release));
    assertThat(
            Pattern.compile("stockpot-(\\d+\\.[\\d.]*\\d)")
                .matcher(Files.readString(PROJECT.resolve("docs/install.md")))
                .results()
                .map(named -> named.group(1)))
        .isNotEmpty()
        .containsOnly(release);
  }

  private static boolean isText(Path file) {
    String path = file.toString();
    return Files.isRegularFile(file)
        && !path.contains("/target/")
        && !path.contains("/.venv")
        && path.matches(".*(\\.(md|ya?ml|properties|conf|sh|py)|Dockerfile)");
  }

  @Test
  void theChangelogSaysWhichVersionComes() throws IOException {
    assertThat(Files.readString(PROJECT.resolve("CHANGELOG.md")))
        .contains("## [Unreleased]\n\nVersion %s.\n".formatted(version("pom.xml")));
  }
}
