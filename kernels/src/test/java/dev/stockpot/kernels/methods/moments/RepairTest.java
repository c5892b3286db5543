package dev.stockpot.kernels.methods.moments;

import static dev.stockpot.kernels.methods.moments.Stepping.change;
import static dev.stockpot.kernels.methods.moments.Stepping.mean;
import static dev.stockpot.kernels.methods.moments.Stepping.products;
import static dev.stockpot.kernels.methods.moments.Stepping.terms;
import static dev.stockpot.kernels.methods.moments.Stepping.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.method.BesideTensor;
import dev.stockpot.kernels.method.ParameterValues;
import dev.stockpot.kernels.method.PostProgram;
import dev.stockpot.kernels.method.PostStep;
import dev.stockpot.kernels.method.SideInput;
import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.methods.MatrixMerging;
import dev.stockpot.kernels.methods.MatrixMerging.Tensor;
import dev.stockpot.kernels.methods.PostSteps;
import dev.stockpot.kernels.number.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** REPAIR beside samples and plain code. */
class RepairTest {
  private static final int SAMPLES = 4_000;
  private static final int INPUTS = Layer.INPUTS;
  private static final int CHANNELS = Layer.CHANNELS;
  private static final PostStep REPAIR = PostSteps.named("repair").orElseThrow();

  private static double[][] inputs() {
    Random random = new Random(5);
    double[][] inputs = new double[SAMPLES / 10][INPUTS];
    for (double[] row : inputs) {
      double common = random.nextGaussian();
      Arrays.setAll(row, j -> Math.max(0, common + j * random.nextGaussian()));
    }
    return inputs;
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

  @ParameterizedTest
  @ValueSource(doubles = {0.5, 0.25, 1})
  void channelsGetTheMomentsBetweenThoseOfTheModels(double share) {
    double[][] inputs = inputs();
    Layer a = Layer.drawn(1);
    Layer b = Layer.drawn(2);
    Layer merged = Layer.between(a, b, share);
    double[][] ofA = a.outputs(inputs);
    double[][] ofB = b.outputs(inputs);
    Tensor[] sides = {
      Layer.means(ofA),
      Layer.means(ofB),
      Layer.squares(ofA, ofA),
      Layer.squares(ofB, ofB),
      Layer.productsOf(ofA, ofB),
      Layer.sums(ofA),
      Layer.sums(ofB),
      Layer.means(ofA)
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
                all(
                    Tensor.of(a.weights()),
                    Tensor.of(b.weights()),
                    sides,
                    Tensor.of(merged.weights()))),
            change(
                biases,
                REPAIR,
                all(
                    Tensor.vector(a.biases()),
                    Tensor.vector(b.biases()),
                    sides,
                    Tensor.vector(merged.biases())))[0]);

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
            terms,
            REPAIR,
            Tensor.of(a),
            Tensor.of(a),
            ones,
            ones,
            squares,
            squares,
            together,
            zeros,
            zeros,
            ones,
            Tensor.of(a));
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
        terms("l.0.weight", Shape.of(CHANNELS, 1), 1, 1).with(values).beside(closed(1, false));
    return change(
        terms,
        REPAIR,
        ones,
        ones,
        means,
        means,
        Tensor.vector(own),
        Tensor.vector(own),
        Tensor.vector(both),
        means,
        means,
        means,
        ones);
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
}
