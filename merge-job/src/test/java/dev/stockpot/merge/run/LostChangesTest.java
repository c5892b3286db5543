package dev.stockpot.merge.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.statistic.UpdateLengths;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LostChangesTest {
  private static LostChanges ofCodes(double change, double error, String... drowned) {
    UpdateLengths lengths = new UpdateLengths(100, change, error);
    return new LostChanges(
        0, List.of(), Optional.of(new LostChanges.OfCodes(0.25, lengths, List.of(drowned), 12)));
  }

  @Test
  void changesThatAreTooSmallHaveTwoRemedies() {
    LostChanges lost = new LostChanges(0.88, List.of("BF16", "F16"), Optional.empty());
    assertThat(lost.sentences()).hasSize(1);
    assertThat(lost.sentences().get(0))
        .startsWith("88 % of the parameters that the merge changed")
        .contains("too small for BF16 and F16")
        .contains("rounding=stochastic");
    assertThat(lost.warning()).isEmpty();
  }

  @Test
  void codesAreToldBesideTheSizeOfTheChange() {
    LostChanges lost = ofCodes(5.2, 2.6);
    assertThat(lost.sentences())
        .containsExactly(
            "Written as F8_E4M3, in 12 tensors: the merge changes them by 5.2 % of their size, and"
                + " rounding moves that by 2.6 %; 25 % of the parameters that changed were lost,"
                + " stored as in the base.");
    assertThat(lost.warning()).isEmpty();
  }

  @Test
  void tensorsWhoseChangeDrownsAreNamedWithARemedy() {
    LostChanges lost = ofCodes(0.1, 2.6, "a", "b", "c", "d", "e");
    assertThat(lost.warning())
        .hasValue(
            "in 5 of these 12 tensors, rounding to F8_E4M3 moves numbers about as far as the merge"
                + " does, or further, so that what it changed drowns: a, b, c and 2 more. Write"
                + " bfloat16 (`out_dtype: bfloat16`) to keep it");
  }

  @Test
  void bothMayBeTold() {
    LostChanges codes = ofCodes(0.1, 2.6, "a");
    LostChanges lost = new LostChanges(0.5, List.of("BF16"), codes.codes());
    assertThat(lost.sentences()).hasSize(2);
    assertThat(lost.warning().orElseThrow())
        .endsWith("a. Write bfloat16 (`out_dtype: bfloat16`) to keep it");
  }
}
