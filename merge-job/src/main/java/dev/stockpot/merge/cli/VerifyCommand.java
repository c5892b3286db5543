package dev.stockpot.merge.cli;

import dev.stockpot.merge.commit.ManifestVerifier;
import dev.stockpot.merge.storage.Location;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Reads a merged checkpoint back. */
@Command(
    name = "verify",
    description = "Reads a merged checkpoint back and compares every tensor with its manifest.",
    mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
  @Parameters(paramLabel = "CHECKPOINT", description = "Folder of a merged checkpoint.")
  private String folder;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    ManifestVerifier verifier = ManifestVerifier.open(Stores.all(), new Location(folder));
    List<String> problems = verifier.verify();
    if (problems.isEmpty()) {
      PrintWriter out = spec.commandLine().getOut();
      out.println(
          "%s is as it was made: %s, %s"
              .formatted(
                  folder,
                  Sizes.count(verifier.tensors(), "tensor"),
                  Sizes.bytes(verifier.bytes())));
      return 0;
    }
    problems.forEach(spec.commandLine().getErr()::println);
    return 1;
  }
}
