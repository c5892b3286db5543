package dev.stockpot.merge.recipe;

import static dev.stockpot.merge.recipe.Recipes.parse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.random.Initialisation;
import dev.stockpot.kernels.random.Initialisation.Fan;
import dev.stockpot.merge.recipe.ComposeRule.Fresh;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** New tensors of compositions. */
class RecipeNewTensorsTest extends RecipeComposeCases {
  @ParameterizedTest
  @CsvSource({
    "zeros, CONSTANT, 0, 0",
    "ones, CONSTANT, 1, 0",
    "normal, NORMAL, 0, 1",
    "uniform, UNIFORM, 0, 1",
    "xavier_uniform, SCALED_UNIFORM, 1, 0",
    "xavier_normal, SCALED_NORMAL, 1, 0",
    "kaiming_uniform, SCALED_UNIFORM, 1.4142135623730951, 0",
    "kaiming_normal, SCALED_NORMAL, 1.4142135623730951, 0",
    "orthogonal, ORTHOGONAL, 1, 0",
    "identity, IDENTITY, 1, 0"
  })
  void defaultsAreThoseOfPyTorch(
      String word, Initialisation.Kind kind, double first, double second) {
    Initialisation read = fresh("shape: [3, 4], init: " + word).initialisation();
    assertThat(read.kind()).isEqualTo(kind);
    assertThat(read.first()).isEqualTo(first);
    assertThat(read.second()).isEqualTo(second);
    assertThat(read.fan()).isEqualTo(word.startsWith("xavier") ? Fan.BOTH : Fan.IN);
  }

  @ParameterizedTest
  @CsvSource({
    "'kaiming_normal, mode: fan_out', 1.4142135623730951",
    "'kaiming_normal, nonlinearity: relu', 1.4142135623730951",
    "'kaiming_uniform, negative_slope: 2.23606797749979', 0.5773502691896257",
    "'xavier_normal, nonlinearity: tanh', 1.6666666666666667",
    "'xavier_uniform, nonlinearity: leaky_relu', 1.4141428569978354",
    "'kaiming_uniform, nonlinearity: linear', 1",
    "'kaiming_uniform, nonlinearity: selu', 0.75",
    "'orthogonal, gain: 3', 3"
  })
  void gainsAreThoseOfPyTorch(String init, double gain) {
    assertThat(fresh("shape: [3, 4], init: " + init).initialisation().first()).isEqualTo(gain);
  }

  @Test
  void seedsAndTypesMayBeGiven() {
    Fresh rule = fresh("shape: [2], init: normal, std: 0.02, mean: 1, seed: 7, dtype: float16");
    assertThat(rule.seed()).isEqualTo(OptionalLong.of(7));
    assertThat(rule.dtype()).contains(DType.F16);
    assertThat(rule.initialisation().second()).isEqualTo(0.02);
    assertThat(fresh("shape: [2], init: zeros").seed()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "init: zero, shape: [1] | `init` is zero; did you mean `zeros`?",
        "init: zeros | `shape` is missing, must be lengths above 0",
        "init: zeros, shape: [0] | `shape` is [0], must be lengths above 0",
        "init: zeros, shape: 5 | `shape` is 5, must be lengths above 0",
        "init: zeros, shape: [1.5] | `shape` is [1.5], must be lengths above 0",
        "init: zeros, shape: [1], std: 1 | `std` says nothing of `init: zeros`; remove it",
        "init: constant, shape: [1] | `value` is missing beside `init`",
        "init: normal, shape: [1], std: x | `std` is x, must be a number",
        "init: normal, shape: [1], std: -1 | the standard deviation is -1.0",
        "init: uniform, shape: [1], low: 2 | bounds are 2.0 and 1.0, must go up",
        "init: normal, shape: [1], seed: x | `seed` is x, must be a whole number",
        "init: xavier_normal, shape: [1] | `w` cannot be initialised so: [1] has no inputs",
        "init: kaiming_normal, shape: [1, 2], mode: in | `mode` is in, must be `fan_in` or",
        "init: kaiming_normal, shape: [1, 2], nonlinearity: gelu | `nonlinearity` is gelu, must be",
        "init: xavier_normal, shape: [1, 2], gain: 1, nonlinearity: tanh | say the same",
        "init: xavier_normal, shape: [1, 2], negative_slope: 1 | `negative_slope` is that of",
        "init: zeros, shape: [1], dtype: int3 | `dtype` is int3",
        "init: zeros, shape: [1], match: x | `match` is out of place here",
        "init: zeros, shape: [1], keep: [0, 1] | `keep` is out of place here"
      })
  void newTensorsThatAreNoneAreRefused(String keys, String message) {
    assertThatThrownBy(() -> parse(NEW.formatted(keys)))
        .hasMessageStartingWith("recipe.yml:3: ")
        .hasMessageContaining(message);
  }
}
