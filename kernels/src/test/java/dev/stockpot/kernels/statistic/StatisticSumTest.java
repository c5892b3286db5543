package dev.stockpot.kernels.statistic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatisticSumTest {
  /** Remembers in which order it was put together. */
  private record Text(String text) implements Statistic {
    @Override
    public Text plus(Statistic next) {
      return new Text(text + ((Text) next).text());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 8, 13})
  void slicesAreAddedInTheirOrderHoweverManyThereAre(int count) {
    List<Text> slices =
        IntStream.range(0, count).mapToObj(i -> new Text(String.valueOf((char) ('a' + i)))).toList();

    assertThat(Statistic.sum(slices)).isEqualTo(new Text("abcdefghijklm".substring(0, count)));
  }

  @Test
  void thereIsNoSumOfNothing() {
    assertThatThrownBy(() -> Statistic.sum(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no statistics to add up");
  }
}
