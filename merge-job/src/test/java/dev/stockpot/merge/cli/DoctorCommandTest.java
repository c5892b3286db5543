package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.Kernels;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DoctorCommandTest {
  /** Kernels that run, or do not. */
  private record Fake(String name, Optional<String> obstacle, String machine)
      implements KernelProvider {
    @Override
    public Kernels<?> open(int elements) {
      throw new IllegalStateException("only asked about");
    }
  }

  @Test
  void printsWhatThisMachineOffers() {
    String out = CommandLineRun.of("doctor").succeeds().out();

    assertThat(out)
        .containsPattern("(?m)^Java +" + System.getProperty("java.version"))
        .containsPattern("(?m)^Spark +4\\.")
        .containsPattern("(?m)^Machine +\\d+ processors?, .* of memory")
        .containsPattern("(?m)^Kernels: rapids +\\S")
        .containsPattern("(?m)^Kernels: vector +registers of \\d+ bits, \\d+ float32 lanes$")
        .containsPattern("(?m)^Kernels: scalar +plain loops$")
        .containsPattern("(?m)^s3a:// +yes$")
        .containsPattern("(?m)^hdfs:// +yes$")
        .containsPattern("(?m)^gs:// +not here: add com.google.cloud.bigdataoss:gcs-connector$");
  }

  @Test
  void whatIsMissingComesWithItsRemedy() {
    Offers offers =
        new Offers(
            List.of(
                new Fake("rapids", Optional.of("there is no NVIDIA driver; install one"), ""),
                new Fake("vector", Optional.empty(), "lanes")),
            name -> false);

    assertThat(offers.all())
        .contains(
            new Offers.Offer(
                "Kernels: rapids",
                "not here",
                Optional.of("there is no NVIDIA driver; install one")),
            new Offers.Offer("Kernels: vector", "lanes", Optional.empty()),
            new Offers.Offer(
                "s3a://",
                "not here",
                Optional.of("add org.apache.hadoop:hadoop-aws of your Hadoop version")));
  }

  @Test
  void aGpuThatIsThereIsDescribed() {
    Offers offers =
        new Offers(List.of(new Fake("rapids", Optional.empty(), "GPU 0, 139 GB")), name -> true);

    assertThat(offers.all())
        .contains(new Offers.Offer("Kernels: rapids", "GPU 0, 139 GB", Optional.empty()))
        .filteredOn(offer -> offer.name().endsWith("://"))
        .allMatch(offer -> offer.found().equals("yes"));
  }
}
