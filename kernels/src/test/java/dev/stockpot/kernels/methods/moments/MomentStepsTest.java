package dev.stockpot.kernels.methods.moments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.method.BesideTensor;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.ParameterValues;
import dev.stockpot.kernels.method.PostProgram;
import dev.stockpot.kernels.method.PostStep;
import dev.stockpot.kernels.method.SideInput;
import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.methods.MatrixMerging;
import dev.stockpot.kernels.methods.MatrixMerging.Tensor;
import dev.stockpot.kernels.methods.PostSteps;
import dev.stockpot.kernels.methods.Terms;
import dev.stockpot.kernels.number.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** REPAIR in closed form and the mixture of batch norms, beside samples and plain code. */
class MomentStepsTest {
  private static final int SAMPLES = 4_000;
  private static final int INPUTS = 5;
  private static final int CHANNELS = 6;
  private static final PostStep REPAIR = PostSteps.named("repair").orElseThrow();
  private static final PostStep MIXTURE = PostSteps.named("batch_norm").orElseThrow();

  /** A layer: weights of its channels, and their biases. */
  private record Layer(double[][] weights, double[] biases) {
    static Layer drawn(long seed) {
      return new Layer(
          MatrixMerging.random(CHANNELS, INPUTS, 1, seed),
          MatrixMerging.random(1, CHANNELS, 1, seed + 100)[0]);
    }

    static Layer mean(Layer a, Layer b, double share) {
      double[][] weights = new double[CHANNELS][INPUTS];
      double[] biases = new double[CHANNELS];
      for (int i = 0; i < CHANNELS; i++) {
        biases[i] = (float) ((1 - share) * a.biases[i] + share * b.biases[i]);
        for (int j = 0; j < INPUTS; j++) {
          weights[i][j] = (float) ((1 - share) * a.weights[i][j] + share * b.weights[i][j]);
        }
      }
      return new Layer(weights, biases);
    }

    /** What it puts out of the same inputs, by channel. */
    double[][] outputs(double[][] inputs) {
      double[][] outputs = new double[CHANNELS][inputs.length];
      for (int i = 0; i < CHANNELS; i++) {
        for (int s = 0; s < inputs.length; s++) {
          outputs[i][s] = biases[i];
          for (int j = 0; j < INPUTS; j++) {
            outputs[i][s] += weights[i][j] * inputs[s][j];
          }
        }
      }
      return outputs;
    }
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  /** The sum of products of differences from the means. */
  private static double products(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - mean(a)) * (b[i] - mean(b));
    }
    return sum;
  }

  private static Tensor means(double[][] outputs) {
    return Tensor.vector(Arrays.stream(outputs).mapToDouble(MomentStepsTest::mean).toArray());
  }

  private static Tensor squares(double[][] a, double[][] b) {
    double[] squares = new double[a.length];
    Arrays.setAll(squares, i -> products(a[i], b[i]));
    return Tensor.vector(squares);
  }

  private static Tensor sums(double[][] outputs) {
    return Tensor.vector(
        Arrays.stream(outputs).mapToDouble(all -> Arrays.stream(all).sum()).toArray());
  }

  private static Tensor products(double[][] a, double[][] b) {
    double[] products = new double[a.length];
    Arrays.setAll(
        products, i -> products(a[i], b[i]) + a[i].length * mean(a[i]) * mean(b[i]));
    return Tensor.vector(products);
  }

  private static double[][] inputs() {
    Random random = new Random(5);
    double[][] inputs = new double[SAMPLES / 10][INPUTS];
    for (double[] row : inputs) {
      double common = random.nextGaussian();
      Arrays.setAll(row, j -> Math.max(0, common + j * random.nextGaussian()));
    }
    return inputs;
  }

  private static ParameterValues values(PostStep step, Object... given) {
    Map<String, Object> values = new HashMap<>();
    for (Parameter<?> parameter : step.parameters()) {
      parameter.plainStandard().ifPresent(standard -> values.put(parameter.name(), standard));
    }
    for (int i = 0; i < given.length; i += 2) {
      values.put((String) given[i], given[i + 1]);
    }
    return new ParameterValues(values);
  }

  private static TensorTerms terms(String tensor, Shape shape, double... weights) {
    Terms terms =
        Terms.of("linear", Math.toIntExact(shape.elements()))
            .shape(shape.dimensions().stream().mapToLong(length -> length).toArray())
            .tensor(tensor);
    for (double weight : weights) {
      terms.model("weight", weight);
    }
    return terms.build();
  }

  private static SideInput.Given given(BesideTensor what, int model, int count, boolean columns) {
    SideInput.Facts facts = new SideInput.Facts(Shape.of(CHANNELS), count, true, columns);
    return what.given(model < 0 ? OptionalInt.empty() : OptionalInt.of(model), facts);
  }

  private static List<SideInput.Given> closed(int count, boolean columns) {
    return List.of(
        given(Repair.MEANS, 0, count, columns),
        given(Repair.MEANS, 1, count, columns),
        given(Repair.SQUARES, 0, count, columns),
        given(Repair.SQUARES, 1, count, columns),
        given(Repair.TOGETHER, -1, count, columns),
        given(Repair.FIRST_SUM, -1, count, columns),
        given(Repair.SECOND_SUM, -1, count, columns),
        given(BesideTensor.sibling("bias"), 0, 1, columns));
  }

  private static double[][] change(TensorTerms terms, PostStep step, Tensor... inputs) {
    assertThat(step.problemWith(terms)).isEmpty();
    return MatrixMerging.change(terms, step.program(terms).orElseThrow(), inputs);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.5, 0.25, 1})
  void channelsGetTheMomentsBetweenThoseOfTheModels(double share) {
    double[][] inputs = inputs();
    Layer a = Layer.drawn(1);
    Layer b = Layer.drawn(2);
    Layer merged = Layer.mean(a, b, share);
    double[][] ofA = a.outputs(inputs);
    double[][] ofB = b.outputs(inputs);
    Tensor[] sides = {
      means(ofA),
      means(ofB),
      squares(ofA, ofA),
      squares(ofB, ofB),
      products(ofA, ofB),
      sums(ofA),
      sums(ofB),
      means(ofA)
    };
    TensorTerms weights =
        terms("l.0.weight", Shape.of(CHANNELS, INPUTS), 1 - share, share)
            .with(values(REPAIR, "most", 1000.0))
            .beside(closed(inputs.length, false));
    TensorTerms biases =
        terms("l.0.bias", Shape.of(CHANNELS), 1 - share, share)
            .with(values(REPAIR, "most", 1000.0))
            .beside(closed(inputs.length, false));
    Layer repaired =
        new Layer(
            change(
                weights,
                REPAIR,
                all(Tensor.of(a.weights), Tensor.of(b.weights), sides, Tensor.of(merged.weights))),
            change(
                biases,
                REPAIR,
                all(
                    Tensor.vector(a.biases),
                    Tensor.vector(b.biases),
                    sides,
                    Tensor.vector(merged.biases)))[0]);

    double[][] outputs = repaired.outputs(inputs);
    for (int i = 0; i < CHANNELS; i++) {
      double wanted =
          (1 - share) * Math.sqrt(products(ofA[i], ofA[i]) / inputs.length)
              + share * Math.sqrt(products(ofB[i], ofB[i]) / inputs.length);
      double found = Math.sqrt(products(outputs[i], outputs[i]) / inputs.length);
      assertThat(found).isCloseTo(wanted, within(1e-4 * wanted));
      double mean = (1 - share) * mean(ofA[i]) + share * mean(ofB[i]);
      assertThat(mean(outputs[i])).isCloseTo(mean, within(1e-4 * (1 + Math.abs(mean))));
    }
  }

  private static Tensor[] all(Tensor a, Tensor b, Tensor[] sides, Tensor merged) {
    List<Tensor> all = new ArrayList<>(List.of(a, b));
    all.addAll(List.of(sides));
    all.add(merged);
    return all.toArray(Tensor[]::new);
  }

  @Test
  void withMomentsOfTheMergedModelThoseCount() {
    double[] a = {1, 1, 1, 1, 1, 1};
    double[] b = {3, 3, 3, 3, 3, 3};
    double[] merged = {2, 2, 2, 2, 2, 2};
    Tensor half = Tensor.vector(5, 5, 5, 5, 5, 5); // mean of the merged model
    TensorTerms terms =
        terms("l.0.bias", Shape.of(CHANNELS), 1, 1)
            .with(values(REPAIR))
            .beside(
                List.of(
                    given(Repair.MEANS, 0, 10, false),
                    given(Repair.MEANS, 1, 10, false),
                    given(Repair.SQUARES, 0, 10, false),
                    given(Repair.SQUARES, 1, 10, false),
                    given(Repair.MERGED_MEANS, -1, 40, false),
                    given(Repair.MERGED_SQUARES, -1, 40, false)));
    double[][] made =
        change(
            terms,
            REPAIR,
            Tensor.vector(a),
            Tensor.vector(b),
            Tensor.vector(1, 1, 1, 1, 1, 1),
            Tensor.vector(9, 9, 9, 9, 9, 9),
            Tensor.vector(40, 40, 40, 40, 40, 40), // deviation 2
            Tensor.vector(160, 160, 160, 160, 160, 160), // deviation 4
            half,
            Tensor.vector(90, 90, 90, 90, 90, 90), // deviation 1.5
            Tensor.vector(merged));
    // a = 3 / 1.5, b' = a (2 - 5) + (1 + 9) / 2
    assertThat(made[0]).containsOnly(2 * (2 - 5) + 5);
  }

  @Test
  void weightsOfConv1dHaveTheirChannelsInColumns() {
    double[][] a = MatrixMerging.random(INPUTS, CHANNELS, 1, 1);
    Tensor ones = Tensor.vector(1, 1, 1, 1, 1, 1);
    Tensor squares = Tensor.vector(4, 4, 4, 4, 4, 4);
    Tensor together = Tensor.vector(4, 2, 0, -2, 4, 4);
    Tensor zeros = Tensor.vector(0, 0, 0, 0, 0, 0);
    TensorTerms terms =
        terms("l.0.weight", Shape.of(INPUTS, CHANNELS), 1, 1)
            .with(values(REPAIR))
            .beside(closed(1, true));
    double[][] made =
        change(
            terms, REPAIR, Tensor.of(a), Tensor.of(a), ones, ones, squares, squares, together, zeros,
            zeros, ones, Tensor.of(a));
    double[] gains = {1, 2 / Math.sqrt(3), Math.sqrt(2), 2, 1, 1};
    for (int i = 0; i < INPUTS; i++) {
      for (int j = 0; j < CHANNELS; j++) {
        assertThat(made[i][j]).isCloseTo(gains[j] * a[i][j], within(1e-9));
      }
    }
  }

  @Test
  void whatCancelsIsNotRaisedWithoutEnd() {
    double[][] made = ofWeights(values(REPAIR, "most", 3.0), -4, 4); // opposite in all samples
    assertThat(made[0][0]).isCloseTo(3, within(1e-9));
  }

  @Test
  void whatNeverVariedStaysAsItIs() {
    assertThat(ofWeights(values(REPAIR), 0, 0)[0][0]).isEqualTo(1);
  }

  /** Weights of one everywhere, with such moments of each channel. */
  private static double[][] ofWeights(ParameterValues values, double together, double squares) {
    Tensor ones = Tensor.of(new double[][] {{1}, {1}, {1}, {1}, {1}, {1}});
    double[] own = new double[CHANNELS];
    double[] both = new double[CHANNELS];
    Arrays.fill(own, squares);
    Arrays.fill(both, together);
    Tensor means = Tensor.vector(new double[CHANNELS]);
    TensorTerms terms =
        terms("l.0.weight", Shape.of(CHANNELS, 1), 1, 1)
            .with(values)
            .beside(closed(1, false));
    return change(
        terms, REPAIR, ones, ones, means, means, Tensor.vector(own), Tensor.vector(own),
        Tensor.vector(both), means, means, means, ones);
  }

  @Test
  void whatIsNoAverageIsRefused() {
    Tensor ones = Tensor.of(new double[][] {{1}, {1}, {1}, {1}, {1}, {1}});
    Tensor twos = Tensor.of(new double[][] {{2}, {2}, {2}, {2}, {2}, {2}});
    Tensor means = Tensor.vector(new double[CHANNELS]);
    TensorTerms terms =
        terms("l.0.weight", Shape.of(CHANNELS, 1), 1, 1)
            .with(values(REPAIR))
            .beside(closed(1, false));
    PostProgram program = REPAIR.program(terms).orElseThrow();
    assertThatThrownBy(
            () ->
                MatrixMerging.change(
                    terms, program, ones, ones, means, means, means, means, means, means, means,
                    means, twos))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("`repair` follows an average of the models by their weights")
        .hasMessageContaining("up to 1.0 off");
  }

  @Test
  void modelsThatItIsNotForAreRefusedBefore() {
    TensorTerms three = terms("l.0.weight", Shape.of(CHANNELS, 1), 1, 1, 1);
    assertThat(REPAIR.problemWith(three)).hasValueSatisfying(why -> contains(why, "there are 3"));
    TensorTerms norm = terms("bn.running_var", Shape.of(4), 1, 1);
    assertThat(REPAIR.problemWith(norm)).hasValueSatisfying(why -> contains(why, "batch norms"));
    TensorTerms negative = terms("l.0.weight", Shape.of(CHANNELS, 1), 2, -1);
    assertThat(REPAIR.problemWith(negative)).isPresent();
    assertThat(MIXTURE.problemWith(negative)).isPresent();
    TensorTerms other =
        terms("l.0.weight", Shape.of(CHANNELS + 1, 1), 1, 1).beside(closed(1, false));
    assertThat(REPAIR.problemWith(other))
        .hasValueSatisfying(why -> contains(why, "statistics of 6 channels where there are 7"));
  }

  private static void contains(String text, String part) {
    assertThat(text).contains(part);
  }

  @Test
  void whatHasNoBiasNoStatisticsOrIsLeftOutStays() {
    TensorTerms terms = terms("l.0.weight", Shape.of(CHANNELS, 1), 1, 1).with(values(REPAIR));
    assertThat(REPAIR.program(terms)).isEmpty();
    assertThat(REPAIR.program(terms.beside(closed(1, false)))).isPresent();
    assertThat(REPAIR.program(terms.beside(closed(1, false).subList(0, 7)))).isEmpty();
    assertThat(REPAIR.program(terms.beside(closed(1, false).subList(0, 4)))).isEmpty();
    TensorTerms left = terms.with(values(REPAIR, "skip", true)).beside(closed(1, false));
    assertThat(REPAIR.program(left)).isEmpty();
    TensorTerms norm =
        terms("norm.weight", Shape.of(CHANNELS), 1, 1)
            .with(values(REPAIR))
            .beside(closed(1, false));
    assertThat(REPAIR.program(norm)).isEmpty();
  }

  @Test
  void variancesOfBatchNormsAreThoseOfTheMixture() {
    Random random = new Random(3);
    double[][] sets = new double[3][1_000];
    for (int set = 0; set < sets.length; set++) {
      int of = set;
      Arrays.setAll(sets[set], i -> 3 * of + (of + 1) * random.nextGaussian());
    }
    double[] all = Arrays.stream(sets).flatMapToDouble(Arrays::stream).toArray();
    double[] variances =
        Arrays.stream(sets).mapToDouble(set -> products(set, set) / set.length).toArray();
    List<SideInput.Given> sides = new ArrayList<>();
    List<Tensor> inputs = new ArrayList<>();
    for (double variance : variances) {
      inputs.add(Tensor.vector(variance));
    }
    BesideTensor means = MIXTURE.beside().get(0);
    for (int set = 0; set < sets.length; set++) {
      sides.add(means.given(OptionalInt.of(set), SideInput.Facts.of(Shape.of(1))));
      inputs.add(Tensor.vector(mean(sets[set])));
    }
    inputs.add(Tensor.vector(mean(variances)));
    TensorTerms terms =
        terms("bn.running_var", Shape.of(1), 2, 2, 2).with(values(MIXTURE)).beside(sides);
    double[][] made = change(terms, MIXTURE, inputs.toArray(Tensor[]::new));
    double expected = products(all, all) / all.length;
    assertThat(made[0][0]).isCloseTo(expected, within(1e-5 * expected));
    assertThat(MIXTURE.program(terms.beside(sides.subList(0, 2)))).isEmpty();
    assertThat(
            MIXTURE.program(
                terms("bn.running_mean", Shape.of(1), 1, 1, 1)
                    .with(values(MIXTURE))
                    .beside(sides)))
        .isEmpty();
  }
}
