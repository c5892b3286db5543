package dev.stockpot.kernels.methods.taskvector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.random.RandomStream;
import dev.stockpot.kernels.statistic.PartialSums;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What follows for each model from what scans of all of them found. */
class DropScanTest {
  private static final RandomStream DRAWS = RandomStream.betweenEquals(1, "w");

  private static Drop largest(long count) {
    return new SelectLargest.ByUpperBits(new SelectLargest.Wanted(count, DRAWS));
  }

  private static TaskVectorMerge.Term term(int input, float weight, Drop drop) {
    return new TaskVectorMerge.Term(input, weight, drop, 1);
  }

  private static Counts counts(int bin, int count) {
    int[] counts = new int[bin + 1];
    counts[bin] = count;
    return Counts.of(counts);
  }

  /** Two recipes that differ in weights alone look once. */
  @Test
  void weightsAndDropsThatAreSettledAreNoneOfAScan() {
    DropScan one =
        new DropScan(
            0,
            List.of(
                term(1, 0.5f, largest(3)),
                term(2, 1, Drop.KeepAll.INSTANCE),
                term(3, 1, largest(4))));
    DropScan other = new DropScan(0, List.of(term(1, 2, largest(3)), term(3, 7, largest(4))));

    assertThat(one).isEqualTo(other);
    assertThat(one.models()).extracting(TaskVectorMerge.Term::input).containsExactly(1, 3);
  }

  @Test
  void eachDropKnowsWhatWasFoundForIt() {
    List<TaskVectorMerge.Term> models =
        List.of(
            term(1, 0.5f, largest(3)), term(2, 1, Drop.DropAll.INSTANCE), term(3, 1, largest(4)));
    List<TaskVectorMerge.Term> known =
        DropScan.settle(models, new StatisticList(List.of(counts(7, 10), counts(9, 10))));

    assertThat(known)
        .containsExactly(
            term(1, 0.5f, new SelectLargest.ByLowerBits(7, new SelectLargest.Wanted(3, DRAWS))),
            term(2, 1, Drop.DropAll.INSTANCE),
            term(3, 1, new SelectLargest.ByLowerBits(9, new SelectLargest.Wanted(4, DRAWS))));
  }

  @Test
  void whatLooksAtASampleLooksAtAllBesideOneThatDoes() {
    Drop.Unsettled all = (Drop.Unsettled) largest(3);
    Drop.Unsettled sample =
        (Drop.Unsettled)
            SelectLargest.of(new SelectLargest.Wanted(3, DRAWS), 4L * SelectNear.FEWEST_ELEMENTS);

    assertThat(Drop.Unsettled.samplingOf(List.of(sample, sample)))
        .isPresent()
        .isEqualTo(sample.sampling());
    assertThat(Drop.Unsettled.samplingOf(List.of(sample, all))).isEmpty();
    assertThat(Drop.Unsettled.samplingOf(List.of(all))).isEmpty();
    assertThat(new DropScan(0, List.of(term(1, 1, largest(3)))).wants(new Block(0, 0, 1))).isTrue();
  }

  /** Norms before and after, of each model one behind the other. */
  @ParameterizedTest
  @CsvSource({
    "6, 2, 3", // a third was left
    "6, 0, 1", // nothing was
    "0, 0, 1",
    "9e-8, 3e-8, 1", // next to nothing
    "3e-7, 2e-7, 1.5"
  })
  void factorsRestoreTheNormUnlessThereIsNone(double before, double after, float factor) {
    List<TaskVectorMerge.Term> models =
        List.of(term(4, 2, Drop.KeepAll.INSTANCE), term(1, 3, Drop.DropAll.INSTANCE));
    PartialSums found = new PartialSums(4, new double[] {5, 5, before, after});

    assertThat(RescaleScan.rescale(models, found))
        .containsExactly(
            term(4, 2, Drop.KeepAll.INSTANCE),
            new TaskVectorMerge.Term(1, 3, Drop.DropAll.INSTANCE, factor));
  }

  @Test
  void ofASharesOfWhatIsNotZeroZerosAreNotCounted() {
    SelectLargest.ByShareOfNonZero half = new SelectLargest.ByShareOfNonZero(0.5, DRAWS);
    int[] all = new int[6];
    all[0] = 90; // zeros and what is next to nothing
    all[5] = 10;

    assertThat(half.knowing(new StatisticList(List.of(Counts.of(all), counts(0, 88)))))
        .isEqualTo(new SelectLargest.ByLowerBits(5, new SelectLargest.Wanted(6, DRAWS)));
    assertThat(half.knowing(new StatisticList(List.of(counts(0, 90), counts(0, 89)))))
        .isEqualTo(Drop.DropAll.INSTANCE);
  }

  @Test
  void ofEqualElementsAllStayWhereAllAreWantedOrAreZero() {
    SelectLargest.Wanted wanted = new SelectLargest.Wanted(5, DRAWS);

    assertThat(wanted.at(2, 3, 3)).isEqualTo(new Drop.From(2));
    assertThat(wanted.at(0, 1, 3)).isEqualTo(new Drop.From(0));
    assertThat(wanted.at(Float.NaN, 1, 3)).isEqualTo(new Drop.From(Float.NaN));
    assertThat(wanted.at(2, 1, 3)).isInstanceOf(Drop.Largest.class);
    assertThat(wanted.below(2)).isEqualTo(new SelectLargest.Wanted(3, DRAWS));
  }

  /** Places of 0, 1, 2 … in two bins; the last two of the third bin are above them. */
  @ParameterizedTest
  @CsvSource({"0, 1, 3", "2, 1, 1", "3, 4, 4", "6, 4, 1", "7, 6, 2", "8, 6, 1"})
  void aQuartileIsABinAndAPlaceInIt(long below, int bin, long rank) {
    Counts upperBits = Counts.of(new int[] {0, 3, 0, 0, 4, 0, 2});

    assertThat(ImportanceMerge.Quartile.of(upperBits, below))
        .isEqualTo(new ImportanceMerge.Quartile(bin, rank));
  }

  @Test
  void aQuartileIsTheNumberOfBothHalvesOfItsBits() {
    int bits = Float.floatToRawIntBits(1.7f);
    ImportanceMerge.Quartile quartile = new ImportanceMerge.Quartile(bits >>> 16, 2);
    int[] lower = new int[1 << 16];
    lower[(bits & 0xFFFF) + 1] = 1;
    lower[bits & 0xFFFF] = 1;

    assertThat(quartile.value(Counts.of(lower))).isEqualTo(1.7f);
  }

  @Test
  void valuesOfRowsComeInTheirOrderHoweverManyAtOnce() {
    RowValues.Builder builder = new RowValues.Builder();
    float[] many = new float[40];
    for (int i = 0; i < many.length; i++) {
      many[i] = i;
    }
    builder.add(5);
    builder.add(many);
    builder.add(7, 8);
    float[] found = builder.found().values();

    assertThat(found).hasSize(43).startsWith(5, 0, 1).endsWith(39, 7, 8);
    assertThat(new RowValues(new float[] {1, 2}).plus(new RowValues(new float[] {3})).values())
        .containsExactly(1, 2, 3);
    assertThat(new RowValues.Builder().found().values()).isEmpty();
  }

  @Test
  void ofABlockOnlyItsOwnRowsAreTaken() {
    float[] divergences = {10, 11, 12, 13, 14};

    assertThat(Importance.ofRows(new Block(6, 0, 6, 3), divergences)).containsExactly(12, 13);
  }

  @Test
  void nothingIsMergedBeforeWhatItDependsOnIsKnown() {
    ImportanceMerge.Inputs inputs = new ImportanceMerge.Inputs(0, 1, 4);
    ImportanceMerge fusion = new ImportanceMerge.Unmeasured(inputs);
    EnergyMerge sce = new EnergyMerge(0, List.of(1), 4, largest(2), List.of());

    assertThatThrownBy(() -> fusion.open(null))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("arcee_fusion opened before its scans");
    assertThatThrownBy(() -> sce.open(null))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("sce opened before its scans");
    assertThat(sce.scan().orElseThrow()).isInstanceOf(VarianceScan.class);
  }
}
