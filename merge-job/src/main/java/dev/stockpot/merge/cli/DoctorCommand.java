package dev.stockpot.merge.cli;

import dev.stockpot.kernels.rapids.cudf.GpuSettings;
import dev.stockpot.kernels.rapids.cudf.GpuTask;
import dev.stockpot.merge.part.KernelChoice;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says what this machine offers. */
@Command(
    name = "doctor",
    description =
        "Prints what this machine offers to merges, and what to do where something is missing.",
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
  @Mixin private JsonOption json;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Offers offers =
        new Offers(KernelChoice.all(GpuSettings.DEFAULT, GpuTask.NONE), Offers::isOnClassPath);
    PrintWriter out = spec.commandLine().getOut();
    if (json.isGiven()) {
      out.println(RecordJson.line(new Results.Machine(Versions.stockpot(), offers.all())));
      return 0;
    }
    for (Offers.Offer offer : offers.all()) {
      out.println("%-18s %s".formatted(offer.name(), text(offer)));
    }
    return 0;
  }

  private static String text(Offers.Offer offer) {
    return offer.remedy().map(remedy -> offer.found() + ": " + remedy).orElse(offer.found());
  }
}
