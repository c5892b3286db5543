package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What the golden cases call near, so that none of them passes by a mistake of the harness. */
class GoldenToleranceTest {
  @Test
  void takesElementsWithinTheBoundsAndNoOthers() {
    GoldenTolerance tolerance = stated("{'abs': 1e-06, 'rel': 1e-05}");

    tolerance.check("w", values(1.000_010, 0, -2), values(1, 0.000_001, -2));
    assertRefused(tolerance, values(1.000_012), values(1));
    assertRefused(tolerance, values(0.000_002), values(0));
    assertRefused(tolerance, values(Double.NaN), values(0));
    assertRefused(tolerance, values(1, 2), values(1));
  }

  @Test
  void takesAShareOfElementsThatSatOnABorder() {
    GoldenTolerance tolerance = stated("{'abs': 1e-06, 'rel': 1e-05, 'share_off': 0.5}");

    tolerance.check("w", values(1, 1.005), values(1, 1));
    assertRefused(tolerance, values(1.005, 1.005), values(1, 1));
    assertRefused(tolerance, values(1, 1.01), values(1, 1));
  }

  @Test
  void countsUnitsOfBfloat16() {
    GoldenTolerance tolerance = stated("{'ulp_bf16': 1, 'abs': 1e-6, 'share_off': 0.5}");

    assertThat(tolerance.check("w", values(1, 1.0078125, 0), values(1, 1, -0.0))).isEqualTo(1);
    assertThat(tolerance.check("w", values(1e-7), values(-1e-7))).isEqualTo(1);
    assertRefused(tolerance, values(1.015625), values(1));
    assertRefused(tolerance, values(-1), values(1));
  }

  @Test
  void holdsTheNormOfWhatIsOffAgainstTheTensors() {
    GoldenTolerance tolerance = stated("{'relative_frobenius': 0.01}");

    tolerance.check("w", values(3, 4.04), values(3, 4));
    assertRefused(tolerance, values(3, 4.06), values(3, 4));
    assertRefused(tolerance, values(0.1), values(0));
    stated("{'relative_frobenius': 0.01, 'abs': 0.2}").check("w", values(0.1), values(0));
  }

  private static double[] values(double... values) {
    return values;
  }

  private static void assertRefused(GoldenTolerance tolerance, double[] actual, double[] expected) {
    assertThatThrownBy(() -> tolerance.check("w", actual, expected))
        .isInstanceOf(AssertionError.class);
  }

  private static GoldenTolerance stated(String json) {
    try {
      byte[] utf8 = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
      return GoldenTolerance.of(Json.parse(utf8).object().orElseThrow());
    } catch (JsonException e) {
      throw new IllegalArgumentException(json, e);
    }
  }
}
