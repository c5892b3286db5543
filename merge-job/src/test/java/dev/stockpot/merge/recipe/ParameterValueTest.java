package dev.stockpot.merge.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.recipe.ParameterValue.Constant;
import dev.stockpot.merge.recipe.ParameterValue.Gradient;
import dev.stockpot.merge.recipe.ParameterValue.Steps;
import dev.stockpot.merge.structure.Stack;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParameterValueTest {

  @ParameterizedTest
  @CsvSource({"0, 0", "0.125, 0.25", "0.25, 0.5", "0.5, 0.25", "0.625, 0.5", "0.75, 0.75", "1, 1"})
  void aGradientJoinsItsPointsByStraightLines(double t, double value) {
    assertThat(new Gradient(List.of(0.0, 0.5, 0.25, 0.75, 1.0)).at(t)).isEqualTo(value);
  }

  @Test
  void aGradientOfOnePointIsThatPointEverywhere() {
    Gradient gradient = new Gradient(List.of(0.3));
    assertThat(gradient.at(0)).isEqualTo(0.3);
    assertThat(gradient.at(0.7)).isEqualTo(0.3);
    assertThat(gradient.at(1)).isEqualTo(0.3);
  }

  @ParameterizedTest
  @CsvSource({"8, 2", "8, 4", "8, 8", "32, 8", "32, 32", "80, 5", "48, 16", "6, 1", "1000, 125"})
  void stepsShareLayersOutEvenly(int layers, int groups) {
    Steps steps = new Steps(IntStream.range(0, groups).mapToObj(i -> (double) i).toList());
    for (int layer = 0; layer < layers; layer++) {
      int group = layer / (layers / groups); // whole numbers: the first layers have the first
      assertThat(steps.at(Stack.depth(layer, layers)))
          .as("layer %s", layer)
          .isEqualTo((double) group);
    }
  }

  @ParameterizedTest
  @CsvSource({"7, 2", "10, 3", "31, 8", "5, 5", "13, 12"})
  void stepsOfUnevenGroupsGoUpAndUseEveryValue(int layers, int groups) {
    Steps steps = new Steps(IntStream.range(0, groups).mapToObj(i -> (double) i).toList());
    List<Object> values =
        IntStream.range(0, layers).mapToObj(i -> steps.at(Stack.depth(i, layers))).toList();
    assertThat(values).isSortedAccordingTo(Comparator.comparing(value -> (Double) value));
    assertThat(values.stream().distinct()).hasSize(groups);
  }

  @Test
  void stepsOfOneLayerAreItsLast() {
    assertThat(new Steps(List.of(0.1, 0.9)).at(Stack.depth(0, 1))).isEqualTo(0.9);
  }

  @Test
  void stepsChangeUnlessTheyAreEqual() {
    assertThat(new Steps(List.of(0.1, 0.9)).changes()).isTrue();
    assertThat(new Steps(List.of(0.1, 0.1)).changes()).isFalse();
    assertThat(new Gradient(List.of(0.1, 0.1)).changes()).isFalse();
    assertThat(new Constant(true).changes()).isFalse();
  }

  @Test
  void rejectsStepsWithoutValuesOrOutsideTheSlice() {
    assertThatThrownBy(() -> new Steps(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("steps have no values");
    assertThatThrownBy(() -> new Steps(List.of(1.0)).at(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("t is NaN, must be 0 to 1");
  }

  @Test
  void rejectsDepthsOutsideTheSlice() {
    assertThatThrownBy(() -> new Gradient(List.of(0.0, 1.0)).at(1.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("t is 1.5, must be 0 to 1");
  }

  @Test
  void rejectsAGradientWithoutPoints() {
    assertThatThrownBy(() -> new Gradient(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("gradient has no points");
  }

  @Test
  void rejectsConstantsOfOtherTypes() {
    assertThatThrownBy(() -> new Constant(1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("1 is neither number, flag nor word");
  }

  @Test
  void theFirstFilterThatMatchesCounts() {
    ParameterSetting setting =
        new ParameterSetting(
            List.of(
                new Choice(Optional.of("self_attn"), new Constant(1.0)),
                new Choice(Optional.of("layers.1"), new Constant(2.0))),
            1);
    assertThat(setting.at("model.layers.1.self_attn.q_proj.weight", 0)).hasValue(1.0);
    assertThat(setting.at("model.layers.12.mlp.up_proj.weight", 0)).hasValue(2.0);
    assertThat(setting.at("lm_head.weight", 0)).isEmpty();
  }

  @Test
  void anAbsentFilterAndAStarMatchEverything() {
    assertThat(new Choice(Optional.empty(), new Constant(1.0)).matches("x")).isTrue();
    assertThat(new Choice(Optional.of("*"), new Constant(1.0)).matches("x")).isTrue();
  }
}
