package dev.stockpot.kernels.rapids;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.methods.MethodRun;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What decides a GPU's speed, and so does not grow unseen: bytes moved in its memory. Ties of eight
 * BF16 models get 18 bytes an element from the host, at about 50 GB/s; to merge them in twice that
 * time a GPU that moves 2,500 GB/s may move 1,800. Of what ties of four move, 90 draw which of
 * equal elements stay.
 */
class DeviceTrafficTest {
  private static final int COUNT = 1 << 22;

  @ParameterizedTest
  @CsvSource({
    "linear, 4, 130",
    "ties, 4, 820",
    "slerp, 2, 250",
    "median, 4, 410",
    "dare_ties, 2, 610"
  })
  void bytesMovedForEachElement(String method, int models, double most) {
    MethodRun run =
        MethodRun.all(models).stream().filter(it -> it.method().equals(method)).findFirst().get();

    assertThat(DeviceTraffic.of(run, COUNT).bytesPerElement()).isBetween(most / 2, most);
  }
}
