package dev.stockpot.merge.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BoundedMatchTest {
  @ParameterizedTest
  @CsvSource({
    "q_proj, model.layers.0.self_attn.q_proj, true",
    "layers\\.[0-9]+\\..*, model.layers.31.mlp, true",
    "k_proj, model.layers.0.self_attn.q_proj, false"
  })
  void matchesAsPatternsDo(String key, String name, boolean matches) {
    assertThat(BoundedMatch.matches(Scales.pattern(key), name)).isEqualTo(matches);
  }

  @Test
  void aPatternThatGoesBackForEverIsRefused() {
    Pattern pattern = Pattern.compile("(.*a){12}b");

    assertThatThrownBy(() -> BoundedMatch.matches(pattern, "a".repeat(60)))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("adapter_config.json: the pattern '(.*a){12}b' takes too long");
  }

  @Test
  void aLongNameIsNoFault() {
    assertThat(BoundedMatch.matches(Scales.pattern("q_proj"), "x.".repeat(20_000) + "q_proj"))
        .isTrue();
  }
}
