package dev.stockpot.merge.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.model.ElementPlace;
import dev.stockpot.merge.model.Gathered;
import dev.stockpot.merge.model.Stored;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.plan.ModelHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Rows of some tokens stand in the place of the embedding's, each where its id says. */
class TokenRowsTest {
  private final Map<String, TensorSource> tensors =
      ModelHeaders.named("m").tensor("embedding", 6, 2).tensor("rows", 3, 2).open().tensors();
  private final Stored rows = (Stored) tensors.get("rows");

  private Optional<TokenRows> of(List<Long> ids) {
    return TokenRows.of(Shape.of(6, 2), ids, rows);
  }

  /** Where each row comes from: {@code e4} is row 4 of the embedding, {@code r1} of the others. */
  private String over(List<Long> ids) {
    TensorSource embedding = tensors.get("embedding").as(DType.F32);
    TensorSource whole = of(ids).orElseThrow().over(embedding);
    assertThat(whole.shape()).isEqualTo(Shape.of(6, 2));
    assertThat(whole.dtype()).isEqualTo(DType.F32);
    List<String> places = new ArrayList<>();
    for (int row = 0; row < 6; row++) {
      ElementPlace place = whole.place(2L * row);
      places.add(place.tensor().charAt(0) + "" + place.element() / 2);
    }
    return String.join(" ", places);
  }

  @Test
  void eachRowStandsWhereItsIdSays() {
    assertThat(over(List.of(1L, 2L, 4L))).isEqualTo("e0 r0 r1 e3 r2 e5");
  }

  @Test
  void idsNeedNotBeInOrder() {
    assertThat(over(List.of(4L, 0L, 2L))).isEqualTo("r1 e1 r2 e3 r0 e5");
  }

  @Test
  void theFirstAndTheLastRowMayBeAmongThem() {
    assertThat(over(List.of(0L, 5L, 1L))).isEqualTo("r0 r2 e2 e3 e4 r1");
  }

  @Test
  void neighboursOfOneTensorAreOneRun() {
    Gathered whole =
        (Gathered) of(List.of(1L, 2L, 3L)).orElseThrow().over(tensors.get("embedding"));
    assertThat(whole.map().runs()).isEqualTo(3);
  }

  @Test
  void whatDoesNotFitIsNone() {
    assertThat(of(List.of(1L, 2L))).as("three rows, two ids").isEmpty();
    assertThat(of(List.of())).isEmpty();
    assertThat(of(List.of(1L, 2L, 6L))).as("there are six tokens").isEmpty();
    assertThat(TokenRows.of(Shape.of(6, 3), List.of(1L, 2L, 3L), rows)).isEmpty();
    assertThat(TokenRows.of(Shape.of(12), List.of(1L, 2L, 3L), rows)).isEmpty();
    assertThat(TokenRows.of(Shape.of(6, 2, 1), List.of(1L, 2L, 3L), rows)).isEmpty();
  }
}
