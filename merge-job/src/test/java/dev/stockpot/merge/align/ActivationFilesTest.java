package dev.stockpot.merge.align;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.plan.ModelHeaders;
import dev.stockpot.merge.statistics.StatisticsCheckpoint;
import dev.stockpot.merge.statistics.StatisticsNotes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What statistics of two models tell of the inputs of a module, and when they do not fit. */
class ActivationFilesTest {
  private static final Shape SHAPE = Shape.of(5, 3);
  private static final List<UnitsAlong> ALONG = List.of(new UnitsAlong("a", 0, 3, 1));

  private final ModelHeaders cross =
      ModelHeaders.named("cross")
          .tensor("up.crossgram", DType.F32, 3, 3)
          .tensor("up.sum_a", DType.F32, 3)
          .tensor("up.sum_b", DType.F32, 3);
  private final ModelHeaders gram = ModelHeaders.named("gram").tensor("up.gram", DType.F32, 3, 3);
  private final Map<String, Double> counts = new HashMap<>(Map.of("up", 8.0));
  private Optional<Boolean> isSum = Optional.of(true);
  private boolean isTransposed;

  private ActivationFiles.Named named(
      String kind, ModelHeaders headers, double count, String... faults) {
    counts.put("up", count);
    StatisticsNotes notes =
        new StatisticsNotes(
            Optional.ofNullable(kind),
            isSum,
            isTransposed,
            Map.of(),
            Optional.empty(),
            Optional.empty());
    return new ActivationFiles.Named(
        kind + ".safetensors",
        new StatisticsCheckpoint(
            headers.open(), notes, Map.copyOf(counts), List.of(faults), List.of()));
  }

  private void addSquares() {
    cross.tensor("up.square_a", DType.F32, 3).tensor("up.square_b", DType.F32, 3);
  }

  private ActivationFiles alone() {
    return new ActivationFiles(
        named("crossgram", cross, 8), Optional.empty(), Optional.empty(), false);
  }

  private ActivationFiles beside(String kind, double count, boolean areWhole) {
    Optional<ActivationFiles.Named> both = Optional.of(named(kind, gram, count));
    return new ActivationFiles(named("crossgram", cross, 8), both, both, areWhole);
  }

  private static ActivationSums of(ActivationFiles files) {
    return files.of("up.weight", SHAPE, ALONG).orElseThrow();
  }

  private static void assertRefused(ActivationFiles files, String message) {
    assertThatThrownBy(() -> files.of("up.weight", SHAPE, ALONG))
        .isInstanceOf(UserException.class)
        .hasMessage(message);
  }

  @Test
  void productsAndSquaresOfOneFileAreDividedByItsCount() {
    addSquares();
    ActivationSums sums = of(alone());
    assertThat(sums.module()).isEqualTo("up");
    assertThat(sums.scale()).isEqualTo(0.125);
    assertThat(sums.along()).isEqualTo(ALONG);
    assertThat(sums.groups()).containsExactly("a");
    assertThat(sums.sources())
        .extracting(source -> source.place(0).tensor())
        .containsExactly("up.crossgram", "up.sum_a", "up.square_a", "up.sum_b", "up.square_b");
    assertThat(sums.one().squareScale()).isEqualTo(0.125);
  }

  @Test
  void meansAreTakenAsTheyAre() {
    addSquares();
    isSum = Optional.of(false);
    assertThat(of(alone()).scale()).isEqualTo(1);
    assertThat(of(alone()).other().squareScale()).isEqualTo(1);
  }

  @Test
  void squaresOfTheProductsFileComeBeforeThoseBesideTheModels() {
    addSquares();
    assertThat(of(beside("gram", 8, false)).one().squares().place(0).tensor())
        .isEqualTo("up.square_a");
    assertThat(of(beside("gram", 8, true)).one().squares().place(0).tensor())
        .as("where products within a model are wanted, too")
        .isEqualTo("up.gram");
  }

  @Test
  void aDiagonalIsEnoughUnlessProductsAreWanted() {
    gram.tensor("up.gram_diag", DType.F32, 3);
    assertThat(of(beside("gram_diag", 8, false)).one().squares().place(0).tensor())
        .isEqualTo("up.gram_diag");
    assertThat(of(beside("gram", 8, true)).one().squares().place(0).tensor()).isEqualTo("up.gram");
    gram.without("up.gram");
    assertRefused(
        beside("gram", 8, true),
        "gram.safetensors has no sums of squares of 3 inputs of up; make both of the same examples,"
            + " with one tool");
  }

  @Test
  void inputsAreRowsWhereTheWriterSaysSo() {
    addSquares();
    isTransposed = true;
    ActivationFiles files = alone();
    assertThat(files.inputAxis()).isZero();
    assertThat(files.of("up.weight", Shape.of(3, 5), ALONG)).isPresent();
    assertRefused(
        files,
        "crossgram.safetensors has up.crossgram [3, 3], and the models' up.weight has 5 inputs;"
            + " make it of these models");
    isTransposed = false;
    assertThat(alone().inputAxis()).isEqualTo(1);
  }

  /** A convolution's inputs are channels, whatever its kernel. */
  @Test
  void channelsOfAConvolutionAreInputs() {
    ActivationSums sums =
        beside("gram", 8, false).of("up.weight", Shape.of(5, 3, 7, 7), ALONG).orElseThrow();
    assertThat(sums.one().squares().shape()).isEqualTo(Shape.of(3, 3));
  }

  @Test
  void aModuleThatTheyDoNotHaveIsUntold() {
    assertThat(alone().of("down.weight", SHAPE, ALONG)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN})
  void examplesAreCounted(double count) {
    addSquares();
    ActivationFiles files =
        new ActivationFiles(
            named("crossgram", cross, count), Optional.empty(), Optional.empty(), false);
    assertRefused(
        files,
        "crossgram.safetensors has no up.count of examples; make both of the same examples, with"
            + " one tool");
  }

  @Test
  void otherExamplesAreRefused() {
    assertRefused(
        beside("gram", 9, false),
        "gram.safetensors has up.gram of 9.0 examples, and crossgram.safetensors of 8.0; make both"
            + " of the same examples, with one tool");
  }

  @Test
  void sumsMustBeThereAndBeNumbers() {
    addSquares();
    cross.without("up.sum_b");
    assertRefused(
        alone(),
        "crossgram.safetensors has no up.sum_b; make both of the same examples, with one tool");
    cross.tensor("up.sum_b", DType.F32, 4);
    assertRefused(alone(), "crossgram.safetensors has up.sum_b F32 [4], must be 3 numbers");
    cross.without("up.sum_b").tensor("up.sum_b", DType.I8, 3);
    assertRefused(alone(), "crossgram.safetensors has up.sum_b I8 [3], must be 3 numbers");
  }

  @Test
  void squaresThatAreNowhereAreAskedFor() {
    assertRefused(
        alone(),
        "crossgram.safetensors has no up.square_a, and nothing else tells how much each input"
            + " varies: give the model `gram_diag` or `gram`, or make the file anew");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gram | gram | gram.safetensors says that it is `gram`, and not `crossgram`. Name the file"
            + " of that kind",
        "crossgram | crossgram | crossgram.safetensors says that it is `crossgram`, and not `gram`"
            + " or `gram_diag`. Name the file of that kind"
      })
  void filesOfOtherKindsAreRefused(String together, String other, String message) {
    ActivationFiles.Named first = named(together, cross, 8);
    Optional<ActivationFiles.Named> second = Optional.of(named(other, gram, 8));
    assertThatThrownBy(() -> new ActivationFiles(first, Optional.empty(), second, false))
        .isInstanceOf(UserException.class)
        .hasMessage(message);
  }

  @Test
  void faultsAndUnsaidSumsAreRefused() {
    ActivationFiles.Named faulty = named("crossgram", cross, 8, "it is torn", "it is wet");
    assertThatThrownBy(() -> new ActivationFiles(faulty, Optional.empty(), Optional.empty(), false))
        .hasMessage("crossgram.safetensors: it is torn; it is wet");
    isSum = Optional.empty();
    assertThatThrownBy(this::alone)
        .hasMessage(
            "crossgram.safetensors does not say whether it holds sums or means. Write `normalised`"
                + " as sum or mean into its metadata");
  }

  @Test
  void groupsAreToldWhereTheirUnitsAreInputsAndMayMove() {
    addSquares();
    cross.tensor("e.0.crossgram", DType.F32, 3, 3);
    String spec =
        """
        groups:
          a: {}
          b: {}
          xs: {experts: 'x.{e}'}
          x.{e}: {}
        tensors:
          'up.weight': b, a
          'a.bias': a
          'e.{e}.weight': xs, x.{e}
        """;
    ModelHeaders model =
        FoundUnits.model().tensor("up.weight", 5, 3).tensor("a.bias", 3).tensor("e.0.weight", 1, 3);
    ModelUnits units = FoundUnits.of(model, spec);
    Optional<ActivationFiles> files = Optional.of(alone());
    ToldUnits told = ToldUnits.of(units, model.open().tensors(), files, any -> true);
    assertThat(told.groups()).as("experts see other tokens").containsExactly("a");
    assertThat(told.of(Set.of("a", "b"))).hasSize(1);
    assertThat(told.of(Set.of("b"))).isEmpty();
    assertThat(ToldUnits.of(units, model.open().tensors(), files, "b"::equals).groups()).isEmpty();
    assertThat(ToldUnits.of(units, model.open().tensors(), Optional.empty(), any -> true).groups())
        .isEmpty();
  }
}
