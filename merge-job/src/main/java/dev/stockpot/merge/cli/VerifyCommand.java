package dev.stockpot.merge.cli;

import dev.stockpot.merge.run.Stockpot;
import dev.stockpot.merge.run.Verification;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Reads a merged checkpoint back. */
@Command(
    name = "verify",
    description =
        "Reads a merged checkpoint back and compares every tensor and file with its manifest.",
    mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
  @Parameters(paramLabel = "CHECKPOINT", description = "Folder of a merged checkpoint.")
  private String folder;

  @Option(
      names = "--sha256",
      description =
          "Also print SHA-256 of every file, as sha256sum does, found in the same reading: for"
              + " uploads.")
  private boolean digests;

  @Mixin private JsonOption json;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Console console = new Console(spec.commandLine(), /* quiet= */ false);
    try (Stockpot stockpot = Stockpot.embedded();
        MergeTalk talk = new MergeTalk(console, "Verifying")) {
      Verification verification = stockpot.verify(folder, digests, talk);
      talk.endBar();
      if (json.isGiven()) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(RecordJson.line(Results.Verified.of(folder, verification)));
        return verification.isIntact() ? 0 : 1;
      }
      if (!verification.isIntact()) {
        verification.problems().forEach(spec.commandLine().getErr()::println);
        return 1;
      }
      verification
          .sha256()
          .forEach((file, digest) -> spec.commandLine().getOut().println(digest + "  " + file));
      PrintWriter summary = // what is printed is a list of digests, and nothing else
          digests ? spec.commandLine().getErr() : spec.commandLine().getOut();
      summary.println(
          "%s is as it was made: %s, %s"
              .formatted(
                  folder,
                  Sizes.count(verification.tensors(), "tensor"),
                  Sizes.bytes(verification.bytes())));
      return 0;
    }
  }
}
