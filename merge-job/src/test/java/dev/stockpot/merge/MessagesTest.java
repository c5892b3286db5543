package dev.stockpot.merge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages say which: of ten that the code throws, logs or prints, nine have a value in them. */
class MessagesTest {
  private static final Path PROJECT = Path.of("..");

  @ParameterizedTest
  @ValueSource(strings = {"kernels", "merge-job"})
  void moreThanNineOfTenHaveAValue(String module) throws IOException {
    List<String> constant = new ArrayList<>();
    int all = 0;
    try (Stream<Path> files = Files.walk(PROJECT.resolve(module + "/src/main/java"))) {
      for (Path file : files.filter(any -> any.toString().endsWith(".java")).toList()) {
        for (JavaText.Message message : JavaText.of(Files.readString(file)).messages()) {
          all++;
          if (!message.hasValue()) {
            constant.add(
                "%s: %s(%s)".formatted(file.getFileName(), message.call(), message.arguments()));
          }
        }
      }
    }
    assertThat(all).isGreaterThan(50);
    assertThat(10 * constant.size())
        .as("ten times those of %s that are constant:\n%s", all, String.join("\n", constant))
        .isLessThan(all);
  }

  private static List<Boolean> values(String code) {
    return JavaText.of(code).messages().stream().map(JavaText.Message::hasValue).toList();
  }

  @Test
  void aFormatOrAJoinedValueIsOne() {
    assertThat(values("throw new UserException(\"%s is not there\".formatted(file));"))
        .containsExactly(true);
    assertThat(values("throw new IOException(\"it is \" + size + \" bytes long\", e);"))
        .containsExactly(true);
    assertThat(values("LOG.warn(\"no room on {}\", disk);")).containsExactly(true);
    assertThat(values("problems.addIf(a && f(b), line, \"no `%s` here\", name);"))
        .containsExactly(true);
  }

  @Test
  void anExceptionThatIsToldThePlaceHasOne() {
    assertThat(values("throw new CorruptShardException(file, bytes, \"is no text\");"))
        .containsExactly(true);
    assertThat(values("throw new IllegalStateException(\"came too late\", e);"))
        .containsExactly(false);
    assertThat(values("throw new UserException(\"nothing was done\", cause);"))
        .containsExactly(false);
  }

  @Test
  void constantWordsHaveNone() {
    assertThat(values("problems.add(line, \"a key must be\" + \" a word\");"))
        .containsExactly(false);
    assertThat(values("err.println(\"this is (not) \\\"a)\\\" value\"); f(\"%s of it\");"))
        .containsExactly(false);
    assertThat(values("out().println(\"100 %% of it\"); // new IOException(\"not a code\")"))
        .containsExactly(false);
  }

  @Test
  void singleWordsAreNoMessages() {
    assertThat(values("throw new NoSuchElementException(\"name\"); problems.add(line, words);"))
        .isEmpty();
    assertThat(values("/* throw new IOException(\"in a comment\") */ x = 'a' + '\\'';")).isEmpty();
  }
}
