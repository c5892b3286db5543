package dev.stockpot.merge.cli;

import java.util.List;
import picocli.AutoComplete;
import picocli.CommandLine;

/**
 * The commands by their names. Only the one that is called is set up: to look at the options of all
 * takes a tenth of a second of every start.
 */
final class Commands {
  /** In the order of the help. */
  static final List<String> NAMES =
      List.of(
          "merge",
          "plan",
          "advise",
          "extract",
          "fetch",
          "ask",
          "tell",
          "path",
          "inspect",
          "diff",
          "verify",
          "statistics",
          "ensemble",
          "calibrate",
          "teach",
          "discard",
          "methods",
          "quickstart",
          "doctor",
          "man",
          "generate-completion");

  /** Those that tell of all others. */
  private static final List<String> ABOUT_ALL = List.of("man", "generate-completion");

  private Commands() {}

  /** A command line with the command that its words begin with; with all, if that is none. */
  static CommandLine of(String[] words) {
    String called = words.length == 0 ? "" : words[0];
    boolean isAlone = NAMES.contains(called) && !ABOUT_ALL.contains(called);
    CommandLine line = new CommandLine(new Main());
    for (String name : isAlone ? List.of(called) : NAMES) {
      line.addSubcommand(name, named(name));
    }
    return line;
  }

  private static Object named(String name) {
    return switch (name) {
      case "merge" -> new MergeCommand();
      case "plan" -> new PlanCommand();
      case "advise" -> new AdviseCommand();
      case "extract" -> new ExtractCommand();
      case "fetch" -> new FetchCommand();
      case "ask" -> new AskCommand();
      case "tell" -> new TellCommand();
      case "path" -> new PathCommand();
      case "inspect" -> new InspectCommand();
      case "diff" -> new DiffCommand();
      case "verify" -> new VerifyCommand();
      case "statistics" -> new StatisticsCommand();
      case "ensemble" -> new EnsembleCommand();
      case "calibrate" -> new CalibrateCommand();
      case "teach" -> new TeachCommand();
      case "discard" -> new DiscardCommand();
      case "methods" -> new MethodsCommand();
      case "quickstart" -> new QuickstartCommand();
      case "doctor" -> new DoctorCommand();
      case "man" -> new ManCommand();
      case "generate-completion" -> new AutoComplete.GenerateCompletion();
      default -> throw new IllegalArgumentException(name);
    };
  }
}
