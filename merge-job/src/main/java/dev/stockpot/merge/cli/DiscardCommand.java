package dev.stockpot.merge.cli;

import dev.stockpot.merge.run.Stockpot;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Gives up what an unfinished merge left. */
@Command(
    name = "discard",
    description =
        "Gives up a merge that was not finished: its uploads, its journal and its lock. Touches nothing in OUT.",
    mixinStandardHelpOptions = true)
final class DiscardCommand implements Callable<Integer> {
  @Parameters(paramLabel = "OUT", description = "Folder that the merge was to write.")
  private String output;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    try (Stockpot stockpot = Stockpot.embedded()) {
      boolean wasThere = stockpot.discard(output);
      spec.commandLine()
          .getOut()
          .println(
              wasThere
                  ? "The unfinished merge into %s is gone.".formatted(output)
                  : "There is no unfinished merge into %s.".formatted(output));
    }
    return 0;
  }
}
