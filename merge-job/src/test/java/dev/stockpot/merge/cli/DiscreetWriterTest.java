package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class DiscreetWriterTest {
  private final StringWriter said = new StringWriter();
  private final PrintWriter out = DiscreetWriter.to(new PrintWriter(said));

  @Test
  void linesComeOutAtOnceAndAsTheyAre() {
    out.println("one");
    out.printf("two %s%n", 2);

    assertThat(said).hasToString("one%ntwo 2%n".formatted());
  }

  @Test
  void aKeyIsHiddenThoughItIsPrintedInPieces() {
    out.print("s3a://KEY:SEC");
    out.println("RET@bucket");

    assertThat(said).hasToString("s3a://***@bucket%n".formatted());
  }

  @Test
  void aQuestionWithoutALineFeedComesOutWhenItIsFlushed() {
    out.print("Which one? ");
    assertThat(said).hasToString("");

    out.flush();
    assertThat(said).hasToString("Which one? ");
  }

  @Test
  void whatIsLeftComesOutAtTheEnd() {
    out.print("AKIAIOSFODNN7EXAMPLE");
    out.close();

    assertThat(said).hasToString("AKIA***");
  }

  @Test
  void aLineWithoutAnEndIsNotHeldForEver() {
    out.print("x".repeat(3 << 20));

    assertThat(said.toString().length()).isGreaterThan(1 << 20);
  }

  @Test
  void tracesGoThroughIt() {
    new IllegalStateException("https://a:b@c").printStackTrace(out);

    assertThat(said.toString()).contains("https://***@c", "at dev.stockpot").doesNotContain("a:b@");
  }
}
