package dev.stockpot.merge.align;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.matrix.Permutation;
import dev.stockpot.kernels.methods.matching.Arrangement;
import dev.stockpot.kernels.methods.matching.FreeUnits;
import dev.stockpot.kernels.methods.matching.Heads;
import dev.stockpot.kernels.methods.matching.UnitMoves;
import dev.stockpot.kernels.methods.matching.UnitShape;
import dev.stockpot.kernels.methods.matching.Zip;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What was found of matches: whether it is a gain, what comes of several. */
class MatchedTest {
  private static final Permutation STAYING = Permutation.identity(3);

  private static UnitOrders orders(Permutation... sides) {
    return new UnitOrders(Map.of("a", List.of(sides)));
  }

  private static Matched matched(double before, double after) {
    return new Matched(orders(Permutation.of(2, 0, 1)), before, after, 5, 4);
  }

  /** Rounding is no gain: up to a billionth of a thousandth of the likeness, or of one. */
  @ParameterizedTest
  @CsvSource({
    "1, 1.1, true",
    "1, 1, false",
    "1.1, 1, false",
    "0, 0.5e-12, false",
    "0, 2e-12, true",
    "1e6, 1000000.0000005, false",
    "1e6, 1000000.000002, true",
    "-1e6, -999999.999998, true",
    "-1e6, -999999.9999995, false",
    "1, NaN, false"
  })
  void isAGainBeyondRounding(double before, double after, boolean isGain) {
    assertThat(matched(before, after).isGain()).isEqualTo(isGain);
  }

  @Test
  void whoStaysIsAsNearAsBefore() {
    Match match =
        new Match("it", Map.of("a", new FreeUnits(3)), List.of(), List.of(), Zipping.NONE, 0);
    assertThat(matched(1, 2).staying(match)).isEqualTo(new Matched(orders(STAYING), 1, 1, 5, 5));
    assertThat(matched(1, 2).moves()).isTrue();
    assertThat(matched(1, 2).staying(match).moves()).isFalse();
  }

  @Test
  void oneSideThatMovesIsEnough() {
    assertThat(new Matched(orders(STAYING, Permutation.of(0, 2, 1)), 1, 1, 1, 1).moves()).isTrue();
  }

  @Test
  void twoThatFollowEachOtherAreOne() {
    Permutation first = Permutation.of(2, 0, 1);
    Permutation next = Permutation.of(1, 0, 2);
    Matched both =
        new Matched(orders(first, STAYING), 1, 2, 9, 8)
            .then(new Matched(orders(next, next), 2, 3, 8, 7));
    // place 0 takes what place 1 had, which was unit 0; place 1 what place 0 had, unit 2
    assertThat(both).isEqualTo(new Matched(orders(Permutation.of(0, 2, 1), next), 1, 3, 9, 7));
  }

  /** As many orders as there are: what is moved twice lies where the composed order puts it. */
  @Property
  void movingTwiceIsMovingOnce(@ForAll long seed) {
    DrawnOrders drawn = new DrawnOrders(seed);
    Map<String, UnitShape> groups = Map.of("a", new FreeUnits(7));
    Permutation first = drawn.of(groups).of("a").get(0);
    Permutation next = drawn.of(groups).of("a").get(0);
    Permutation both =
        new Matched(orders(first), 0, 0, 0, 0)
            .then(new Matched(orders(next), 0, 0, 0, 0))
            .orders()
            .of("a")
            .get(0);
    for (int place = 0; place < 7; place++) {
      assertThat(both.at(place)).isEqualTo(first.at(next.at(place)));
    }
  }

  @Test
  void ordersOfOneGroupAreReplacedAndThoseOfOthersKept() {
    UnitOrders both = UnitOrders.identity(Map.of("a", new FreeUnits(3), "b", new FreeUnits(2)));
    UnitOrders changed = both.with("a", List.of(Permutation.of(1, 2, 0)));
    assertThat(changed.of("a")).containsExactly(Permutation.of(1, 2, 0));
    assertThat(changed.of("b")).containsExactly(Permutation.identity(2));
    assertThat(both.of("a")).as("it never changes").containsExactly(STAYING);
  }

  /** Whoever puts them together: records of the same content are written the same. */
  @Test
  void groupsAreInOneOrder() {
    Map<String, List<Permutation>> groups = new LinkedHashMap<>();
    groups.put("b", List.of(STAYING));
    groups.put("a", List.of(STAYING));
    assertThat(new UnitOrders(groups).byGroup().keySet()).containsExactly("a", "b");
  }

  @Test
  void severalOfDifferentGroupsAreOne() {
    Heads heads = new Heads(1, 1, 2, 2, true, true).turned(UnitMoves.TURN);
    UnitOrders turned =
        UnitOrders.identity(Map.of("h", heads))
            .with("h", new Arrangement(heads.identity(), heads.unturned()));
    UnitOrders zipped = orders(STAYING).with("a", Zip.byPlaces(3));
    UnitOrders all = UnitOrders.all(List.of(turned, zipped));
    assertThat(all.byGroup()).containsOnlyKeys("a", "h");
    assertThat(all.turns()).isEqualTo(Map.of("h", heads.unturned()));
    assertThat(all.zips()).isEqualTo(Map.of("a", Zip.byPlaces(3)));
    UnitOrders plain = orders(STAYING).with("a", new Arrangement(List.of(STAYING), List.of()));
    assertThat(plain.turns()).isEmpty();
  }

  @Test
  void unitsLieOneBehindTheOtherAlongAnAxis() {
    UnitOrders orders =
        new UnitOrders(
            Map.of(
                "a", List.of(Permutation.of(1, 0)),
                "h", List.of(STAYING, Permutation.of(2, 1, 0))));
    Permutation places =
        UnitsAlong.order(
            List.of(new UnitsAlong("a", 0, 2, 2), new UnitsAlong("h", 1, 3, 1)), orders, 9);
    assertThat(places).isEqualTo(Permutation.of(2, 3, 0, 1, 6, 5, 4, 7, 8));
  }

  @ParameterizedTest
  @CsvSource({"-1, 2, 1", "0, 0, 1", "0, 2, 0"})
  void nothingAlongAnAxisIsRefused(int side, int units, int members) {
    assertThatThrownBy(() -> new UnitsAlong("a", side, units, members))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("%s units of %s places on side %s of a".formatted(units, members, side));
  }

  @ParameterizedTest
  @CsvSource({"-0.1, 0", "1.1, 0", "0.3, -0.1", "0.3, 1.5", "NaN, 0", "0.3, NaN"})
  void sharesOfZippingAreFromZeroToOne(double alpha, double beta) {
    assertThatThrownBy(() -> new Zipping(alpha, beta))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("alpha %s, beta %s".formatted(alpha, beta));
  }
}
