package dev.stockpot.merge.compose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.methods.widths.WidthPrograms;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.model.Solved;
import dev.stockpot.merge.model.TensorSource;
import org.junit.jupiter.api.Test;

/** Where what a map adds goes: into the bias of each layer that reads through it. */
class ShiftsTest {
  private static final String FIT =
      "as: map, bias: added, fit: least_squares, from: narrow, to: wide, hidden: true";
  private static final String REST = "from: wide, leave_out: true";
  private static final String IN = "from: wide, match: in.weight, through: map";
  private static final String IN_BIAS = "from: wide, match: in.bias, through: map";

  private static TensorSource made(String name, String... rules) {
    return CarriedTensorsTest.of(rules).composed().model().tensors().get(name);
  }

  private static void assertRefused(String message, String... rules) {
    CarriedTensorsTest.of(rules).assertProblems(message);
  }

  @Test
  void aLayerWithoutABiasGetsOne() {
    String rule = "from: wide, match: up, under: x, through: map";
    Composed composed = CarriedTensorsTest.of(FIT, rule, REST).composed();
    Solved bias = (Solved) composed.model().tensors().get("x.up.bias");
    assertThat(bias.shape()).isEqualTo(Shape.of(5));
    assertThat(bias.program()).isEqualTo(WidthPrograms.mappedShift(5, 3, false));
    assertThat(bias.inputs().get(0).place(0).tensor()).isEqualTo("up.weight");
    assertThat(((Solved) bias.inputs().get(1)).tensor()).isEqualTo("added");
    assertThat(composed.table())
        .filteredOn(row -> row.name().equals("x.up.bias"))
        .extracting(ComposedTensor::origin)
        .containsExactly("new, x.up.weight times what map adds");
  }

  @Test
  void whatIsAddedIsInTheOutputWithItsMap() {
    Composed composed = CarriedTensorsTest.of(FIT.replace(", hidden: true", ""), REST).composed();
    assertThat(composed.model().tensors()).containsKeys("map", "added");
    assertThat(composed.table())
        .filteredOn(row -> row.name().equals("added"))
        .extracting(ComposedTensor::origin)
        .containsExactly("new, what map adds");
    assertThat(CarriedTensorsTest.of(FIT, REST).composed().model().tensors())
        .doesNotContainKeys("map", "added");
  }

  @Test
  void aBiasThatIsThereIsCarriedWhereverItsRuleStands() {
    for (String[] rules : new String[][] {{FIT, IN, IN_BIAS, REST}, {FIT, IN_BIAS, IN, REST}}) {
      Solved bias = (Solved) made("in.bias", rules);
      assertThat(bias.program()).isEqualTo(WidthPrograms.mappedShift(2, 3, true));
      assertThat(bias.inputs())
          .extracting(input -> input.place(0).tensor())
          .containsExactly("in.weight", "added", "in.bias");
    }
  }

  @Test
  void aBiasThatIsLeftBehindIsOwedToTheRuleOfItsMatrix() {
    String message =
        "recipe.yml:4: map adds something to what it gives, so that in.bias changes, too: carry it"
            + " `through: map` by a rule that matches it, as its matrix";
    assertRefused(message, FIT, IN, "from: wide, match: in.bias", REST);
    assertRefused(message, FIT, IN, REST);
  }

  @Test
  void everyMapIsOwedItsOwnBias() {
    String other = FIT.replace("map", "two").replace("added", "too");
    String second = IN.replace("map", "two") + ", under: b";
    String secondBias = IN_BIAS.replace("map", "two") + ", under: b";
    Composed composed =
        CarriedTensorsTest.of(FIT, other, IN, second, secondBias, IN_BIAS, REST).composed();
    assertThat(composed.model().tensors())
        .containsKeys("in.weight", "in.bias", "b.in.weight", "b.in.bias");
    assertRefused(
        "recipe.yml:5: map adds something to what it gives, so that in.bias changes, too: carry it"
            + " `through: map` by a rule that matches it, as its matrix",
        FIT,
        other,
        IN,
        second,
        secondBias,
        REST);
  }

  @Test
  void aBiasWithoutItsMatrixIsRefused() {
    assertRefused(
        "recipe.yml:4: norm.bias of wide: wide has no norm.weight, so that nobody knows what map"
            + " adds to its bias",
        FIT,
        "from: wide, match: norm.bias, through: map",
        REST);
  }

  @Test
  void aBiasIsFoundByTheNameOfItsMatrix() {
    String message =
        "recipe.yml:4: in.weight of wide: map has a bias, and the bias of a layer is found by its"
            + " matrix's name, which must end in .weight";
    assertRefused(message, FIT, IN + ", as: in.w", IN_BIAS, REST);
    assertRefused(
        message.replace("in.weight of", "lora of"),
        FIT,
        "from: wide, match: lora, as: x.weight, through: map",
        REST);
    assertRefused(
        message.replace("in.weight of", "gain of"),
        FIT,
        "from: wide, match: gain, through: map",
        REST);
  }

  @Test
  void mapsThatAddNothingLeaveBiasesAsTheyAre() {
    String plain = FIT.replace(", bias: added", "");
    TensorSource bias = made("in.bias", plain, IN, "from: wide, match: in.bias", REST);
    assertThat(bias.parts()).as("it is stored").isEmpty();
  }

  @Test
  void nothingIsCarriedOntoAMapThatAdds() {
    String back = "as: back, bias: more, fit: least_squares, from: wide, to: narrow, ridge: 1";
    assertRefused(
        "recipe.yml:4: down.bias of wide: back has a bias, which every layer that is carried `onto`"
            + " it would add; find it without `bias`",
        back,
        "from: wide, match: down.bias, onto: back",
        REST);
  }
}
