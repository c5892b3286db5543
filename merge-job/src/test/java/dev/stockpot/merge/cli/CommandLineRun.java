package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;

/** One run of the command line in this JVM, with what it printed. */
record CommandLineRun(int exitCode, String out, String err) {

  static CommandLineRun of(Object... arguments) {
    String[] words = new String[arguments.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = arguments[i].toString();
    }
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode = Main.run(words, new PrintWriter(out, true), new PrintWriter(err, true));
    return new CommandLineRun(exitCode, out.toString(), err.toString());
  }

  CommandLineRun succeeds() {
    assertThat(err)
        .as("exit code %s, standard error", exitCode)
        .doesNotContain("fault of Stockpot");
    assertThat(exitCode).as(err).isZero();
    return this;
  }
}
