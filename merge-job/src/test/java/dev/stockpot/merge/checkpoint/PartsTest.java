package dev.stockpot.merge.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PartsTest {
  private static Parts chain(Map<String, String> kinds) {
    return new Parts(kinds, Map.of(), true);
  }

  private static Parts pipeline(Map<String, String> kinds) {
    return new Parts(kinds, Map.of(), false);
  }

  @Test
  void equalChainsFit() {
    Map<String, String> kinds = Map.of("1_Pooling", "Pooling", "2_Dense", "Dense");
    assertThat(chain(kinds).unlike(chain(kinds))).isEmpty();
  }

  @Test
  void aChainMayLackNoneAndHaveNoneBeside() {
    Parts two = chain(Map.of("1_Pooling", "Pooling", "2_Dense", "Dense"));
    Parts one = chain(Map.of("1_Pooling", "Pooling"));
    assertThat(two.unlike(one)).containsExactly(Map.entry("2_Dense", "Dense and nothing"));
    assertThat(one.unlike(two)).containsExactly(Map.entry("2_Dense", "nothing and Dense"));
  }

  @Test
  void aPipelineMayLackAComponent() {
    Parts two = pipeline(Map.of("unet", "diffusers.UNet", "safety_checker", "x.Y"));
    Parts one = pipeline(Map.of("unet", "diffusers.UNet"));
    assertThat(two.unlike(one)).isEmpty();
    assertThat(one.unlike(two)).isEmpty();
  }

  @Test
  void whatIsOfAnotherKindIsNamedWithBoth() {
    assertThat(
            pipeline(Map.of("unet", "diffusers.UNet"))
                .unlike(pipeline(Map.of("unet", "diffusers.Other"))))
        .containsExactly(Map.entry("unet", "diffusers.UNet and diffusers.Other"));
  }

  @Test
  void weightsLieInParts() {
    assertThatThrownBy(() -> new Parts(Map.of(), Map.of("unet", "model"), false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("weights in [unet], and parts in []");
    assertThat(new Parts(Map.of("a", "A"), Map.of("a", "model"), false).haveWeights()).isTrue();
    assertThat(Parts.NONE.haveWeights()).isFalse();
  }
}
