package dev.stockpot.kernels.vector;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class VectorProviderTest {
  @Test
  void runsWhereTheModuleIs() {
    assertThat(new VectorProvider().name()).isEqualTo("vector");
    assertThat(new VectorProvider().obstacle()).isEmpty();
  }

  @Test
  void saysHowToStartAJvmThatLacksTheModule() throws IOException {
    Process jvm =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    Obstacle.class.getName()))
            .redirectErrorStream(true)
            .start();
    String said = new String(jvm.getInputStream().readAllBytes(), UTF_8);

    assertThat(said.strip())
        .isEqualTo(
            "this JVM runs without the module jdk.incubator.vector;"
                + " start it with --add-modules=jdk.incubator.vector");
  }

  /** Asks in a JVM of its own, started without any option. */
  static final class Obstacle {
    private Obstacle() {}

    public static void main(String[] args) {
      System.out.println(new VectorProvider().obstacle().orElse("none"));
    }
  }
}
