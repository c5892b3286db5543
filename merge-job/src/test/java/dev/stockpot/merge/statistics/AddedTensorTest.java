package dev.stockpot.merge.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.plan.ModelHeaders;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Means and squares about them over two sets are those of all examples of both together. */
class AddedTensorTest {
  private static final String MODULE = "l.0.q";

  /** A column for each input, a row for each example. */
  private static final double[][] ONE = {{1, 0}, {4, -2}, {7, 0.5}};

  private static final double[][] OTHER = {{10, 3}, {-6, 3}};

  private static double mean(double[][] examples, int input) {
    return Arrays.stream(examples).mapToDouble(example -> example[input]).average().orElseThrow();
  }

  private static double squares(double[][] examples, int input) {
    double mean = mean(examples, input);
    return Arrays.stream(examples).mapToDouble(row -> Math.pow(row[input] - mean, 2)).sum();
  }

  private static StatisticsFile activations(String name, double count, DType... types) {
    ModelHeaders headers = ModelHeaders.named(name);
    headers.tensor(MODULE + ".mean", types[0], 2).tensor(MODULE + ".m2", types[1], 2);
    headers.tensor(MODULE + ".count", types[2]);
    return file(name, headers, "act_mean_std", Map.of(MODULE, count));
  }

  private static StatisticsFile file(
      String name, ModelHeaders headers, String kind, Map<String, Double> counts) {
    Map<String, String> metadata = Map.of("kind", kind, "normalised", "sum");
    StatisticsNotes notes = StatisticsNotes.of(metadata, new ArrayList<>());
    return new StatisticsFile(
        name,
        new StatisticsCheckpoint(headers.open(), notes, counts, List.of(), List.of()),
        metadata);
  }

  private static Map<String, AddedTensor> added(StatisticsFile a, StatisticsFile b) {
    return StatisticsSum.of(a, b).tensors().stream()
        .collect(Collectors.toMap(AddedTensor::name, tensor -> tensor));
  }

  /** What a set has of an input, by the tensor's name. */
  private static double number(double[][] examples, String tensor, long input) {
    return tensor.endsWith(".mean")
        ? mean(examples, (int) input)
        : tensor.endsWith(".m2") ? squares(examples, (int) input) : examples.length;
  }

  private static double[] elements(AddedTensor tensor, ElementSpan span) throws IOException {
    return tensor.elements(
        span,
        (source, asked) -> {
          double[][] examples = source.place(0).origin().startsWith("one/") ? ONE : OTHER;
          double[] numbers = new double[(int) asked.count()];
          for (int i = 0; i < numbers.length; i++) {
            numbers[i] = number(examples, source.place(0).tensor(), asked.first() + i);
          }
          return numbers;
        });
  }

  @Test
  void areThoseOfAllExamplesTogether() throws IOException {
    double[][] all = new double[ONE.length + OTHER.length][];
    System.arraycopy(ONE, 0, all, 0, ONE.length);
    System.arraycopy(OTHER, 0, all, ONE.length, OTHER.length);
    Map<String, AddedTensor> added =
        added(
            activations("one", 3, DType.F32, DType.F32, DType.I64),
            activations("other", 2, DType.F32, DType.F64, DType.I32));
    ElementSpan both = new ElementSpan(0, 2);
    assertThat(elements(added.get(MODULE + ".mean"), both))
        .containsExactly(new double[] {mean(all, 0), mean(all, 1)}, within(1e-12));
    assertThat(elements(added.get(MODULE + ".m2"), both))
        .containsExactly(new double[] {squares(all, 0), squares(all, 1)}, within(1e-12));
    assertThat(elements(added.get(MODULE + ".count"), new ElementSpan(0, 1))).containsExactly(5);
    assertThat(elements(added.get(MODULE + ".m2"), new ElementSpan(1, 1)))
        .containsExactly(new double[] {squares(all, 1)}, within(1e-12));
    assertThat(added.get(MODULE + ".mean").dtype()).isEqualTo(DType.F32);
    assertThat(added.get(MODULE + ".m2").dtype()).isEqualTo(DType.F64);
    assertThat(added.get(MODULE + ".count").dtype()).isEqualTo(DType.I64);
  }

  @Test
  void squaresWithoutTheirMeansAreRefused() {
    StatisticsFile alone =
        file(
            "b",
            ModelHeaders.named("b").tensor(MODULE + ".m2", DType.F32, 2),
            "act_mean_std",
            Map.of(MODULE, 2.0));
    StatisticsFile other =
        file(
            "c",
            ModelHeaders.named("c")
                .tensor(MODULE + ".m2", DType.F32, 2)
                .tensor(MODULE + ".mean", DType.F32, 3),
            "act_mean_std",
            Map.of(MODULE, 2.0));
    assertThatThrownBy(() -> added(alone, alone))
        .isInstanceOf(UserException.class)
        .hasMessage("b has l.0.q.m2 without l.0.q.mean of its shape");
    assertThatThrownBy(() -> added(other, other))
        .hasMessage("c has l.0.q.m2 without l.0.q.mean of its shape");
  }

  @ParameterizedTest
  @CsvSource({
    "F32, F32, F32",
    "BF16, F16, F32",
    "F32, F64, F64",
    "F64, BF16, F64",
  })
  void aSumIsAsWideAsTheWiderAndNeverNarrow(DType first, DType second, DType sum) {
    assertThat(AddedTensor.type(first, second)).isEqualTo(sum);
    StatisticsFile a = gram("a", first);
    StatisticsFile b = gram("b", second);
    assertThat(added(a, b).get(MODULE + ".gram").dtype()).isEqualTo(sum);
  }

  private static StatisticsFile gram(String name, DType type) {
    return file(
        name, ModelHeaders.named(name).tensor(MODULE + ".gram", type, 2, 2), "gram", Map.of());
  }

  @ParameterizedTest
  @CsvSource({"I32", "BOOL", "F8_E8M0"})
  void whatIsNoNumberIsNotAdded(DType type) {
    assertThatThrownBy(() -> added(gram("a", DType.F32), gram("b", type)))
        .isInstanceOf(UserException.class)
        .hasMessage("l.0.q.gram is stored as %s, which no sum can be made of".formatted(type));
  }

  @Test
  void modulesThatOneSetNeverMetAreNamedUpToThree() {
    ModelHeaders many = ModelHeaders.named("a");
    for (int expert = 0; expert < 5; expert++) {
      many.tensor("e.%s.gram".formatted(expert), DType.F32, 1, 1);
    }
    StatisticsFile a = file("a", many, "gram", Map.of());
    StatisticsFile b = file("b", ModelHeaders.named("b"), "gram", Map.of());
    assertThat(StatisticsSum.of(b, a).remarks())
        .containsExactly("5 modules of one set alone are taken as they are: e.0, e.1, e.2, …");
    assertThat(StatisticsSum.of(b, a).tensors())
        .extracting(AddedTensor::name)
        .containsExactly("e.0.gram", "e.1.gram", "e.2.gram", "e.3.gram", "e.4.gram");
  }

  @Test
  void tensorsOfExamplesAreAllThereInBoth() {
    Map<String, Double> none = Map.of();
    StatisticsFile a =
        file("a", ModelHeaders.named("a").tensor("w", DType.F32, 2), "fisher_diag", none);
    StatisticsFile b = file("b", ModelHeaders.named("b"), "fisher_diag", none);
    String message = "b has no w, which the other has. Compute both of the same model, in one form";
    assertThatThrownBy(() -> StatisticsSum.of(a, b)).hasMessage(message);
    assertThatThrownBy(() -> StatisticsSum.of(b, a)).hasMessage(message);
  }
}
