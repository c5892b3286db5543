package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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

  /** Merges what a recipe says of models in a folder into another one in it, without a report. */
  static CommandLineRun merging(Path folder, String output, String recipe, String... more)
      throws IOException {
    Path file = Files.writeString(folder.resolve("recipe.yml"), recipe);
    List<Object> words = new ArrayList<>();
    words.addAll(List.of("merge", file, folder.resolve(output)));
    words.addAll(List.of("--set", "model-root=" + folder, "--set", "report=false"));
    words.addAll(List.of(more));
    return of(words.toArray());
  }

  CommandLineRun succeeds() {
    assertThat(err)
        .as("exit code %s, standard error", exitCode)
        .doesNotContain("fault of Stockpot");
    assertThat(exitCode).as(err).isZero();
    return this;
  }
}
