package dev.stockpot.example;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples that the Javadoc of the facade and of the contract of methods shows are whole. */
class JavadocExamplesTest {
  private static final List<Path> SHOWN =
      List.of(
          Path.of("src/main/java/dev/stockpot/merge/run"),
          Path.of("../kernels/src/main/java/dev/stockpot/kernels/method"));

  private static final Pattern EXAMPLE = Pattern.compile("(?s)<pre>\\{@code\n(.*?)\n \\* }</pre>");
  private static final Pattern CLASS = Pattern.compile("(?m)^(?:public )?final class (\\w+)");

  @TempDir private Path folder;

  /** By the type that shows it. */
  private static Map<String, String> examples() throws IOException {
    Map<String, String> examples = new TreeMap<>();
    for (Path shown : SHOWN) {
      try (Stream<Path> sources = Files.list(shown)) {
        for (Path source : sources.sorted().toList()) {
          List<MatchResult> found = EXAMPLE.matcher(Files.readString(source)).results().toList();
          for (MatchResult example : found) {
            String type = source.getFileName().toString().replace(".java", "");
            examples.merge(type, bare(example.group(1)), (one, other) -> one + other);
          }
        }
      }
    }
    return examples;
  }

  private static String bare(String commented) {
    return commented
        .lines()
        .map(line -> line.replaceFirst("^ \\* ?", "") + "\n")
        .collect(Collectors.joining());
  }

  private List<Path> written(Map<String, String> examples) throws IOException {
    for (Map.Entry<String, String> example : examples.entrySet()) {
      Matcher type = CLASS.matcher(example.getValue());
      assertThat(type.find()).as("%s shows a class", example.getKey()).isTrue();
      Files.writeString(folder.resolve(type.group(1) + ".java"), example.getValue());
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  @Test
  void areCompiledAsTheyStandWithoutAWarning() throws IOException {
    Map<String, String> examples = examples();
    assertThat(examples).containsOnlyKeys("MergeListener", "MergeMethod", "package-info");
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    boolean isCompiled;
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(null, Locale.ROOT, UTF_8)) {
      List<String> options =
          List.of(
              "-Xlint:all,-classfile,-path,-processing",
              "-proc:none",
              "-d",
              folder.toString(),
              "-cp",
              ClassPath.OF_CALLERS);
      isCompiled =
          compiler
              .getTask(
                  said,
                  files,
                  null,
                  options,
                  null,
                  files.getJavaFileObjectsFromPaths(written(examples)))
              .call();
    }
    assertThat(said.toString()).isEmpty();
    assertThat(isCompiled).isTrue();
    assertThat(folder.resolve("Midpoint.class")).exists();
  }

  /** A line that begins so would end the example where Javadoc shows it. */
  @Test
  void haveNothingThatJavadocTakesForATag() throws IOException {
    for (Map.Entry<String, String> example : examples().entrySet()) {
      assertThat(example.getValue().lines())
          .as(example.getKey())
          .noneMatch(line -> line.strip().startsWith("@"));
    }
  }
}
