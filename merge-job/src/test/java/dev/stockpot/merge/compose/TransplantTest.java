package dev.stockpot.merge.compose;

import static dev.stockpot.merge.compose.Compositions.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.methods.widths.WidthPrograms;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.model.Gathered;
import dev.stockpot.merge.model.RowMean;
import dev.stockpot.merge.model.Solved;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.plan.ModelHeaders;
import dev.stockpot.merge.recipe.Carry;
import dev.stockpot.merge.recipe.ModelReference;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Which rows a token of another model gets: our own where we know it, others where we do not. */
class TransplantTest {
  private final Map<String, TensorSource> tensors =
      ModelHeaders.named("m").tensor("o", 4, 2).tensor("t", 6, 3).tensor("v", 8).open().tensors();

  /** What it is for each token of the other model, in ours; or how ours spell it. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Tokens(int[] known, int[][] spelled) implements TokenRows {
    @Override
    public int[] of(ModelReference one, ModelReference other) {
      assertThat(one + " in " + other).isEqualTo("theirs in ours");
      return known;
    }

    @Override
    public int[][] pieces(ModelReference one, ModelReference other) {
      assertThat(one + " in " + other).isEqualTo("theirs in ours");
      return spelled;
    }
  }

  private Transplant transplant(Carry.Method method, int most) {
    return new Transplant(
        "wte",
        tensors.get("o"),
        tensors.get("t"),
        Compositions.named("ours"),
        new Carry.Tokens(Compositions.named("theirs"), method, most));
  }

  private Gathered made(Carry.Method method, int most, int... known) {
    return (Gathered) transplant(method, most).made(new Tokens(known, new int[0][]));
  }

  private void refuses(String message, Carry.Method method, int most, int... known) {
    assertThatThrownBy(() -> made(method, most, known))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @EnumSource(
      value = Carry.Method.class,
      names = {"OMP", "INTERPOLATION", "MEAN"})
  void whereAllAreKnownRowsAreOursAlone(Carry.Method method) {
    Gathered made = made(method, 9, 3, 0, 0, 2, 1);
    assertThat(rows(made)).isEqualTo("o3 o0 o0 o2 o1");
    assertThat(made.sources()).containsExactly(tensors.get("o"));
    assertThat(made.dtype()).isEqualTo(DType.BF16);
  }

  @ParameterizedTest
  @CsvSource({"OMP, omp", "INTERPOLATION, interpolation"})
  void rowsThatWeLackAreMadeOfThoseThatBothHave(Carry.Method method, String word) {
    Gathered made = made(method, 2, 3, -1, 0, 4, 1);
    String own = "rows of wte for tokens of theirs";
    assertThat(rows(made)).isEqualTo("o3 %s0 o0 %s1 o1".formatted(own, own));
    assertThat(made.storedType()).isEqualTo(DType.BF16);
    Solved lacking = (Solved) made.sources().get(1);
    assertThat(lacking.shape()).isEqualTo(Shape.of(2, 2));
    assertThat(lacking.terms()).isEqualTo(word + ", of 2");
    assertThat(lacking.inputs())
        .extracting(Compositions::rows)
        .as("wanted there, anchors there, anchors here")
        .containsExactly("t1 t3", "t0 t2 t4", "o3 o0 o1");
    assertThat(lacking.program())
        .usingRecursiveComparison()
        .isEqualTo(
            method == Carry.Method.OMP
                ? WidthPrograms.matchingPursuit(2, 3, 3, 2, 2)
                : WidthPrograms.neighbours(2, 3, 3, 2, 2));
  }

  @Test
  void theMeanIsOfSharedRowsAndStandsForAllOthers() {
    Gathered made = made(Carry.Method.MEAN, 9, -1, 2, -1, 2);
    assertThat(made.map().runs(0, 4))
        .extracting(run -> run.source() + "/" + run.row())
        .containsExactly("1/0", "0/2", "1/0", "0/2");
    RowMean mean = (RowMean) made.sources().get(1);
    assertThat(rows(mean.rows())).isEqualTo("o2 o2");
  }

  @Test
  void sumsNeedAsManySharedTokensAsTheyHave() {
    refuses("ours and theirs share 2 tokens, fewer than `k: 3`", Carry.Method.OMP, 3, 0, -1, 1);
    refuses("ours and theirs share 0 tokens, fewer than `k: 1`", Carry.Method.INTERPOLATION, 1, -1);
    refuses("ours and theirs share 0 tokens, fewer than `k: 1`", Carry.Method.MEAN, 9, -1, 4);
    assertThat(made(Carry.Method.OMP, 2, 0, -1, 1).sources()).hasSize(2);
    assertThat(made(Carry.Method.MEAN, 9, 0, -1).sources()).hasSize(2);
  }

  @ParameterizedTest
  @EnumSource(Carry.Method.class)
  void theOtherModelHasARowForEachOfItsTokens(Carry.Method method) {
    refuses("theirs has 6 rows, and its tokenizer 7 tokens", method, 1, new int[7]);
    Tokens all = new Tokens(new int[6], new int[6][0]);
    assertThat(transplant(method, 1).made(all).shape()).isEqualTo(Shape.of(6, 2));
    Tokens fewer = new Tokens(new int[2], new int[2][0]);
    assertThat(transplant(method, 1).made(fewer).shape())
        .as("rows beyond the tokens are of none")
        .isEqualTo(Shape.of(2, 2));
  }

  @Test
  void onlyMatricesHaveRows() {
    for (List<String> names : List.of(List.of("o", "v"), List.of("v", "o"))) {
      assertThatThrownBy(
              () ->
                  new Transplant(
                      "wte",
                      tensors.get(names.get(0)),
                      tensors.get(names.get(1)),
                      Compositions.named("ours"),
                      transplant(Carry.Method.OMP, 1).wanted()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageEndingWith(" are no matrices with a row for each token");
    }
  }

  private Gathered spelled(int[] known, int[]... pieces) {
    return (Gathered) transplant(Carry.Method.SUBWORD, 1).made(new Tokens(known, pieces));
  }

  private static final int[] NONE = {};

  @Test
  void whatIsSpelledIsTheMeanOfItsPieces() {
    Gathered made =
        spelled(
            new int[] {1, -1, -1, 5, 3},
            NONE,
            new int[] {3, 2},
            new int[] {2, 0, 3},
            new int[] {2},
            NONE);
    assertThat(made.map().runs(0, 5))
        .extracting(run -> "%s/%s/%s".formatted(run.source(), run.row(), run.count()))
        .as("our own, three that are made, our own")
        .containsExactly("0/1/1", "1/0/3", "0/3/1");
    Solved means = (Solved) made.sources().get(1);
    assertThat(means.shape()).isEqualTo(Shape.of(3, 2));
    assertThat(rows(means.inputs().get(0))).as("each once").isEqualTo("o3 o2 o0");
    assertThat(means.program())
        .usingRecursiveComparison()
        .isEqualTo(WidthPrograms.meansOfRows(3, 2, new int[][] {{0, 1}, {1, 2, 0}, {1}}));
    assertThat(means.terms()).matches("subword, spelling [0-9a-f]{8}");
  }

  @Test
  void otherSpellingsAreOtherTensors() {
    int[] known = {0, -1};
    assertThat(spelled(known, NONE, new int[] {1, 2, 2}).identity())
        .isEqualTo(spelled(known, NONE, new int[] {1, 2, 2}).identity())
        .isNotEqualTo(spelled(known, NONE, new int[] {1, 1, 2}).identity());
  }

  @Test
  void whatCannotBeSpelledIsTheMeanOfSharedRows() {
    Gathered made = spelled(new int[] {2, -1, -1, 0}, NONE, NONE, new int[] {-1, 4, 9}, NONE);
    assertThat(made.map().runs(0, 4))
        .extracting(run -> run.source() + "/" + run.row())
        .containsExactly("0/2", "2/0", "2/0", "0/0");
    assertThat(rows(((RowMean) made.sources().get(2)).rows())).isEqualTo("o2 o0");
  }

  @Test
  void piecesThatWeHaveNoRowsForAreLeftOut() {
    Gathered made = spelled(new int[] {0, -1}, NONE, new int[] {7, 1, -1, 2});
    Solved means = (Solved) made.sources().get(1);
    assertThat(rows(means.inputs().get(0))).isEqualTo("o1 o2");
  }

  @Test
  void spellingNeedsATokenThatBothHave() {
    assertThatThrownBy(() -> spelled(new int[] {-1, 4}, new int[] {1}, NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("ours and theirs share no token");
  }
}
