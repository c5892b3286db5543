package dev.stockpot.kernels.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KinshipViewTest {
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 9})
  void everyPairHasAPlaceOfItsOwn(int models) {
    KinshipView view = new KinshipView(models, KinshipView.NO_BASE);
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < models; i++) {
      for (int j = i + 1; j < models; j++) {
        places.add(view.pair(i, j));
        assertThat(view.pair(j, i)).isEqualTo(view.pair(i, j));
      }
    }
    assertThat(places).isEqualTo(IntStream.range(0, view.pairs()).boxed().toList());
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5})
  void everySumHasAPlaceOfItsOwn(int models) {
    KinshipView view = new KinshipView(models, 1);
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < models; i++) {
      places.add(view.square(i));
      places.add(view.changed(i));
      for (int j = i + 1; j < models; j++) {
        places.add(view.distance(i, j));
        places.add(view.changedByBoth(i, j));
        places.add(view.agreeing(i, j));
      }
    }
    assertThat(places.stream().sorted().toList())
        .isEqualTo(IntStream.range(0, view.sums()).boxed().toList());
  }

  @Test
  void withoutABaseSignsTakeNoPlace() {
    assertThat(new KinshipView(4, KinshipView.NO_BASE).sums()).isEqualTo(4 + 6);
  }

  @Test
  void allButTheBaseAreTuned() {
    assertThat(new KinshipView(4, 2).tuned()).containsExactly(0, 1, 3);
    assertThat(new KinshipView(3, KinshipView.NO_BASE).tuned()).containsExactly(0, 1, 2);
  }

  @Test
  void nonsenseIsRefused() {
    assertThatThrownBy(() -> new KinshipView(1, KinshipView.NO_BASE))
        .hasMessage("base -1 of 1 models");
    assertThatThrownBy(() -> new KinshipView(3, 3)).hasMessage("base 3 of 3 models");
    KinshipView view = new KinshipView(3, 0);
    assertThatThrownBy(() -> view.pair(1, 1)).hasMessage("1 and 1 of 3 models");
    assertThatThrownBy(() -> view.pair(1, 3)).hasMessage("1 and 3 of 3 models");
  }
}
