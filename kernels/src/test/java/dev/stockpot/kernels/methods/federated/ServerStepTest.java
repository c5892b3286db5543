package dev.stockpot.kernels.methods.federated;

import static dev.stockpot.kernels.methods.Closeness.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.Operands;
import dev.stockpot.kernels.Samples;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.method.BlockMerge;
import dev.stockpot.kernels.methods.Merging;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.random.Numbers;
import dev.stockpot.kernels.scalar.ScalarProvider;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Steps of a server over blocks: sums, noise, and what is remembered. */
class ServerStepTest {
  private static final ServerStep.Memory NOTHING = ServerStep.Memory.NONE;

  static List<Merging> onCpu() {
    return Merging.onCpu().toList();
  }

  private static ServerStep mean(List<Integer> inputs, List<Double> shares) {
    return new ServerStep(ServerRule.AVERAGE, 0, inputs, shares, List.of(), NOTHING);
  }

  /** In plain float64 the small one would be lost between two large ones. */
  @ParameterizedTest
  @MethodSource("onCpu")
  void sumsLoseNothingToTheOrderOfClients(Merging merging) {
    float[] large = {0x1p60f};
    float[] opposite = {-0x1p60f};
    float[] small = {3};
    List<Double> ones = List.of(1.0, 1.0, 1.0);

    for (List<Integer> order : List.of(List.of(0, 1, 2), List.of(0, 2, 1), List.of(2, 0, 1))) {
      assertThat(merging.merge(mean(order, ones), large, opposite, small)).containsExactly(3);
    }
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void sharesGoWithTheInputsThatTheyAreOf(Merging merging) {
    float[] made =
        merging.merge(
            mean(List.of(2, 1), List.of(0.25, 0.5)), Samples.filled(3, 99), one(8), one(100));

    assertThat(made).containsExactly(29, 29, 29);
  }

  private static float[] one(float value) {
    return Samples.filled(3, value);
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void piecesAreStepsOfTheWholeInEveryBit(Merging merging) {
    Numbers noise = Numbers.normal(7, "w, round 2", 0, 0.01);
    ServerStep step =
        new ServerStep(
            ServerRule.AVERAGE,
            0,
            List.of(1, 2),
            List.of(0.3, 0.7),
            List.of(new ServerStep.Noise(noise)),
            NOTHING);
    float[][] inputs = {
      Samples.normal(9_000, 1, 1), Samples.normal(9_000, 1, 2), Samples.normal(9_000, 1, 3)
    };

    assertSameBits(merging.cutAt(4_096, 8_192).merge(step, inputs), merging.merge(step, inputs));
  }

  @Test
  void noiseIsAddedToTheMeanByTheElementInTheTensor() {
    Numbers noise = Numbers.normal(7, "w, round 2", 0, 1);
    float[] drawn = new float[6];
    noise.fill(40, drawn);
    ServerStep step =
        new ServerStep(
            ServerRule.AVERAGE,
            0,
            List.of(0),
            List.of(1.0),
            List.of(new ServerStep.Noise(noise)),
            NOTHING);

    try (Operands operands = new Operands();
        Kernels<?> kernels = new ScalarProvider().open()) {
      Operand server = operands.of(DType.F32, 1, 2, 3, 4, 5, 6, 7, 8);
      Operand output = operands.zeros(DType.F32, 8);
      step.open(kernels).merge(new Block(40, 2, 6), List.of(server), output);

      float[] made = Operands.floats(output);
      assertThat(made[1]).isZero(); // before the block
      for (int i = 0; i < 6; i++) {
        assertThat(made[2 + i]).isEqualTo((float) (3.0 + i + drawn[i]));
      }
    }
  }

  @Test
  void whatIsRememberedIsReadAndWrittenInItsOrder() {
    ServerStep.Memory memory =
        new ServerStep.Memory(
            List.of(2, 3), 99, new ServerRule.Numbers(1, 0.5, 0.75, 0, /* isFirst= */ false));
    ServerStep adam =
        new ServerStep(ServerRule.ADAM, 0, List.of(1), List.of(1.0), List.of(), memory);
    float[][] inputs = {{0, 0}, {2, 4}, {6, 0}, {12, 0}};

    assertThat(merged(adam, inputs))
        .isDeepEqualTo(
            new float[][] {
              {4f / (float) Math.sqrt(10), 1}, // m / √v
              {0.5f * 6 + 0.5f * 2, 2},
              {0.75f * 12 + 0.25f * 4, 4}
            });
  }

  @Test
  void aFirstRoundBeginsWithNoStepAndTheFirstSquare() {
    ServerStep.Memory memory =
        new ServerStep.Memory(List.of(), 12, new ServerRule.Numbers(1, 0.5, 0.75, 0, true));
    ServerStep adam =
        new ServerStep(ServerRule.ADAM, 0, List.of(1), List.of(1.0), List.of(), memory);
    float[][] made = merged(adam, new float[][] {{0}, {2}});

    assertThat(made[1]).containsExactly(1); // half of 2
    assertThat(made[2]).containsExactly(0.75f * 12 + 0.25f * 4);
  }

  /** All of its outputs, of a tensor in two blocks of unlike lengths. */
  private static float[][] merged(ServerStep step, float[][] inputs) {
    try (Operands operands = new Operands();
        Kernels<?> kernels = new ScalarProvider().open()) {
      int count = inputs[0].length;
      List<Operand> loaded =
          Arrays.stream(inputs).map(input -> operands.of(DType.F32, input)).toList();
      List<Operand> outputs =
          List.of(
              operands.zeros(DType.F32, count),
              operands.zeros(DType.F32, count),
              operands.zeros(DType.F32, count));
      BlockMerge merge = step.open(kernels);
      merge.merge(new Block(0, 0, 1), loaded, outputs);
      if (count > 1) {
        merge.merge(new Block(1, 1, count - 1), loaded, outputs);
      }
      return outputs.stream().map(Operands::floats).toArray(float[][]::new);
    }
  }

  @Test
  void aStepThatRemembersHasMoreThanOneOutput() {
    ServerStep step =
        new ServerStep(ServerRule.MOMENTUM, 0, List.of(1), List.of(1.0), List.of(), NOTHING);
    try (Operands operands = new Operands();
        Kernels<?> kernels = new ScalarProvider().open()) {
      Operand operand = operands.of(DType.F32, 1);
      BlockMerge merge = step.open(kernels);
      assertThatThrownBy(() -> merge.merge(new Block(0, 0, 1), List.of(operand, operand), operand))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageEndingWith("but the merge makes several");
    }
  }
}
