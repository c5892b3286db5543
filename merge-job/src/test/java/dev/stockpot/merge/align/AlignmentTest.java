package dev.stockpot.merge.align;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.matrix.Permutation;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.Stored;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.plan.ModelHeaders;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is matched with what, what is told of it before, and the views that come of it. */
class AlignmentTest {
  private static final String SPEC =
      """
      groups: {stream: {residual: true}, a: {}, b: {}, c: {}}
      tensors:
        'ab': b, a
        'b.bias': b
        'c.in': c, stream
        'c.out': stream, c
        'in': a, fixed
        'out': fixed, b
      """;

  private static ModelHeaders headers(String name) {
    return ModelHeaders.named(name)
        .config("{}")
        .tensor("ab", 3, 4)
        .tensor("b.bias", 3)
        .tensor("c.in", 5, 2)
        .tensor("c.out", 2, 5)
        .tensor("in", 4, 7)
        .tensor("out", 6, 3);
  }

  private static Aligning how(Moves moves, String spec, Optional<String> until) {
    return new Aligning(
        moves, Optional.of(Spec.read("spec.yml", spec)), Optional.empty(), Zipping.NONE, until, 7);
  }

  private static Alignment alignment(Moves moves, String until) {
    return Alignment.of(
        "m",
        headers("m").open(),
        "n",
        headers("n").open(),
        how(moves, SPEC, Optional.ofNullable(until)));
  }

  private static final Moves FIXED = new Moves(false, true, false);

  private static List<String> tensors(Match match) {
    return match.pairs().stream().map(MatchPair::tensor).toList();
  }

  @Test
  void groupsThatMeetInATensorAreMatchedTogether() {
    List<Match> matches = alignment(FIXED, null).matches();
    assertThat(matches).extracting(Match::name).containsExactly("a and 1 more", "c");
    assertThat(matches.get(0).groups().keySet()).containsExactly("b", "a");
    assertThat(tensors(matches.get(0))).containsExactly("ab", "b.bias", "in", "out");
    assertThat(tensors(matches.get(1))).containsExactly("c.in", "c.out");
    assertThat(matches.get(1).seed()).isEqualTo(7);
    MatchPair in = matches.get(1).pairs().get(0);
    assertThat(in.axes())
        .as("of the stream nothing")
        .containsExactly(List.of(new UnitsAlong("c", 0, 5, 1)), List.of());
    assertThat(in.one().place(0).origin()).startsWith("n/");
    assertThat(in.other().place(0).origin()).startsWith("m/");
  }

  @Test
  void theStreamJoinsWhatItMeetsOnceItMayMove() {
    List<Match> matches = alignment(new Moves(true, true, false), null).matches();
    assertThat(matches).extracting(Match::name).containsExactly("a and 1 more", "c and 1 more");
    assertThat(matches.get(1).groups().keySet()).containsExactlyInAnyOrder("c", "stream");
  }

  @Test
  void groupsBehindTheLastOneAreLeftOut() {
    Alignment alignment = alignment(FIXED, "b");
    assertThat(alignment.matches()).extracting(Match::name).containsExactly("b");
    assertThat(tensors(alignment.matches().get(0))).containsExactly("ab", "b.bias", "out");
    assertThat(alignment.announced())
        .endsWith("; units behind b stay apart: `freeze` what has them");
  }

  @Test
  void whatIsToBeDoneIsToldInNumbers() {
    Alignment alignment = alignment(FIXED, null);
    long most = alignment.matches().stream().mapToLong(Match::memory).max().orElseThrow();
    assertThat(alignment.announced())
        .startsWith(
            "m is aligned by spec its own before it is merged: 3 groups of up to 5 units, in 2"
                + " tasks of at most %s bytes and ".formatted(most))
        .endsWith(" operations together");
  }

  @Test
  void memoryThatIsTooSmallIsTold() {
    Alignment alignment = alignment(FIXED, null);
    long joined = alignment.matches().get(0).memory();
    long alone = alignment.matches().get(1).memory();
    assertThat(joined).isGreaterThan(alone);
    assertThat(alignment.problem(joined)).isEmpty();
    assertThat(alignment.problem(joined - 1))
        .hasValue(
            "m cannot be aligned: matching a and 1 more takes %s bytes, because 2 groups of units are joined and matched together, more than a task's %s; raise task-memory"
                .formatted(joined, joined - 1));
  }

  private static void assertRefused(UnaryOperator<ModelHeaders> to, Aligning how, String message) {
    assertThatThrownBy(
            () -> Alignment.of("m", headers("m").open(), "n", to.apply(headers("n")).open(), how))
        .isInstanceOf(UserException.class)
        .hasMessage("m cannot be aligned to n: " + message);
  }

  @Test
  void tensorsThatCannotBeComparedAreRefused() {
    Aligning how = how(FIXED, SPEC, Optional.empty());
    assertRefused(it -> it.without("b.bias"), how, "the other has no tensor b.bias");
    assertRefused(
        it -> it.without("in").tensor("in", 4, 8),
        how,
        "in has the shape [4, 7], and the other's [4, 8]");
    assertRefused(
        it -> it.without("out").tensor("out", DType.I8, 6, 3),
        how,
        "out is BF16 and I8, and only numbers can be compared");
    assertRefused(
        it -> it.without("c.in").without("c.out"),
        how,
        "it has c, and the other has no such group of units");
  }

  @Test
  void aGroupThatOnlyTheOtherHasIsNamed() {
    assertThatThrownBy(
            () ->
                Alignment.of(
                    "m",
                    headers("m").without("c.in").without("c.out").open(),
                    "n",
                    headers("n").open(),
                    how(FIXED, SPEC, Optional.empty())))
        .hasMessage("m cannot be aligned to n: it has no group of units such as c");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a: {} | a: {residual: true} | false | no units may change places",
        "a: {} | a: {} | true | it has no heads that could be turned; leave out `heads: turned`"
      })
  void whereNothingMayMoveThatIsTold(String line, String instead, boolean turned, String told) {
    String spec = "groups: {a: {}}\ntensors: {in: 'a, fixed'}\n".replace(line, instead);
    assertThatThrownBy(
            () ->
                Alignment.of(
                    "m",
                    FoundUnits.model().tensor("in", 4, 7).open(),
                    "n",
                    FoundUnits.model().tensor("in", 4, 7).open(),
                    how(new Moves(false, true, turned), spec, Optional.empty())))
        .hasMessage("m cannot be aligned to n: " + told);
  }

  private static Matched found(Match match, double after, Permutation... orders) {
    UnitOrders found = match.identity();
    int next = 0;
    for (String group : match.groups().keySet()) {
      found = found.with(group, List.of(orders[next++]));
    }
    return new Matched(found, 1, after, 2, 1);
  }

  private static List<Matched> found(Alignment alignment, double after) {
    return List.of(
        found(alignment.matches().get(0), 3, Permutation.of(1, 2, 0), Permutation.of(3, 2, 1, 0)),
        found(alignment.matches().get(1), after, Permutation.of(0, 1, 2, 4, 3)));
  }

  private static long element(Model model, String tensor, long element) {
    return model.tensors().get(tensor).place(element).element();
  }

  @Test
  void unitsAreWhereTheyWereFoundToBelongInEveryTensor() {
    Alignment alignment = alignment(FIXED, null);
    Model aligned = alignment.aligned(found(alignment, 3));
    assertThat(element(aligned, "b.bias", 0)).isEqualTo(1);
    assertThat(element(aligned, "in", 0)).as("row 3").isEqualTo(21);
    assertThat(element(aligned, "ab", 0)).as("row 1, column 3").isEqualTo(7);
    assertThat(element(aligned, "ab", 9)).as("row 0, column 2").isEqualTo(2);
    assertThat(element(aligned, "out", 5)).as("row 1, column 0").isEqualTo(3);
    assertThat(element(aligned, "c.out", 8)).as("row 1, column 4").isEqualTo(9);
    assertThat(aligned.tensors().keySet()).isEqualTo(headers("m").open().tensors().keySet());
  }

  @Test
  void theOtherModelStaysAsItIs() {
    Alignment alignment = alignment(FIXED, null);
    Model to = headers("n").open();
    assertThat(alignment.other(to, found(alignment, 3))).isSameAs(to);
    assertThat(alignment.anyOther(to)).isSameAs(to);
  }

  /** The dearest order: no row is beside the one that was beside it. */
  @Test
  void whateverIsFoundCostsNoMoreThanTheLastUnitFirst() {
    Model any = alignment(FIXED, null).anyOrder();
    assertThat(element(any, "b.bias", 0)).isEqualTo(2);
    assertThat(element(any, "ab", 0)).isEqualTo(11);
    assertThat(element(any, "c.in", 0)).isEqualTo(8);
  }

  @Test
  void whereNothingIsGainedUnitsStay() {
    Alignment alignment = alignment(FIXED, null);
    List<Matched> gained = alignment.gained(found(alignment, 1));
    assertThat(gained.get(0).moves()).isTrue();
    assertThat(gained.get(1).moves()).isFalse();
    TensorSource out = alignment.aligned(gained).tensors().get("c.out");
    assertThat(out).isInstanceOf(Stored.class);
  }

  @Test
  void sharesAndDistancesAreTold() {
    Alignment alignment = alignment(FIXED, null);
    Map<String, Map<String, Double>> told = alignment.measures(found(alignment, 3));
    assertThat(told).containsOnlyKeys("a of m", "b of m", "a and 1 more of m", "c of m");
    assertThat(told.get("a of m")).isEqualTo(Map.of("units that moved (share)", 1.0));
    assertThat(told.get("c of m"))
        .isEqualTo(
            Map.of(
                "units that moved (share)", 2.0 / 5,
                "likeness before alignment", 1.0,
                "likeness after alignment", 3.0,
                "distance before alignment", 2.0,
                "distance after alignment", 1.0));
  }
}
