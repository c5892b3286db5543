package dev.stockpot.merge.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.json.JsonStyle;
import dev.stockpot.merge.json.JsonWriter;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnsembleFileTest {
  private static final String GOOD =
      "{\"format\":1,\"by\":\"mean\",\"models\":[{\"name\":\"a\",\"weights\":[1.0]}],\"classes\":2,\"names\":[]}";

  @Test
  void whatIsWrittenIsReadAgain() {
    Ensemble made =
        new Ensemble(
            Method.PER_CLASS,
            List.of("a", "b"),
            new Weights(new double[][] {{0.1, 1.0 / 3}, {0.9, 2.0 / 3}}),
            2,
            List.of("cat", "dog"),
            Optional.of(Calibration.at(1.7)));
    String text = JsonWriter.text(JsonStyle.SPACIOUS, EnsembleFile.of(made));
    Ensemble read = EnsembleFile.read("ensemble.json", text);
    assertThat(read.method()).isEqualTo(Method.PER_CLASS);
    assertThat(read.models()).containsExactly("a", "b");
    assertThat(read.names()).containsExactly("cat", "dog");
    assertThat(read.weights().weight(1, 1)).isEqualTo(2.0 / 3);
    assertThat(read.calibration().orElseThrow().temperature()).isEqualTo(1.7);
    assertThat(JsonWriter.text(JsonStyle.SPACIOUS, EnsembleFile.of(read))).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"format\":1|\"format\":9|its format is 9, must be 1",
        "\"by\":\"mean\"|\"by\":\"magic\"|There is no way `magic` to combine predictions",
        "\"weights\":[1.0]|\"weights\":[1,2,3]|`weights` has 3 numbers, must have one",
        "\"weights\":[1.0]|\"weights\":[\"x\"]|`weights` has 1 numbers, must have one",
        "\"weights\":[1.0]|\"weights\":[-1]|The weight -1.0 of a model is no number of 0 or more",
        "\"classes\":2|\"classes\":1|has 1 models, 1 classes",
        "\"names\":[]|\"names\":[\"x\"]|2 classes and 1 names",
      })
  void refusesOneThatIsDamaged(String good, String bad, String message) {
    assertThatThrownBy(() -> EnsembleFile.read("e.json", GOOD.replace(good, bad)))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[2.0, 1.0] | [0] | has the scales [2.0, 1.0] and 1 biases",
        "[2.0] | [0, 0] | has the scales [2.0] and 2 biases",
        "[-0.5] | [0] | has the scales [-0.5] and 1 biases",
        "[0] | [0] | has the scales [0.0] and 1 biases",
        "[] | [0] | `scale` has 0 numbers, must have one, or one of 2 classes, all finite",
        "[1e999] | [0] | `scale` has 1 numbers",
      })
  void refusesACalibrationThatIsNone(String scale, String bias, String message) {
    String text =
        GOOD.replace(
            "\"names\":[]", "\"calibration\":{\"scale\":%s,\"bias\":%s}".formatted(scale, bias));
    assertThatThrownBy(() -> EnsembleFile.read("e.json", text))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("e.json")
        .hasMessageContaining(message);
  }

  @Test
  void aScaleOfAClassMayBeBelowZero() {
    String text = GOOD.replace("\"names\":[]", "\"calibration\":{\"scale\":[-1,2],\"bias\":[0,3]}");
    Calibration read = EnsembleFile.read("e.json", text).calibration().orElseThrow();
    assertThat(read.isTemperature()).isFalse();
    assertThat(read.scale()).containsExactly(-1, 2);
    assertThat(read.bias()).containsExactly(0, 3);
  }

  @Test
  void refusesWhatIsNoJson() {
    assertThatThrownBy(() -> EnsembleFile.read("e.json", "{"))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("e.json is no JSON: ");
  }
}
