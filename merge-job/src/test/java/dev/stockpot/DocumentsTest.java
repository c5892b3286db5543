package dev.stockpot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every Markdown file of the repository can be read in a terminal, and leads where it says. */
class DocumentsTest {
  private static final Path ROOT = Path.of("..");
  private static final int WIDEST = 120;
  private static final int CONTRIBUTING_BYTES = 6000;

  /** What programs leave in a checkout. */
  private static final Set<Path> NOT_OURS =
      Set.of(ROOT.resolve("quickstart"), ROOT.resolve("work"), ROOT.resolve("notebooks/scratch"));

  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern FILE =
      Pattern.compile(
          "(?:(?<![\\w/.{}$-])|(?<=\\$root/))"
              + "(?:benchmarks|checks|conf|deploy|docs|kernels|merge-job|notebooks|python)"
              + "(?!/target/)(?:/[\\w.-]+)*/[\\w-]+\\.(?:sh|cpp|conf|java|md|properties|py|yml)\\b");

  static List<Path> documents() throws IOException {
    List<Path> documents = files(".md");
    assertThat(documents).contains(ROOT.resolve("README.md"), ROOT.resolve("docs/gpu.md"));
    return documents;
  }

  @ParameterizedTest
  @MethodSource("documents")
  void linesOfProseFitATerminal(Path document) throws IOException {
    List<String> tooLong = new ArrayList<>();
    boolean isCode = false;
    for (String line : Files.readAllLines(document)) {
      isCode ^= line.strip().startsWith("```");
      boolean isTable = line.startsWith("|");
      if (!isCode && !isTable && line.codePointCount(0, line.length()) > WIDEST) {
        tooLong.add(line);
      }
    }
    assertThat(tooLong).as("lines of more than %s characters", WIDEST).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("documents")
  void linksLeadToFilesAndHeadings(Path document) throws IOException {
    List<String> broken = new ArrayList<>();
    for (MatchResult link : all(LINK, Files.readString(document))) {
      String target = link.group(1);
      if (!target.matches("[a-z]+:.*") && !leadsSomewhere(document, target)) {
        broken.add(target);
      }
    }
    assertThat(broken).isEmpty();
  }

  static List<Path> texts() throws IOException {
    return Stream.concat(
            Stream.of(".md", ".sh", ".py", "pom.xml", ".java").flatMap(DocumentsTest::named),
            Stream.of(ROOT.resolve(".ci/run")))
        .toList();
  }

  @Test
  void filesThatTextsNameExist() throws IOException {
    List<String> missing = new ArrayList<>();
    for (Path text : texts()) {
      for (MatchResult file : all(FILE, Files.readString(text))) {
        if (Stream.of(ROOT, text.getParent()).noneMatch(from -> exists(from, file.group()))) {
          missing.add("%s names %s".formatted(ROOT.relativize(text), file.group()));
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void contributorsHaveLittleToRead() throws IOException {
    assertThat(Files.size(ROOT.resolve("CONTRIBUTING.md"))).isLessThan(CONTRIBUTING_BYTES);
  }

  private static boolean leadsSomewhere(Path document, String target) throws IOException {
    int mark = target.indexOf('#');
    String file = mark < 0 ? target : target.substring(0, mark);
    Path path = file.isEmpty() ? document : document.resolveSibling(file);
    return Files.exists(path) && (mark < 0 || headings(path).contains(target.substring(mark + 1)));
  }

  /** As GitHub names them in links. */
  private static List<String> headings(Path document) throws IOException {
    return Files.readAllLines(document).stream()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT))
        .map(line -> line.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .toList();
  }

  private static List<MatchResult> all(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.results().toList();
  }

  private static boolean exists(Path from, String file) {
    return Files.exists(from.resolve(file));
  }

  private static Stream<Path> named(String end) {
    try {
      return files(end).stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> files(String end) throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        ROOT,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            String name = folder.getFileName().toString();
            boolean isHidden = name.startsWith(".") && !folder.equals(ROOT);
            return isHidden || name.equals("target") || NOT_OURS.contains(folder)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.toString().endsWith(end)) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    files.sort(null);
    return files;
  }
}
