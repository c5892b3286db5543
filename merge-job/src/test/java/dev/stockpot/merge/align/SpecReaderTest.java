package dev.stockpot.merge.align;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.recipe.RecipeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Specs as people write them. */
class SpecReaderTest {
  private static final String GOOD =
      """
      groups:
        mlp.{l}: {}
      tensors:
        'a.{l}.weight': mlp.{l}, fixed
      """;

  @Test
  void takesWhatIsWellFormed() {
    PermutationSpec spec = SpecReader.read("spec.yml", GOOD);
    assertThat(spec.name()).isEqualTo("its own");
    assertThat(spec.rule("a.3.weight", 2)).isPresent();
    assertThat(spec.rule("a.3.weight", 1)).isEmpty();
    assertThat(spec.rule("a.03.weight", 2)).isEmpty();
    assertThat(spec.rule("b.3.weight", 2)).isEmpty();
  }

  @Test
  void everySpecThatShipsCanBeRead() {
    assertThat(SpecCatalog.all())
        .hasSizeGreaterThan(10)
        .extracting(PermutationSpec::name)
        .doesNotHaveDuplicates();
  }

  /** What is wrong, and what is told. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mlp.{l}: {} | mlp.{l}: {resdual: true} | a group has no key `resdual`",
        "mlp.{l}: {} | mlp.{l}: {residual: maybe} | `residual` is maybe, may only be true",
        "mlp.{l}: {} | mlp.{l}: 3 | `mlp.{l}` is 3, must be a mapping",
        "mlp.{l}: {} | 'mlp {l}': {} | `mlp {l}` is no name of a group of units",
        "mlp.{l}: {} | mlp.{l}: {heads: [[1]]} | must be a word",
        "mlp.{l}, fixed | mpl.{l}, fixed | `mpl.{l}` is none of the `groups`",
        "mlp.{l}, fixed | mlp.{k}, fixed | `mlp.{k}` has a number that `a.{l}.weight` does not"
            + " have",
        "mlp.{l}, fixed | 'mlp.{l}/queries, fixed' | has no side `queries`",
        "mlp.{l}, fixed | 'mlp.{l} twice, fixed' | is no axis: write `fixed`",
        "mlp.{l}, fixed | [1] | `a.{l}.weight` has no axes",
        "a.{l}.weight | a.{l.weight | is no name of tensors",
        "a.{l}.weight | a.{l}.{l}.weight | has {l} twice",
        "a.{l}.weight | a[.{l}].weight | has braces in [.{l}]; what may be missing is text",
        "tensors: | tensros: | a spec has no key `tensros`; it may have buffers, groups",
        "groups: | group: | a spec has `groups`"
      })
  void tellsWhatIsWrongInWhichLine(String good, String wrong, String told) {
    assertThatThrownBy(() -> SpecReader.read("spec.yml", GOOD.replace(good, wrong)))
        .isInstanceOf(RecipeException.class)
        .hasMessageStartingWith("spec.yml:")
        .hasMessageContaining(told);
  }

  @Test
  void tellsAllProblemsAtOnce() {
    String wrong = GOOD.replace("mlp.{l}: {}", "mlp.{l}: {x: 1}").replace("fixed", "other.{l}");
    assertThatThrownBy(() -> SpecReader.read("spec.yml", wrong))
        .hasMessageContaining("spec.yml:2: ")
        .hasMessageContaining("spec.yml:4: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "needs: 'a.{'",
        "same: [{groups: [mlp.{l}, 'x y']}]",
        "same: [{groups: [mlp.{l}]}]",
        "same: [3]"
      })
  void alsoInWhatStandsAlone(String more) {
    assertThatThrownBy(() -> SpecReader.read("spec.yml", GOOD + more + "\n"))
        .isInstanceOf(RecipeException.class)
        .hasMessageStartingWith("spec.yml:");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "3", "[]", "a: b: c", "&a [*a]"})
  void refusesWhatIsNoSpec(String text) {
    assertThatThrownBy(() -> SpecReader.read("spec.yml", text))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("spec.yml");
  }
}
