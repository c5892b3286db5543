package dev.stockpot.example;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The project that docs/template offers for copying; deploy/release/try.sh builds it by Maven. */
class TemplateTest {
  private static final Path TEMPLATE = Path.of("../docs/template");
  private static final Path SOURCE = TEMPLATE.resolve("src/main/java/com/example/MyMerges.java");

  @TempDir private Path classes;

  private static String property(Path pom, String name) throws IOException {
    Matcher property =
        Pattern.compile("<%s>([^<]+)</%s>".formatted(name, name)).matcher(Files.readString(pom));
    assertThat(property.find()).as("%s in %s", name, pom).isTrue();
    return property.group(1);
  }

  @Test
  void itsClassCompilesWithoutAWarning() throws IOException {
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
              classes.toString(),
              "-cp",
              ClassPath.OF_CALLERS);
      isCompiled =
          compiler
              .getTask(said, files, null, options, null, files.getJavaFileObjects(SOURCE))
              .call();
    }

    assertThat(said.toString()).isEmpty();
    assertThat(isCompiled).isTrue();
    assertThat(classes.resolve("com/example/MyMerges.class")).exists();
  }

  @Test
  void itTakesTheSparkThatWeAreBuiltFor() throws IOException {
    assertThat(property(TEMPLATE.resolve("pom.xml"), "spark.version"))
        .isEqualTo(property(Path.of("../pom.xml"), "spark.version"));
  }
}
