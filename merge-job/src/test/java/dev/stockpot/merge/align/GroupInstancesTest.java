package dev.stockpot.merge.align;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.plan.ModelHeaders;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which groups a model has, which of them names mean where they stand, and which are one. */
class GroupInstancesTest {
  private static final String CHAIN =
      """
      groups:
        out.{i}: %s
        stem: {}
      tensors:
        'stem.weight': stem, fixed
        'b.{i}.weight': out.{i}, out.{<i}
        'n.{i}.weight': out.{<=i}
        'head.weight': fixed, out.{last}
      %s
      """;

  /** Layers 0, 2 and 10 of 4, 5 and 6 units, each with inputs from the one before. */
  private static ModelHeaders chain(long inputs) {
    return FoundUnits.model()
        .tensor("stem.weight", 3, 2)
        .tensor("b.0.weight", 4, inputs)
        .tensor("b.2.weight", 5, 4)
        .tensor("b.10.weight", 6, 5)
        .tensor("n.3.weight", 5)
        .tensor("n.10.weight", 6)
        .tensor("head.weight", 2, 6);
  }

  private static ModelUnits found(ModelHeaders model, String group, String more) {
    return FoundUnits.of(model, CHAIN.formatted(group, more));
  }

  private static void assertRefused(ModelHeaders model, String spec, String message) {
    assertThatThrownBy(() -> FoundUnits.of(model, spec))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void namesMeanTheGroupsThatThereAreInTheOrderOfTheirNumbers() {
    ModelUnits units = found(chain(3), "{first: stem}", "");
    assertThat(FoundUnits.along(units, "b.0.weight", 1)).isEqualTo("stem");
    assertThat(FoundUnits.along(units, "b.2.weight", 1)).isEqualTo("out.0");
    assertThat(FoundUnits.along(units, "b.10.weight", 1)).isEqualTo("out.2");
    assertThat(FoundUnits.along(units, "n.3.weight", 0)).as("there is no 3").isEqualTo("out.2");
    assertThat(FoundUnits.along(units, "n.10.weight", 0)).isEqualTo("out.10");
    assertThat(FoundUnits.along(units, "head.weight", 1)).isEqualTo("out.10");
  }

  /** A vector has units of groups that matrices make, and makes none that others count by. */
  @Test
  void vectorsMakeNoGroupThatIsTheLastOrTheOneBefore() {
    ModelUnits units =
        found(chain(3).tensor("v.20.bias", 9), "{first: stem}", "  'v.{i}.bias': out.{i}");
    assertThat(FoundUnits.along(units, "v.20.bias", 0)).isEqualTo("out.20");
    assertThat(FoundUnits.along(units, "head.weight", 1)).isEqualTo("out.10");
  }

  @Test
  void beforeTheFirstNothingMovesIfTheSpecSaysSo() {
    ModelUnits units = found(chain(7), "{first: fixed}", "");
    assertThat(FoundUnits.along(units, "b.0.weight", 1)).isEqualTo("fixed");
    assertThat(FoundUnits.along(units, "b.2.weight", 1)).isEqualTo("out.0");
  }

  @Test
  void theLastOneStaysIfTheSpecSaysSo() {
    ModelUnits units = found(chain(3), "{first: stem, last: fixed}", "");
    assertThat(FoundUnits.along(units, "b.10.weight", 0)).isEqualTo("fixed");
    assertThat(FoundUnits.along(units, "head.weight", 1)).isEqualTo("fixed");
    assertThat(FoundUnits.along(units, "b.2.weight", 0)).isEqualTo("out.2");
    assertThat(units.groups()).containsOnlyKeys("stem", "out.0", "out.2");
  }

  @Test
  void whatIsNowhereIsRefused() {
    assertRefused(chain(3), CHAIN.formatted("{}", ""), "nothing is before out.{<i}");
    assertRefused(
        FoundUnits.model().tensor("head.weight", 2, 6),
        CHAIN.formatted("{}", ""),
        "there is no group out.{last}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{first: fixed} | {} | an axis has units that may move beside such that may not",
        "{} | {residual: true} | an axis has units of the residual stream beside others"
      })
  void unitsOfTwoKindsAlongAnAxisAreRefused(String out, String stem, String message) {
    String axis = out.equals("{}") ? "out.{i} + stem" : "out.{<i} + stem";
    String spec =
        """
        groups:
          out.{i}: %s
          stem: %s
        tensors:
          'b.{i}.weight': out.{i}, fixed
          'j.{i}.weight': fixed, %s
        """
            .formatted(out, stem, axis);
    assertRefused(
        FoundUnits.model().tensor("b.0.weight", 4, 3).tensor("j.0.weight", 2, 8), spec, message);
  }

  /** A block with a shortcut of its own begins a stream, and those behind it without go on. */
  @Test
  void groupsAreOneUnlessATensorSetsThemApart() {
    ModelHeaders model = FoundUnits.model().tensor("stem.weight", 4, 2);
    for (int block = 0; block < 4; block++) {
      model.tensor("b.%s.weight".formatted(block), 4, 4);
    }
    model.tensor("skip.2.weight", 4, 4);
    ModelUnits units =
        found(
            model,
            "{first: stem}",
            "  'skip.{i}.weight': out.{i}, out.{<i}\n"
                + "same: [{groups: ['out.{i}', 'out.{<i}'], unless: 'skip.{i}.weight'}]");
    assertThat(units.groups()).containsOnlyKeys("stem", "out.2");
    List<String> outputs = new ArrayList<>();
    for (int block = 0; block < 4; block++) {
      outputs.add(FoundUnits.along(units, "b.%s.weight".formatted(block), 0));
    }
    assertThat(outputs).containsExactly("stem", "stem", "out.2", "out.2");
    assertThat(FoundUnits.along(units, "b.2.weight", 1)).isEqualTo("stem");
  }

  @Test
  void oneThatHasNoPartnerIsRefused() {
    assertRefused(
        FoundUnits.model().tensor("stem.weight", 3, 2).tensor("b.0.weight", 4, 3),
        CHAIN.formatted("{first: fixed}", "same: [{groups: ['out.{i}', 'out.{<i}']}]"),
        "`same`: nothing is before out.0");
  }

  private static final String THREE =
      """
      groups: {a: {}, b: {}, c: {}}
      tensors: {x: 'a, fixed', y: 'b, fixed', z: 'c, fixed'}
      same: %s
      """;

  private static ModelUnits three(String same) {
    return FoundUnits.of(
        FoundUnits.model().tensor("x", 4, 3).tensor("y", 4, 3).tensor("z", 4, 3),
        THREE.formatted(same));
  }

  /** Whichever way round it is said, and however often: nobody goes in circles. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{groups: [a, b]}]",
        "[{groups: [a, b]}, {groups: [b, a]}]",
        "[{groups: [a, b]}, {groups: [a, b]}]",
        "[{groups: [a, a]}, {groups: [a, b]}]",
      })
  void twoThatAreOneAreOneHoweverItIsSaid(String same) {
    ModelUnits units = three(same);
    assertThat(units.groups()).hasSize(2).containsKey("c");
    assertThat(FoundUnits.along(units, "x", 0)).isEqualTo(FoundUnits.along(units, "y", 0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{groups: [a, b]}, {groups: [a, c]}]",
        "[{groups: [a, b]}, {groups: [c, a]}]",
        "[{groups: [a, b]}, {groups: [b, c]}, {groups: [c, a]}]",
      })
  void threeAreOneIfTwoPairsAre(String same) {
    assertThat(three(same).groups()).hasSize(1);
  }

  /** The units of a pooler that is not there are those of the stream, whoever is named first. */
  @ParameterizedTest
  @ValueSource(strings = {"bert", "roberta"})
  void aStreamStaysOneUnderAnotherName(String prefix) {
    ModelHeaders model =
        ModelHeaders.named("m")
            .config("{\"model_type\": \"%s\", \"num_attention_heads\": 2}".formatted(prefix))
            .tensor("classifier.weight", 3, 8)
            .tensor("classifier.bias", 3)
            .tensor(prefix + ".embeddings.word_embeddings.weight", 20, 8)
            .tensor(prefix + ".encoder.layer.0.intermediate.dense.weight", 12, 8)
            .tensor(prefix + ".encoder.layer.0.output.dense.weight", 8, 12);
    ModelUnits units = SpecCatalog.of("m", model.open());
    assertThat(units.groups()).containsOnlyKeys("residual", "mlp.0");
    assertThat(FoundUnits.along(units, "classifier.weight", 1)).isEqualTo("residual");
    assertThat(units.groups().get("residual").isResidual()).isTrue();
  }
}
