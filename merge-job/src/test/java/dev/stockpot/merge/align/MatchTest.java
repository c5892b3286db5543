package dev.stockpot.merge.align;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.matrix.Permutation;
import dev.stockpot.kernels.methods.matching.FreeUnits;
import dev.stockpot.kernels.methods.matching.Heads;
import dev.stockpot.kernels.methods.matching.UnitMoves;
import dev.stockpot.kernels.methods.matching.UnitShape;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.model.Footprint;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.plan.ModelHeaders;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What of a match is known by activations, whether one look is enough, what memory it takes. */
class MatchTest {
  private static final Zipping ZIP = new Zipping(0.3, 0.125);

  private static TensorSource floats(long... shape) {
    return ModelHeaders.named("m").tensor("t", DType.F32, shape).open().tensors().get("t");
  }

  private static UnitsAlong along(String group, int side, int units) {
    return new UnitsAlong(group, side, units, 1);
  }

  private static MatchPair pair(String name, List<List<UnitsAlong>> axes, long... shape) {
    return new MatchPair(name, floats(shape), floats(shape), axes);
  }

  /** [units, width] with units of a group along the first axis. */
  private static MatchPair rows(String group, int units, long width) {
    return pair(group, List.of(List.of(along(group, 0, units)), List.of()), units, width);
  }

  private static ActivationSums told(UnitsAlong... along) {
    long inputs = 4;
    ActivationSums.Side side = new ActivationSums.Side(floats(inputs), floats(inputs), 1);
    return new ActivationSums("x", floats(inputs, inputs), 0.5, side, side, List.of(along));
  }

  private static Match match(
      Map<String, UnitShape> groups,
      List<MatchPair> pairs,
      List<ActivationSums> activations,
      Zipping zipping) {
    return new Match("it", groups, pairs, activations, zipping, 0);
  }

  @Test
  void aGroupIsToldWhereActivationsTellOfAllItsSides() {
    Heads heads = new Heads(2, 1, 2, 2, true, true);
    Match values = match(Map.of("h", heads), List.of(), List.of(told(along("h", 3, 4))), ZIP);
    assertThat(values.told("h")).containsExactly(3);
    assertThat(values.told("other")).isEmpty();
    assertThat(values.isTold()).isFalse();
    assertThat(values.isZipped()).isFalse();
    Match all =
        match(
            Map.of("h", heads),
            List.of(),
            List.of(
                told(along("h", 3, 4), along("h", 0, 4)), told(along("h", 1, 4), along("h", 2, 4))),
            ZIP);
    assertThat(all.isTold()).isTrue();
    assertThat(all.isZipped()).as("heads are put in order").isFalse();
  }

  @Test
  void unitsAreJoinedWhereThatIsWantedAndActivationsTell() {
    Map<String, UnitShape> groups = Map.of("a", new FreeUnits(4));
    List<ActivationSums> told = List.of(told(along("a", 0, 4)));
    assertThat(match(groups, List.of(), told, ZIP).isZipped()).isTrue();
    assertThat(match(groups, List.of(), told, Zipping.NONE).isZipped()).isFalse();
    assertThat(match(groups, List.of(), List.of(), ZIP).isZipped()).isFalse();
  }

  @Test
  void oneLookIsEnoughForOneGroupThatNoTensorHasTwice() {
    MatchPair square =
        pair("s", List.of(List.of(along("a", 0, 4)), List.of(along("a", 0, 4))), 4, 4);
    MatchPair twice =
        pair("t", List.of(List.of(along("a", 0, 4), along("a", 0, 4)), List.of()), 8, 3);
    assertThat(square.isQuadratic()).isTrue();
    assertThat(twice.isQuadratic()).as("along one axis").isFalse();
    Map<String, UnitShape> a = Map.of("a", new FreeUnits(4));
    assertThat(match(a, List.of(rows("a", 4, 3), twice), List.of(), ZIP).isAlone()).isTrue();
    assertThat(match(a, List.of(rows("a", 4, 3), square), List.of(), ZIP).isAlone()).isFalse();
    assertThat(match(a, List.of(square), List.of(told(along("a", 0, 4))), ZIP).isAlone())
        .as("weights are only measured")
        .isTrue();
    assertThat(
            match(
                    Map.of("a", new FreeUnits(4), "b", new FreeUnits(4)),
                    List.of(rows("a", 4, 3), rows("b", 4, 3)),
                    List.of(),
                    ZIP)
                .isAlone())
        .isFalse();
  }

  /** Float32 as it is stored takes its bytes once, in whole pages. */
  @Test
  void aGroupAloneHasAPairInMemoryAndSeveralHaveAll() {
    MatchPair small = rows("a", 4, 256); // 4 KiB of each model
    MatchPair large = rows("a", 4, 1024); // 16 KiB
    assertThat(small.memory()).isEqualTo(2 * Footprint.PAGE_BYTES);
    assertThat(large.memory()).isEqualTo(2 * 4 * Footprint.PAGE_BYTES);
    Match alone =
        match(Map.of("a", new FreeUnits(4)), List.of(small, large), List.of(), Zipping.NONE);
    assertThat(alone.memory()).isEqualTo(large.memory() + alone.working().bytes());
    MatchPair other = rows("b", 4, 256);
    Match joined =
        match(
            Map.of("a", new FreeUnits(4), "b", new FreeUnits(4)),
            List.of(small, large, other),
            List.of(),
            Zipping.NONE);
    assertThat(joined.memory())
        .isEqualTo(small.memory() + large.memory() + other.memory() + joined.working().bytes());
  }

  @Test
  void whatActivationsTakeCountsAsAPairDoes() {
    ActivationSums sums = told(along("a", 0, 4));
    assertThat(sums.sources()).hasSize(5);
    assertThat(sums.memory()).isEqualTo(5 * Footprint.PAGE_BYTES);
    Match match =
        match(
            Map.of("a", new FreeUnits(4)), List.of(rows("a", 4, 256)), List.of(sums), Zipping.NONE);
    assertThat(match.memory()).isEqualTo(sums.memory() + match.working().bytes());
  }

  /** Eight rounds of all groups where several are matched in turn, one otherwise. */
  @Test
  void groupsThatAreMatchedInTurnAreLookedAtAgain() {
    List<MatchPair> pairs = List.of(rows("a", 4, 256));
    Map<String, UnitShape> one = Map.of("a", new FreeUnits(4));
    Map<String, UnitShape> two = new LinkedHashMap<>(one);
    two.put("b", new FreeUnits(4));
    double alone = match(one, pairs, List.of(), Zipping.NONE).working().operations();
    double assigning = new FreeUnits(4).demand().operations();
    assertThat(match(two, pairs, List.of(), Zipping.NONE).working().operations())
        .isEqualTo(8 * (alone + assigning));
  }

  /** Of a group's pairs those with its units alone count, by what lies along the other axes. */
  @Test
  void operationsGrowWithWhatUnitsAreComparedBy() {
    Map<String, UnitShape> one = Map.of("a", new FreeUnits(4));
    double assigning = new FreeUnits(4).demand().operations();
    double narrow =
        match(one, List.of(rows("a", 4, 256)), List.of(), Zipping.NONE).working().operations();
    double wide =
        match(one, List.of(rows("a", 4, 1024)), List.of(), Zipping.NONE).working().operations();
    double both =
        match(one, List.of(rows("a", 4, 256), rows("a", 4, 1024)), List.of(), Zipping.NONE)
            .working()
            .operations();
    double other =
        match(one, List.of(rows("a", 4, 256), rows("b", 9, 5000)), List.of(), Zipping.NONE)
            .working()
            .operations();
    assertThat(wide).isGreaterThan(narrow);
    assertThat(both - assigning).isEqualTo(narrow - assigning + wide - assigning);
    assertThat(other).isEqualTo(narrow);
  }

  @Test
  void headsThatOtherUnitsJoinCannotBeTurned() {
    Heads turned = new Heads(2, 1, 2, 2, true, true).turned(UnitMoves.TURN);
    MatchPair pair = pair("p", List.of(List.of(along("h", 3, 4)), List.of(along("a", 0, 4))), 4, 4);
    Match joined =
        match(Map.of("h", turned, "a", new FreeUnits(4)), List.of(pair), List.of(), Zipping.NONE);
    assertThat(joined.problem(Long.MAX_VALUE))
        .hasValue(
            "tensors join it with other units, so that its heads cannot be turned; leave out"
                + " `heads: turned`");
    Match alone = match(Map.of("h", turned), List.of(rows("h", 4, 3)), List.of(), Zipping.NONE);
    assertThat(alone.problem(Long.MAX_VALUE)).isEmpty();
    assertThat(alone.problem(1))
        .hasValue(
            "matching it takes %s bytes, more than a task's 1; raise task-memory"
                .formatted(alone.memory()));
  }

  @Test
  void aPairIsOfOneShapeWithAnAxisForEachDimension() {
    List<List<UnitsAlong>> axes = List.of(List.of(), List.of());
    assertThatThrownBy(() -> new MatchPair("t", floats(2, 3), floats(3, 2), axes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("t is [2, 3] and [3, 2], with 2 axes");
    assertThatThrownBy(() -> new MatchPair("t", floats(2), floats(2), axes))
        .hasMessage("t is [2] and [2], with 2 axes");
  }

  @Test
  void placesOfAPairFollowTheUnitsAlongEachAxis() {
    MatchPair pair =
        pair(
            "p",
            List.of(
                List.of(along("a", 0, 2), new UnitsAlong("b", 0, 2, 2)),
                List.of(),
                List.of(along("a", 0, 2))),
            6,
            3,
            2);
    assertThat(pair.groups()).containsExactlyInAnyOrder("a", "b");
    Permutation swapped = Permutation.of(1, 0);
    UnitOrders orders = new UnitOrders(Map.of("a", List.of(swapped), "b", List.of(swapped)));
    assertThat(pair.orders(orders))
        .containsExactly(
            Optional.of(Permutation.of(1, 0, 4, 5, 2, 3)), Optional.empty(), Optional.of(swapped));
  }
}
