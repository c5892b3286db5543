package dev.stockpot.merge.recipe;

import static dev.stockpot.merge.recipe.Recipes.assertProblems;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.recipe.Arrangement.Groups;
import dev.stockpot.merge.recipe.Arrangement.Kept;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Rules that stand over several lines: a problem has the line of its key. */
class ComposeLinesTest extends RecipeComposeCases {
  /** The texts of a recipe's problems, in short, by their lines. */
  private static Map<Integer, String> found(String yaml) {
    Map<Integer, String> found = new TreeMap<>();
    assertThatThrownBy(() -> Recipes.parse(yaml))
        .isInstanceOf(RecipeException.class)
        .satisfies(
            refused ->
                refused
                    .getMessage()
                    .lines()
                    .map(line -> line.split(":", 3))
                    .forEach(
                        parts ->
                            found.merge(
                                Integer.valueOf(parts[1]),
                                parts[2].strip().replaceAll("(`\\w+`).*", "$1"),
                                (one, other) -> one + " " + other)));
    return found;
  }

  @Test
  void ofATensorThatIsTaken() {
    assertThat(
            found(
                """
                compose:
                  - from: a
                    match: x
                    as: $1
                    keep: 1
                    sizes: big
                    groups: all
                    axis: rows
                    leave_out: perhaps
                    except:
                      - ok
                      - (
                    join:
                      - [k]
                    stack: true
                    tokens:
                      of: b
                      k: 0
                """))
        .containsOnly(
            Map.entry(4, "`$1` puts in group 1, and `x`"),
            Map.entry(5, "`keep`"),
            Map.entry(6, "`sizes` `sizes`"),
            Map.entry(7, "`groups`"),
            Map.entry(8, "`axis`"),
            Map.entry(9, "`leave_out`"),
            Map.entry(12, "`except`"),
            Map.entry(14, "an element of `join`"),
            Map.entry(15, "`stack`"),
            Map.entry(18, "`k`"));
  }

  @Test
  void ofANewTensorThatCannotBeFilled() {
    assertProblems(
        """
        compose:
          - from: a
          - as: w
            init: xavier_normal
            shape:
              - 3
        """,
        "recipe.yml:5: `w` cannot be initialised so: [3] has no inputs and outputs: two dimensions"
            + " or more");
  }

  @Test
  void ofAMap() {
    assertThat(
            found(
                """
                compose:
                  - from: a
                  - as: s
                    from: x
                    fit: squares
                    to: y
                    gram: g
                    grams: gs
                    target: t
                    bias: s
                    ridge: -1
                    crossgram: c
                """))
        .containsOnly(
            Map.entry(5, "`fit`"),
            Map.entry(7, "`gram`"),
            Map.entry(8, "`grams`"),
            Map.entry(
                9, "`target: t` is the name of YᵀY in statistics, and belongs to `fit: crossgram`"),
            Map.entry(10, "`bias`"),
            Map.entry(11, "`ridge`"),
            Map.entry(12, "`crossgram`"));
    assertThat(
            found(
                """
                compose:
                  - as: s
                    from: x
                    fit: crossgram
                    gram: g
                    crossgram: c
                    explained: e
                    targets: t
                """))
        .containsOnlyKeys(7, 8);
  }

  @Test
  void ofAnAlignmentAndItsNumbers() {
    assertProblems(
        """
        merge_method: linear
        parameters: {weight: 1}
        models:
          - model: a
            statistics: {gram: ga}
          - model: b
            statistics: {gram: gb, crossgram: c}
            align:
              to: a
              by: zipit
              alpha: 2
              beta: 3
        """,
        "recipe.yml:11: `alpha` is 2.0, must be above 0 and at most 1",
        "recipe.yml:12: `beta` is 3.0, must be from 0 to 1");
  }

  @Test
  void whatIsJoinedLiesAlongAnAxisOrIsStacked() {
    Arrangement stacked = take("{from: a, match: q, join: [k], stack: true, as: x}").arrangement();
    assertThat(stacked.isStacked()).isTrue();
    assertThat(stacked.isTransposed()).isFalse();
    assertThat(stacked.axis()).isZero();
    Arrangement turned = take("{from: a, transpose: true}").arrangement();
    assertThat(turned.isTransposed()).isTrue();
    assertThat(turned.isStacked()).isFalse();
    for (String more : new String[] {"axis: 0", "groups: 2"}) {
      assertProblems(
          ONE.formatted("{from: a, match: q, join: [k], stack: true, as: x, %s}".formatted(more)),
          "recipe.yml:2: `stack` puts what `join` lists along a new first axis, beside neither"
              + " `axis` nor `groups`; remove these");
    }
    assertProblems(
        ONE.formatted("{from: a, stack: true}"),
        "recipe.yml:2: `stack` puts what `join` lists along a new first axis, beside neither `axis`"
            + " nor `groups`; list it");
  }

  @Test
  void arrangementsRefuseNonsense() {
    assertThatThrownBy(() -> new Kept(3, 3)).hasMessage("from 3 to 3");
    assertThatThrownBy(() -> new Kept(-1, 3)).hasMessage("from -1 to 3");
    assertThatThrownBy(() -> new Groups(Groups.Kind.COUNT, 0)).hasMessage("0 groups");
    assertThatThrownBy(
            () ->
                new Arrangement(
                    false,
                    Arrangement.NONE.kept(),
                    Arrangement.NONE.joined(),
                    false,
                    Arrangement.Sizes.EQUAL,
                    Groups.ONE,
                    -1))
        .hasMessage("axis is -1");
  }
}
