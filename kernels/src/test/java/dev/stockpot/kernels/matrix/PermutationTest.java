package dev.stockpot.kernels.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PermutationTest {
  private static final Permutation ORDER = Permutation.of(2, 0, 1);

  @Test
  void saysWhichGoesToEachPlace() {
    assertThat(ORDER.size()).isEqualTo(3);
    assertThat(ORDER.at(0)).isEqualTo(2);
    assertThat(ORDER).hasToString("permutation of 3, 3 moved");
  }

  @Test
  void theIdentityMovesNothing() {
    assertThat(Permutation.identity(5).moved()).isZero();
    assertThat(Permutation.reversed(5).moved()).isEqualTo(4);
    assertThat(Permutation.reversed(1)).isEqualTo(Permutation.identity(1));
  }

  @Test
  void theInverseTakesItBack() {
    Permutation back = ORDER.inverse();
    for (int place = 0; place < 3; place++) {
      assertThat(back.at(ORDER.at(place))).isEqualTo(place);
    }
    assertThat(back.inverse()).isEqualTo(ORDER).hasSameHashCodeAs(ORDER);
  }

  @Test
  void membersStayTogether() {
    assertThat(ORDER.each(2)).isEqualTo(Permutation.of(4, 5, 0, 1, 2, 3));
    assertThat(ORDER.each(1)).isEqualTo(ORDER);
  }

  @ParameterizedTest
  @CsvSource({"0,0", "1,2", "-1,0"})
  void refusesWhatIsNoOrder(int first, int second) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Permutation.of(first, second))
        .withMessageContaining("is none of 2, or is there twice");
  }

  @Test
  void keepsItsOwnNumbers() {
    int[] order = {1, 0};
    Permutation kept = Permutation.of(order);
    order[0] = 0;
    assertThat(kept).isEqualTo(Permutation.of(1, 0)).isNotEqualTo(Permutation.identity(2));
  }

  @Test
  void travelsToOtherMachines() throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(ORDER);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(in.readObject()).isEqualTo(ORDER);
    }
  }
}
