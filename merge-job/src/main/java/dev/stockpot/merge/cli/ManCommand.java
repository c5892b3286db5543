package dev.stockpot.merge.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints all that the commands say of themselves as one page of the manual, in roff. */
@Command(
    name = "man",
    description = "Prints the page for man: stockpot man > stockpot.1",
    mixinStandardHelpOptions = true)
final class ManCommand implements Callable<Integer> {
  private static final int WIDTH = 100;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    CommandLine all = spec.root().commandLine();
    out.println(
        ".TH STOCKPOT 1 \"\" \"%s\" \"Merging models\""
            .formatted(escaped("stockpot " + Versions.stockpot())));
    out.println(".SH NAME");
    out.println(
        "stockpot \\- " + escaped(String.join(" ", spec.root().usageMessage().description())));
    out.println(".SH SYNOPSIS");
    print(all, out);
    all.getSubcommands()
        .forEach(
            (name, command) -> {
              out.println(".SH " + escaped(name.toUpperCase(Locale.ROOT)));
              print(command, out);
            });
    return 0;
  }

  /** What {@code --help} says, line by line as it stands. */
  private static void print(CommandLine command, PrintWriter out) {
    command.setUsageHelpWidth(WIDTH);
    out.println(".nf");
    command.getUsageMessage(Ansi.OFF).lines().map(ManCommand::escaped).forEach(out::println);
    out.println(".fi");
    command.getSubcommands().values().stream()
        .filter(inner -> command.getParent() != null)
        .forEach(inner -> print(inner, out));
  }

  /** A line in which nothing is a request or an escape of roff. */
  static String escaped(String line) {
    String plain = line.replace("\\", "\\e").replace("-", "\\-");
    return plain.startsWith(".") || plain.startsWith("'") ? "\\&" + plain : plain;
  }
}
