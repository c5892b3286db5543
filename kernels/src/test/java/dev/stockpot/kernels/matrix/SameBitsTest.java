package dev.stockpot.kernels.matrix;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.MatrixKernels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every operation gives the bits of plain loops, whoever computes it and however it is cut. */
class SameBitsTest {
  private static List<String> plain;

  @BeforeAll
  static void computePlainly() {
    plain = Fingerprints.of(Algebra.SCALAR, 1, Blocking.DEFAULT);
  }

  static Stream<Arguments> cuts() {
    return Stream.of(
        Arguments.of(Algebra.SCALAR, 2, Algebra.SMALL),
        Arguments.of(Algebra.SCALAR, 3, Algebra.ODD),
        Arguments.of(Algebra.LANES, 1, Blocking.of(Algebra.LANES)),
        Arguments.of(Algebra.LANES, 2, Algebra.SMALL),
        Arguments.of(Algebra.LANES, 3, Algebra.ODD),
        Arguments.of(Algebra.LANES, 4, Blocking.DEFAULT));
  }

  @ParameterizedTest
  @MethodSource("cuts")
  void areThoseOfPlainLoops(MatrixKernels kernels, int threads, Blocking blocking) {
    assertThat(Fingerprints.of(kernels, threads, blocking)).isEqualTo(plain);
  }

  /**
   * By flag, in JVMs of their own: what a machine with such registers computes. They take seconds,
   * as each compiles all of it anew.
   */
  @ParameterizedTest
  @ValueSource(ints = {16, 32, 64})
  void areThoseOfLanesOfEveryWidth(int bytes) throws IOException {
    assertThat(said("-XX:MaxVectorSize=" + bytes)).isEqualTo(plain);
  }

  private static List<String> said(String... options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(
        List.of(
            "--add-modules=jdk.incubator.vector",
            "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Fingerprints.class.getName()));
    Process jvm =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    return new String(jvm.getInputStream().readAllBytes(), UTF_8).lines().toList();
  }
}
