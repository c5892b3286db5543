package dev.stockpot.merge.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NaturalOrderTest {
  private static List<String> shuffledAndSorted(List<String> names) {
    List<String> sorted = new ArrayList<>(names);
    Collections.shuffle(sorted, new Random(7));
    sorted.sort(NaturalOrder.INSTANCE);
    return sorted;
  }

  @Test
  void ordersLayersByTheirNumber() {
    List<String> names =
        List.of(
            "lm_head.weight",
            "model.embed_tokens.weight",
            "model.layers.0.mlp.weight",
            "model.layers.2.mlp.experts.9.weight",
            "model.layers.2.mlp.experts.10.weight",
            "model.layers.10.mlp.experts.1.weight",
            "model.norm.weight");

    assertThat(shuffledAndSorted(names)).isEqualTo(names);
  }

  @Test
  void comparesNumbersOfAnyLength() {
    List<String> names = List.of("a9", "a99999999999999999999", "a100000000000000000000", "a1e30");

    assertThat(shuffledAndSorted(names))
        .containsExactly("a1e30", "a9", "a99999999999999999999", "a100000000000000000000");
  }

  @Test
  void ordersAPrefixBeforeWhatItBegins() {
    assertThat(shuffledAndSorted(List.of("", "a", "a.1", "a.1.b")))
        .containsExactly("", "a", "a.1", "a.1.b");
  }

  @Test
  void tellsNamesApartThatDifferInZerosOnly() {
    assertThat(NaturalOrder.INSTANCE.compare("a.01", "a.1")).isNegative();
    assertThat(NaturalOrder.INSTANCE.compare("a.1", "a.01")).isPositive();
    assertThat(NaturalOrder.INSTANCE.compare("a.00", "a.0")).isPositive();
    assertThat(NaturalOrder.INSTANCE.compare("a.1", "a.1")).isZero();
  }

  @Test
  void isAnOrder() {
    Random random = new Random(11);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      StringBuilder name = new StringBuilder();
      for (int length = random.nextInt(5); length > 0; length--) {
        name.append("01a.".charAt(random.nextInt(4)));
      }
      names.add(name.toString());
    }
    for (String a : names) {
      for (String b : names) {
        int ab = NaturalOrder.INSTANCE.compare(a, b);
        assertThat(ab == 0).isEqualTo(a.equals(b));
        assertThat(NaturalOrder.INSTANCE.compare(b, a)).isEqualTo(-ab);
        for (String c : names) {
          if (ab < 0 && NaturalOrder.INSTANCE.compare(b, c) < 0) {
            assertThat(NaturalOrder.INSTANCE.compare(a, c)).isNegative();
          }
        }
      }
    }
  }
}
