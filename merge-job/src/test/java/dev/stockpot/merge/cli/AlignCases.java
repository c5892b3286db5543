package dev.stockpot.merge.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A network of one hidden layer, a copy of it with its units elsewhere, and another one. */
abstract class AlignCases {
  private static final int[] ORDER = {3, 0, 4, 1, 2};

  @TempDir Path folder;

  @BeforeEach
  void writeModels() throws IOException {
    write("a", new int[] {0, 1, 2, 3, 4}, 1);
    write("moved", ORDER, 1);
    write("other", new int[] {0, 1, 2, 3, 4}, 2);
  }

  /** Five hidden units between three inputs and two outputs, in some order. */
  void write(String name, int[] order, long seed) throws IOException {
    Random random = new Random(seed);
    float[][] in = new float[5][3];
    float[] bias = new float[5];
    float[][] out = new float[5][2];
    for (int unit = 0; unit < 5; unit++) {
      for (int i = 0; i < 3; i++) {
        in[unit][i] = (float) random.nextGaussian();
      }
      bias[unit] = (float) random.nextGaussian();
      for (int i = 0; i < 2; i++) {
        out[unit][i] = (float) random.nextGaussian();
      }
    }
    float[] first = new float[15];
    float[] middle = new float[5];
    float[] last = new float[10];
    for (int place = 0; place < 5; place++) {
      System.arraycopy(in[order[place]], 0, first, 3 * place, 3);
      middle[place] = bias[order[place]];
      last[place] = out[order[place]][0];
      last[5 + place] = out[order[place]][1];
    }
    ModelFolder.at(folder.resolve(name))
        .matrix("0.weight", first, 5, 3)
        .floats("0.bias", middle)
        .matrix("2.weight", last, 2, 5)
        .floats("2.bias", 1, 2)
        .write();
  }

  static String average(String model, String align) {
    return """
    merge_method: linear
    models:
      - model: a
        parameters: {weight: 0.5}
      - model: %s
        align: %s
        parameters: {weight: 0.5}
    """
        .formatted(model, align);
  }

  CommandLineRun merge(String recipe, String... more) throws IOException {
    return CommandLineRun.merging(folder, "out", recipe, more);
  }
}
