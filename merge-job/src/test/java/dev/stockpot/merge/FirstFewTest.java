package dev.stockpot.merge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class FirstFewTest {
  @Test
  void fiveAreNamedAndTheOthersAreCounted() {
    assertThat(FirstFew.of(List.of("a"))).isEqualTo("a");
    assertThat(FirstFew.of(List.of("e", "d", "c", "b", "a"))).isEqualTo("e, d, c, b, a");
    assertThat(FirstFew.of(List.of("a", "b", "c", "d", "e", "f"))).isEqualTo("a, b, c, d, e and 1 more");
    assertThat(FirstFew.of(new TreeSet<>(List.of("7", "6", "5", "4", "3", "2", "1"))))
        .isEqualTo("1, 2, 3, 4, 5 and 2 more");
  }
}
