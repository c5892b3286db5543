package dev.stockpot.merge.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.plan.ModelHeaders;
import dev.stockpot.merge.statistics.Addition.Counts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Statistics over two sets of examples add up, or are refused. */
class StatisticsSumTest {
  private static final String Q = "layers.0.q";
  private static final String K = "layers.0.k";

  private static StatisticsFile file(
      String name, Map<String, String> metadata, Map<String, Double> counts, String... tensors) {
    ModelHeaders headers = ModelHeaders.named(name);
    for (String tensor : tensors) {
      headers.tensor(tensor, DType.F32, 2, 2);
    }
    List<String> problems = new ArrayList<>();
    StatisticsNotes notes = StatisticsNotes.of(metadata, problems);
    assertThat(problems).isEmpty();
    return new StatisticsFile(
        name,
        new StatisticsCheckpoint(headers.open(), notes, counts, List.of(), List.of()),
        metadata);
  }

  private static StatisticsFile gram(String name, String... tensors) {
    return file(
        name, Map.of("kind", "gram", "normalised", "mean"), Map.of(Q, 30.0, K, 10.0), tensors);
  }

  private static double[] sum(AddedTensor tensor, Map<String, double[]> numbers)
      throws IOException {
    return tensor.elements(
        new ElementSpan(0, 2), (source, span) -> numbers.get(source.place(0).origin()).clone());
  }

  @Test
  void meansCountByTheirSamples() throws IOException {
    StatisticsFile more =
        file("b", Map.of("kind", "gram", "normalised", "mean"), Map.of(Q, 90.0), Q + ".gram");
    StatisticsSum.Sum sum = StatisticsSum.of(gram("a", Q + ".gram"), more);
    AddedTensor added = sum.tensors().get(0);
    assertThat(added.name()).isEqualTo(Q + ".gram");
    assertThat(added.dtype()).isEqualTo(DType.F32);
    assertThat(added.shape()).isEqualTo(Shape.of(2, 2));
    Map<String, double[]> numbers =
        Map.of(
            "a/model.safetensors", new double[] {1, 8},
            "b/model.safetensors", new double[] {5, 0});
    assertThat(sum(added, numbers)).containsExactly(new double[] {4, 2}, within(1e-12));
    assertThat(sum.remarks()).isEmpty();
  }

  @Test
  void sumsAreAdded() throws IOException {
    Map<String, String> notes = Map.of("kind", "fisher_diag", "normalised", "sum");
    AddedTensor added =
        StatisticsSum.of(file("a", notes, Map.of(), "w"), file("b", notes, Map.of(), "w"))
            .tensors()
            .get(0);
    Map<String, double[]> numbers =
        Map.of(
            "a/model.safetensors", new double[] {1, 8},
            "b/model.safetensors", new double[] {5, 0.5});
    assertThat(sum(added, numbers)).containsExactly(6, 8.5);
  }

  @Test
  void bothSayWhetherTheyAreSums() {
    StatisticsFile silent = file("b", Map.of("kind", "gram"), Map.of(Q, 1.0), Q + ".gram");
    String message =
        "b does not say whether it holds sums or means. Write `normalised` as sum or mean into its metadata";
    assertThatThrownBy(() -> StatisticsSum.of(gram("a", Q + ".gram"), silent))
        .isInstanceOf(UserException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> StatisticsSum.of(silent, gram("a", Q + ".gram"))).hasMessage(message);
    StatisticsFile sums =
        file("c", Map.of("kind", "gram", "normalised", "sum"), Map.of(Q, 1.0), Q + ".gram");
    assertThatThrownBy(() -> StatisticsSum.of(gram("a", Q + ".gram"), sums))
        .hasMessage(
            "a and c do not add up, as one holds sums and the other means: normalised is 'mean' and 'sum'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "gram | fisher_diag | a is gram and b is fisher_diag: only statistics of one kind add up",
        "gram | - | a is gram and b is of no kind: only statistics of one kind add up",
        "- | - | a is of no kind and b is of no kind: only statistics of one kind add up",
        "svd | svd | `svd` of two sets of examples do not add up; those that do are act_mean_std, crossgram, fisher_diag, grad_abs, gram, gram_diag"
      })
  void refusesKindsThatDoNotAddUp(String first, String second, String message) {
    assertThatThrownBy(
            () ->
                StatisticsSum.of(
                    file("a", kind(first), Map.of()), file("b", kind(second), Map.of())))
        .isInstanceOf(UserException.class)
        .hasMessage(message);
  }

  private static Map<String, String> kind(String kind) {
    Map<String, String> notes = new HashMap<>();
    if (kind != null) {
      notes.put("kind", kind);
    }
    return notes;
  }

  @Test
  void refusesMeansOfNobodyKnowsHowMany() {
    StatisticsFile uncounted =
        file("b", Map.of("kind", "gram", "normalised", "mean"), Map.of(), Q + ".gram");
    assertThatThrownBy(() -> StatisticsSum.of(gram("a", Q + ".gram"), uncounted))
        .hasMessage(
            "b does not say how many samples layers.0.q.gram is a mean of: layers.0.q.count is missing");
    Map<String, String> notes = Map.of("kind", "fisher_diag", "normalised", "mean");
    Map<String, String> counted = new HashMap<>(notes);
    counted.put("n_examples", "100");
    assertThatThrownBy(
            () ->
                StatisticsSum.of(
                    file("a", counted, Map.of(), "w"), file("b", notes, Map.of(), "w")))
        .hasMessage(
            "b does not say how many samples w is a mean of: `n_examples` in its metadata is missing");
  }

  @Test
  void modulesThatOneSetNeverMetAreTakenAsTheyAre() throws IOException {
    StatisticsSum.Sum sum =
        StatisticsSum.of(gram("a", Q + ".gram", K + ".gram"), gram("b", Q + ".gram"));
    assertThat(sum.remarks())
        .containsExactly("1 module of one set alone are taken as they are: layers.0.k");
    AddedTensor lone = sum.tensors().get(0);
    assertThat(lone.name()).isEqualTo(K + ".gram");
    assertThat(sum(lone, Map.of("a/model.safetensors", new double[] {3, 4}))).containsExactly(3, 4);
  }

  @Test
  void refusesAModuleOfWhichOneLacksAPart() {
    Map<String, String> notes = Map.of("kind", "act_mean_std");
    Map<String, Double> counts = Map.of(Q, 5.0);
    assertThatThrownBy(
            () ->
                StatisticsSum.of(
                    file("a", notes, counts, Q + ".mean", Q + ".m2"),
                    file("b", notes, counts, Q + ".mean")))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "b has no layers.0.q.m2, which the other has. Compute both of the same model, in one form");
  }

  @Test
  void refusesAnotherModelsShapes() {
    StatisticsFile other =
        new StatisticsFile(
            "b",
            new StatisticsCheckpoint(
                ModelHeaders.named("b").tensor(Q + ".gram", DType.F32, 3, 3).open(),
                gram("a", Q + ".gram").checkpoint().notes(),
                Map.of(Q, 1.0),
                List.of(),
                List.of()),
            Map.of("kind", "gram", "normalised", "mean"));
    assertThatThrownBy(() -> StatisticsSum.of(gram("a", Q + ".gram"), other))
        .hasMessage(
            "layers.0.q.gram is [2, 2] in a and [3, 3] in b. Compute both of the same model");
  }

  /** Of 3 numbers with mean 2, and 1 with mean 6: the mean is 3, and m2 grows by 16 · 3/4. */
  @Test
  void squaresAboutTheMeanGrowByHowFarTheMeansLieApart() {
    Counts counts = new Counts(3, 1);
    assertThat(Addition.MEAN.of(2, 6, counts, 0)).isEqualTo(3);
    assertThat(Addition.SQUARES.of(2, 0, counts, 4)).isEqualTo(14);
    assertThat(Addition.SUM.of(2, 6, counts, 4)).isEqualTo(8);
  }

  @Test
  void nothingIsAddedByNoSamples() {
    assertThat(Addition.MEAN.of(2, 0, new Counts(5, 0), 0)).isEqualTo(2);
    assertThat(Addition.MEAN.of(0, 2, new Counts(0, 5), 0)).isEqualTo(2);
    assertThat(Addition.MEAN.of(0, 0, new Counts(0, 0), 0)).as("an expert nobody met").isZero();
    assertThat(Addition.SQUARES.of(7, 0, new Counts(5, 0), 3)).isEqualTo(7);
    assertThatThrownBy(() -> new Counts(-1, 2).share()).hasMessage("-1.0 and 2.0 samples");
  }

  @Test
  void numbersOfExamplesAddUpAndWhatDiffersIsTold() {
    Map<String, String> a =
        Map.of(
            "kind",
            "gram",
            "normalised",
            "mean",
            "n_examples",
            "7",
            "dataset_note",
            "x",
            "seed",
            "1");
    Map<String, String> b =
        Map.of(
            "kind",
            "gram",
            "normalised",
            "mean",
            "n_examples",
            "5",
            "dataset_note",
            "y",
            "seed",
            "2",
            "host",
            "h");
    StatisticsSum.Sum sum = StatisticsSum.of(file("a", a, Map.of()), file("b", b, Map.of()));
    assertThat(sum.metadata())
        .containsEntry("n_examples", "12")
        .containsEntry("dataset_note", "x + y")
        .containsEntry("host", "h")
        .doesNotContainKey("seed");
    assertThat(sum.remarks()).isEmpty();
  }

  @Test
  void whatOneSetDoesNotKnowIsNotKnownOfBothAndTwiceTheSameIsTold() {
    Map<String, String> a =
        Map.of(
            "kind",
            "gram",
            "dataset_note",
            "x",
            "dataset_sha256",
            "d",
            "by",
            "one",
            "n_tokens",
            "9");
    Map<String, String> b =
        Map.of("kind", "gram", "dataset_note", "x", "dataset_sha256", "d", "by", "two");
    StatisticsSum.Sum sum = StatisticsSum.of(file("a", a, Map.of()), file("b", b, Map.of()));
    assertThat(sum.metadata()).containsEntry("by", "one").doesNotContainKey("n_tokens");
    assertThat(sum.remarks())
        .containsExactlyInAnyOrder(
            "by is 'one' and 'two'; the first is kept",
            "n_tokens is not known of both, and so of neither together",
            "both say that they are of the same examples (x): if they are, these count twice");
  }
}
