package dev.stockpot.merge.align;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.plan.ModelHeaders;
import dev.stockpot.merge.recipe.RecipeException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What specs say of groups, and what they cannot mean. */
class GroupReaderTest {
  private static final String SPEC =
      """
      groups:
        stem: {}
        expert.{l}.{e}: {}
        it.{l}: %s
      tensors:
        'a.{l}.weight': it.{l}, stem
        'b.{l}.{e}.weight': expert.{l}.{e}, stem
      """;

  private static GroupRule read(String said) {
    return SpecReader.read("spec.yml", SPEC.formatted(said)).group("it.{}");
  }

  @Test
  void aGroupOfWhichNothingIsSaidIsFree() {
    assertThat(read("{}"))
        .isEqualTo(
            new GroupRule(
                GroupName.of("it.{l}"),
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false));
    assertThat(read("{}").expertLetter()).isEmpty();
  }

  @Test
  void whatIsSaidOfHeadsIsTakenWordByWord() {
    GroupRule rule =
        read(
            "{heads: [n_head, 12], key_value_heads: n_kv, keys: fixed, order: fixed, pairs: half,"
                + " unless: 'a.{l}.norm'}");
    GroupRule.HeadRule heads = rule.heads().orElseThrow();
    assertThat(heads.counts()).containsExactly("n_head", "12");
    assertThat(heads.keyCounts()).containsExactly("n_kv");
    assertThat(heads.keysMove()).isFalse();
    assertThat(heads.headsMove()).isFalse();
    assertThat(heads.inPairs()).isTrue();
    assertThat(heads.unless().orElseThrow()).hasToString("a.{l}.norm");
    GroupRule.HeadRule plain = read("{heads: 4}").heads().orElseThrow();
    assertThat(List.of(plain.keysMove(), plain.headsMove(), plain.inPairs()))
        .containsExactly(true, true, false);
  }

  @Test
  void expertsAreCountedByTheLetterThatTheirLayerDoesNotHave() {
    GroupRule rule = read("{experts: 'expert.{l}.{e}'}");
    assertThat(rule.experts().orElseThrow().kind()).isEqualTo("expert.{}.{}");
    assertThat(rule.expertLetter()).hasValue("e");
  }

  @Test
  void theResidualStreamTheFirstAndTheLastOneAreTold() {
    GroupRule rule = read("{residual: true, first: stem, last: fixed}");
    assertThat(rule.isResidual()).isTrue();
    assertThat(rule.isLastFixed()).isTrue();
    assertThat(rule.first().orElseThrow().parts().get(0).group().kind()).isEqualTo("stem");
    assertThat(read("{first: fixed}").first().orElseThrow().isFixed()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "{experts: 'expert.{l}'} # `experts` of `it.{l}` is expert.{l}, must have one number more,"
            + " which counts experts: expert.{l}.{e}",
        "{experts: 'expert.{k}.{e}'} # `experts` of `it.{l}` is expert.{k}.{e}, must have one"
            + " number more, which counts experts: expert.{l}.{e}",
        "{experts: 'expret.{l}.{e}'} # `expret.{l}.{e}` is none of the `groups`; add it there",
        "{first: steam} # `steam` is none of the `groups`; add it there",
        "{heads: 4, keys: free} # `keys` is free, may only be fixed; leave it out otherwise",
        "{heads: 4, pairs: [half, half]} # `pairs` is half, half, may only be half; leave it out"
            + " otherwise",
        "{last: free} # `last` is free, may only be fixed; leave it out otherwise",
        "{heads: 4, unless: 'a.{l'} # `a.{l` is no name of tensors: `{l}` stands for a number,"
            + " `{a|b}` for either, `[a]` for what may be missing"
      })
  void whatCannotBeMeantIsRefusedInItsLine(String said, String told) {
    assertThatThrownBy(() -> read(said))
        .isInstanceOf(RecipeException.class)
        .hasMessageStartingWith("spec.yml:")
        .hasMessageContaining(told);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[stme, stem] | `stme` is none of the `groups`; add it there",
        "[stem, stme] | `stme` is none of the `groups`; add it there",
      })
  void groupsThatAreOneMustBeThere(String groups, String told) {
    String text = SPEC.formatted("{}") + "same: [{groups: %s}]\n".formatted(groups);
    assertThatThrownBy(() -> SpecReader.read("spec.yml", text))
        .isInstanceOf(RecipeException.class)
        .hasMessage("spec.yml:8: " + told);
  }

  /** Which number is meant only tensors tell, by their letters. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{heads: 2, unless: 'a.norm'} | it.{l}/query + it.{l}/value | '' | {l} of `it.{l}`",
        "{first: 'expert.{l}.{x}'} | it.{<l} | '' | {x} of `expert.{l}.{x}`",
        "{experts: 'expert.{l}.{x}'} | it.{l} | '' | {x} of `expert.{l}.{x}`",
        "{} | it.{l} | same: [{groups: ['it.{l}', 'expert.{l}.{e}']}] | {e} of `expert.{l}.{e}`"
      })
  void aNumberThatNothingTellsIsRefused(String said, String axis, String more, String number) {
    String spec =
        SPEC.formatted(said).replace("it.{l}, stem", axis + ", stem")
            + "  'a.norm': fixed\n"
            + more;
    ModelHeaders model =
        FoundUnits.model()
            .tensor("a.norm", 2)
            .tensor("a.0.weight", 4, 4)
            .tensor("b.0.1.weight", 4, 4);
    assertThatThrownBy(() -> FoundUnits.of(model, spec))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "nothing tells the number %s; call it by one letter wherever it is meant"
                .formatted(number));
  }
}
