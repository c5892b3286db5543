package dev.stockpot.merge.cli;

import dev.stockpot.kernels.number.DType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Random;

/** What goes into layers of small networks on the same examples, and statistics of that. */
final class TinyActivations {
  private static final int EXAMPLES = 64;
  private static final int INPUTS = 3;
  private static final int UNITS = 5;

  private final Path folder;

  TinyActivations(Path folder) {
    this.folder = folder;
  }

  /** Inputs, the same for every network. */
  static double[][] inputs() {
    Random random = new Random(7);
    double[][] inputs = new double[EXAMPLES][INPUTS];
    for (double[] input : inputs) {
      for (int i = 0; i < INPUTS; i++) {
        input[i] = random.nextGaussian();
      }
    }
    return inputs;
  }

  /** What hidden units of a network put out. */
  double[][] hidden(String name) throws IOException {
    Tensors model = new Tensors(folder.resolve(name));
    double[] weights = model.values("0.weight");
    double[] bias = model.values("0.bias");
    double[][] inputs = inputs();
    double[][] hidden = new double[EXAMPLES][UNITS];
    for (int example = 0; example < EXAMPLES; example++) {
      for (int unit = 0; unit < UNITS; unit++) {
        double sum = bias[unit];
        for (int i = 0; i < INPUTS; i++) {
          sum += weights[unit * INPUTS + i] * inputs[example][i];
        }
        hidden[example][unit] = Math.max(0, sum);
      }
    }
    return hidden;
  }

  /** What a network answers, an array for each example. */
  double[][] outputs(String name) throws IOException {
    Tensors model = new Tensors(folder.resolve(name));
    double[] weights = model.values("2.weight");
    double[] bias = model.values("2.bias");
    double[][] hidden = hidden(name);
    double[][] outputs = new double[EXAMPLES][bias.length];
    for (int example = 0; example < EXAMPLES; example++) {
      for (int i = 0; i < bias.length; i++) {
        outputs[example][i] = bias[i];
        for (int unit = 0; unit < UNITS; unit++) {
          outputs[example][i] += weights[i * UNITS + unit] * hidden[example][unit];
        }
      }
    }
    return outputs;
  }

  private static float[] products(double[][] x, double[][] y) {
    int columns = y[0].length;
    double[] sums = new double[x[0].length * columns];
    for (int example = 0; example < x.length; example++) {
      for (int i = 0; i < sums.length; i++) {
        sums[i] += x[example][i / columns] * y[example][i % columns];
      }
    }
    return floats(sums);
  }

  private static float[] sums(double[][] x) {
    double[] sums = new double[x[0].length];
    for (double[] row : x) {
      for (int i = 0; i < row.length; i++) {
        sums[i] += row[i];
      }
    }
    return floats(sums);
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  private static float[] diagonal(float[] square) {
    int size = (int) Math.round(Math.sqrt(square.length));
    float[] diagonal = new float[size];
    for (int i = 0; i < size; i++) {
      diagonal[i] = square[i * (size + 1)];
    }
    return diagonal;
  }

  private static float[] upper(float[] square) {
    int size = (int) Math.round(Math.sqrt(square.length));
    float[] upper = new float[size * (size + 1) / 2];
    int at = 0;
    for (int row = 0; row < size; row++) {
      for (int column = row; column < size; column++) {
        upper[at++] = square[row * size + column];
      }
    }
    return upper;
  }

  private ModelFolder begun(String kind) throws IOException {
    return ModelFolder.at(folder).metadata("kind", kind).metadata("normalised", "sum");
  }

  private static byte[] count() {
    return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(EXAMPLES).array();
  }

  /** Products of two networks' hidden units, with their sums, and with squares if wanted. */
  void crossgram(String one, String other, String file, boolean hasSquares) throws IOException {
    double[][] x = hidden(one);
    double[][] y = hidden(other);
    ModelFolder written =
        begun("crossgram")
            .matrix("2.crossgram", products(x, y), UNITS, UNITS)
            .floats("2.sum_a", sums(x))
            .floats("2.sum_b", sums(y))
            .tensor("2.count", DType.I64, count(), 1);
    if (hasSquares) {
      written
          .floats("2.square_a", diagonal(products(x, x)))
          .floats("2.square_b", diagonal(products(y, y)));
    }
    written.write(file);
  }

  /** What goes into both layers of a network: whole, its upper triangle, or its diagonal. */
  void gram(String name, String form, String file) throws IOException {
    float[] first = products(inputs(), inputs());
    float[] second = products(hidden(name), hidden(name));
    ModelFolder written = begun(form.equals("gram_diag") ? "gram_diag" : "gram");
    switch (form) {
      case "gram" ->
          written.matrix("0.gram", first, INPUTS, INPUTS).matrix("2.gram", second, UNITS, UNITS);
      case "gram_upper" ->
          written.floats("0.gram_upper", upper(first)).floats("2.gram_upper", upper(second));
      default ->
          written.floats("0.gram_diag", diagonal(first)).floats("2.gram_diag", diagonal(second));
    }
    written
        .tensor("0.count", DType.I64, count(), 1)
        .tensor("2.count", DType.I64, count(), 1)
        .write(file);
  }
}
