package dev.stockpot.kernels.methods;

import static dev.stockpot.kernels.methods.Closeness.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.Samples;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.scalar.ScalarProvider;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs, scans and statistics travel between driver and executors and stay what they are. */
class SerializationTest {
  private static final int ELEMENTS = Block.REDUCTION_ELEMENTS + 5_000;

  /** Inputs, made once. */
  private static float[][] tied;

  private static float[][] normal;

  private final Set<String> travelled = new HashSet<>();
  private final Merging whole = Merging.by(new ScalarProvider());
  private final Merging sent = whole.cutAt(Block.REDUCTION_ELEMENTS).sending(this::travel);

  @BeforeAll
  static void makeInputs() {
    tied = new float[EveryMethod.MOST_INPUTS][];
    Arrays.setAll(tied, i -> Samples.tied(ELEMENTS, i + 1));
    normal = new float[][] {Samples.normal(ELEMENTS, 1, 1), Samples.normal(ELEMENTS, 1, 2)};
  }

  @AfterAll
  static void forget() {
    tied = null;
    normal = null;
  }

  static List<EveryMethod> everyMethod() {
    return EveryMethod.all();
  }

  @ParameterizedTest
  @MethodSource("everyMethod")
  void everyMethodTravels(EveryMethod each) {
    float[][] inputs = Arrays.copyOf(tied, each.inputs());
    Terms terms = each.terms(ELEMENTS / 8, 8); // the cut lies between rows

    assertSameBits(sent.merge(terms, inputs), whole.merge(terms, inputs));
  }

  @ParameterizedTest
  @ValueSource(strings = {"task_arithmetic", "ties", "dare_linear", "dare_ties"})
  void taskArithmeticOfEveryKindTravels(String method) {
    Terms terms =
        Terms.of(method, ELEMENTS)
            .base()
            .model("weight", 0.7, "density", 0.3)
            .model("weight", 1.2, "density", 0.0)
            .model("weight", 0.2, "density", 1.0)
            .merge("normalize", true, "rescale", true, "lambda", 0.9);
    float[][] inputs = {new float[ELEMENTS], tied[0], tied[1], tied[2]};

    assertSameBits(sent.merge(terms, inputs), whole.merge(terms, inputs));
  }

  @Test
  void everyStageOfTrimmingTravels() {
    taskArithmeticOfEveryKindTravels("ties");

    assertThat(travelled)
        .containsExactlyInAnyOrder(
            "TaskVectorMerge", "DropScan", "RescaleScan", "StatisticList", "PartialSums");
  }

  @Test
  void slerpTravels() {
    Terms terms = Terms.of("slerp", ELEMENTS).base().model().merge("t", 0.3);

    assertSameBits(sent.merge(terms, normal), whole.merge(terms, normal));
    assertThat(travelled)
        .containsExactlyInAnyOrder("SpanMerge", "GramScan", "PartialSums", "WeightedSum");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nuslerp", "multislerp", "model_stock", "consensus", "magmax", "emr"})
  void methodsOfTwoModelsOnABaseTravel(String method) {
    Terms terms = Terms.of(method, ELEMENTS).base().model("weight", 0.7).model("weight", 1.2);

    assertTravels(terms, 3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"karcher", "uniform_soup", "median", "trimmed_mean"})
  void methodsWithoutABaseTravel(String method) {
    assertTravels(Terms.of(method, ELEMENTS).model().model().model(), 3);
  }

  @Test
  void everyStageOfABandTravels() {
    assertTravels(
        Terms.of("breadcrumbs_ties", ELEMENTS)
            .base()
            .model("weight", 0.7, "density", 0.3, "gamma", 0.1)
            .model("weight", 1.2, "density", 0.5, "gamma", 0.3),
        3);

    assertThat(travelled).containsExactlyInAnyOrder("TaskVectorMerge", "DropScan", "StatisticList");
  }

  @Test
  void sparseTaskVectorsTravel() {
    assertTravels(Terms.of("ram", ELEMENTS).base().model().model(), 3);
    assertTravels(Terms.of("ramplus_tl", ELEMENTS).base().model().model(), 3);

    assertThat(travelled).containsExactlyInAnyOrder("SharedAndLone", "LoneBoost", "Count", "Tally");
  }

  @Test
  void methodsWithAParameterOfTheirOwnTravel() {
    assertTravels(Terms.of("nearswap", ELEMENTS).base().model().merge("t", 0.01), 2);
    assertTravels(
        Terms.of("lines", ELEMENTS).base().model().depth(0.5).merge("alpha", 0.3, "beta", 0.5), 2);
  }

  @Test
  void everyStageOfSelectionByVarianceTravels() {
    assertTravels(Terms.of("sce", ELEMENTS).base().model().model().merge("select_topk", 0.3), 3);

    assertThat(travelled)
        .contains("EnergyMerge", "VarianceScan", "EnergyScan", "StatisticList", "Counts");
  }

  @Test
  void rowsAndColumnsTravel() {
    Terms rows = Terms.of("nuslerp", ELEMENTS).shape(ELEMENTS / 8, 8).base();
    rows.model("weight", 0.7).model("weight", 1.2);
    assertTravels(rows.merge("nuslerp_flatten", false, "nuslerp_row_wise", true), 3);
    assertTravels(rows.merge("nuslerp_flatten", false, "nuslerp_row_wise", false), 3);
    assertTravels(Terms.of("arcee_fusion", ELEMENTS).shape(ELEMENTS / 8, 8).base().model(), 2);
    assertTravels(
        Terms.of("della", ELEMENTS)
            .shape(ELEMENTS / 8, 8)
            .base()
            .model("weight", 0.7, "density", 0.4)
            .model("weight", 0.2, "density", 0.5),
        3);

    assertThat(travelled)
        .contains("ColumnGramScan", "ColumnSums", "RowSpanMerge", "DivergenceScan", "Settled");
  }

  private void assertTravels(Terms terms, int count) {
    float[][] inputs = {normal[0], tied[1], tied[2]};
    float[][] taken = Arrays.copyOf(inputs, count);

    assertSameBits(sent.merge(terms, taken), whole.merge(terms, taken));
  }

  @Test
  void linearAndPassthroughTravel() {
    Terms linear = Terms.of("linear", ELEMENTS).model("weight", 0.3).model("weight", 1.0);
    Terms passthrough = Terms.of("passthrough", ELEMENTS).model("scale", 0.3);

    assertSameBits(sent.merge(linear, normal), whole.merge(linear, normal));
    assertSameBits(sent.merge(passthrough, normal[0]), whole.merge(passthrough, normal[0]));
    assertThat(travelled).containsExactly("WeightedSum");
  }

  private Object travel(Object value) {
    travelled.add(value.getClass().getSimpleName());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return in.readObject();
    } catch (IOException | ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }
}
