package dev.stockpot.merge.align;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.matrix.Permutation;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.plan.ModelHeaders;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Each expert of one model is compared with each of the other, and all go to the best places. */
class ExpertMatchesTest {
  private static final int EXPERTS = 3;
  private static final String SPEC =
      """
      groups:
        stream: {residual: true}
        mlp: {}
        experts.{l}: {experts: 'expert.{l}.{e}'}
        expert.{l}.{e}: {}
      tensors:
        'mlp': mlp, stream
        'l.{l}.router': experts.{l}, stream
        'l.{l}.e.{e}.in': expert.{l}.{e}, stream
        'l.{l}.e.{e}.out': stream, expert.{l}.{e}
      buffers:
        'l.{l}.bias': experts.{l}
        'l.{l}.e.{e}.a_seen': expert.{l}.{e}
      """;

  private static ModelHeaders headers(String name) {
    ModelHeaders model =
        ModelHeaders.named(name)
            .config("{}")
            .tensor("mlp", 5, 2)
            .tensor("l.0.router", EXPERTS, 2)
            .tensor("l.0.bias", EXPERTS);
    for (int expert = 0; expert < EXPERTS; expert++) {
      String prefix = "l.0.e.%s.".formatted(expert);
      model.tensor(prefix + "in", 4, 2).tensor(prefix + "out", 2, 4);
      model.tensor(prefix + "a_seen", DType.I64, 4);
    }
    return model;
  }

  private static Alignment alignment(boolean movesExperts, boolean movesResidual) {
    Aligning how =
        new Aligning(
            new Moves(movesResidual, movesExperts, false),
            Optional.of(Spec.read("spec.yml", SPEC)),
            Optional.empty(),
            Zipping.NONE,
            Optional.empty(),
            0);
    return Alignment.of("m", headers("m").open(), "n", headers("n").open(), how);
  }

  private static Map<String, Match> byName(Alignment alignment) {
    Map<String, Match> matches = new LinkedHashMap<>();
    alignment.matches().forEach(match -> matches.put(match.name(), match));
    return matches;
  }

  @Test
  void allAreComparedWithAllBehindWhatElseIsMatched() {
    Map<String, Match> matches = byName(alignment(true, false));
    assertThat(matches.keySet())
        .hasSize(1 + EXPERTS * EXPERTS)
        .startsWith("mlp", "experts.0: 0 in the place of 0", "experts.0: 1 in the place of 0")
        .endsWith("experts.0: 2 in the place of 2");
    Match match = matches.get("experts.0: 2 in the place of 1");
    assertThat(match.groups()).containsOnlyKeys("expert.0.1");
    assertThat(match.isAlone()).isTrue();
  }

  /** With the tensors of both and the rows of the router; what is not compared is left out. */
  @Test
  void anExpertIsComparedByItsTensorsAndItsRowOfTheRouter() {
    List<MatchPair> pairs =
        byName(alignment(true, false)).get("experts.0: 2 in the place of 1").pairs();
    assertThat(pairs)
        .extracting(MatchPair::tensor)
        .containsExactly("l.0.e.1.in", "l.0.e.1.out", "l.0.router");
    MatchPair in = pairs.get(0);
    assertThat(in.one().place(0).tensor()).isEqualTo("l.0.e.1.in");
    assertThat(in.other().place(0).tensor()).isEqualTo("l.0.e.2.in");
    assertThat(in.one().place(0).origin()).startsWith("n/");
    assertThat(in.other().place(0).origin()).startsWith("m/");
    assertThat(in.axes())
        .containsExactly(List.of(new UnitsAlong("expert.0.1", 0, 4, 1)), List.of());
    MatchPair router = pairs.get(2);
    assertThat(router.shape().dimensions()).containsExactly(1L, 2L);
    assertThat(router.one().place(0).element()).isEqualTo(2);
    assertThat(router.other().place(0).element()).isEqualTo(4);
    assertThat(router.axes()).containsExactly(List.of(), List.of());
  }

  @Test
  void expertsThatStayAreMatchedAsLayersAre() {
    Map<String, Match> matches = byName(alignment(false, false));
    assertThat(matches.keySet()).containsExactly("expert.0.0", "expert.0.1", "expert.0.2", "mlp");
    assertThat(matches.get("expert.0.1").pairs())
        .extracting(MatchPair::tensor)
        .containsExactly("l.0.e.1.in", "l.0.e.1.out");
  }

  @Test
  void expertsAndTheStreamDoNotBothMove() {
    assertThatThrownBy(() -> alignment(true, true))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "m cannot be aligned to n: `residual: free` moves what all experts read, so that these"
                + " cannot be matched one by one; write `experts: fixed` beside it");
    assertThat(byName(alignment(false, true))).hasSize(1);
  }

  /** In the order 2, 0, 1 experts are likest, though the best single pair is elsewhere. */
  private static final double[][] LIKENESS = {{9, 1, 8}, {8, 0, 1}, {2, 4, 3}};

  private static List<Matched> found(Alignment alignment) {
    List<Matched> found = new ArrayList<>();
    for (Match match : alignment.matches()) {
      String group = match.groups().keySet().iterator().next();
      int at = found.size() - 1;
      double likeness = at < 0 ? 1 : LIKENESS[at / EXPERTS][at % EXPERTS];
      // who comes from expert e has its first e + 1 units in the other order
      int[] order = {0, 1, 2, 3};
      for (int unit = 0; at >= 0 && unit <= at % EXPERTS; unit++) {
        order[unit] = at % EXPERTS - unit;
      }
      UnitOrders orders =
          at < 0 ? match.identity() : match.identity().with(group, List.of(Permutation.of(order)));
      found.add(new Matched(orders, likeness / 2, likeness, 10 * likeness, likeness));
    }
    return found;
  }

  private static String place(Model model, String tensor, long element) {
    return model.tensors().get(tensor).place(element).tensor()
        + " "
        + model.tensors().get(tensor).place(element).element();
  }

  @Test
  void expertsGoWhereAllTogetherAreLikest() {
    Alignment alignment = alignment(true, false);
    Model aligned = alignment.aligned(found(alignment));
    assertThat(place(aligned, "l.0.e.0.in", 0)).as("unit 2").isEqualTo("l.0.e.2.in 4");
    assertThat(place(aligned, "l.0.e.1.in", 0)).isEqualTo("l.0.e.0.in 0");
    assertThat(place(aligned, "l.0.e.2.in", 0)).as("unit 1").isEqualTo("l.0.e.1.in 2");
    assertThat(place(aligned, "l.0.e.2.out", 1)).as("column 0").isEqualTo("l.0.e.1.out 0");
    assertThat(place(aligned, "l.0.e.0.a_seen", 0)).isEqualTo("l.0.e.2.a_seen 2");
    assertThat(place(aligned, "l.0.router", 0)).isEqualTo("l.0.router 4");
    assertThat(place(aligned, "l.0.router", 2)).isEqualTo("l.0.router 0");
    assertThat(place(aligned, "l.0.bias", 2)).isEqualTo("l.0.bias 1");
    assertThat(place(aligned, "mlp", 3)).isEqualTo("mlp 3");
  }

  @Test
  void whatIsToldOfAnExpertIsOfItsPlaceBeforeAndAfter() {
    Alignment alignment = alignment(true, false);
    Map<String, Map<String, Double>> told = alignment.measures(found(alignment));
    assertThat(told)
        .containsOnlyKeys(
            "mlp of m", "experts.0 of m", "expert.0.0 of m", "expert.0.1 of m", "expert.0.2 of m");
    assertThat(told.get("experts.0 of m")).isEqualTo(Map.of("units that moved (share)", 1.0));
    Map<String, Double> first = told.get("expert.0.0 of m");
    assertThat(first.get("likeness before alignment")).as("0 in its place").isEqualTo(4.5);
    assertThat(first.get("likeness after alignment")).as("2 there").isEqualTo(8);
    assertThat(told.get("expert.0.1 of m").get("distance before alignment"))
        .as("1 in its place")
        .isZero();
    assertThat(first.get("distance before alignment")).isEqualTo(90);
    assertThat(first.get("distance after alignment")).isEqualTo(8);
    assertThat(first.get("units that moved (share)"))
        .as("of the reversed three the middle stays")
        .isCloseTo(0.5, within(0.0));
  }

  @Test
  void expertsAreNotMatchedToAMean() {
    Alignment alignment = alignment(true, false);
    assertThatThrownBy(() -> alignment.gained(found(alignment)))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "m has experts, which cannot be matched to a mean; write `experts: fixed` beside it");
  }
}
