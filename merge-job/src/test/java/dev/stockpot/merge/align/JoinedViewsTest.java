package dev.stockpot.merge.align;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.methods.matching.Heads;
import dev.stockpot.kernels.methods.matching.MatchingPrograms;
import dev.stockpot.kernels.methods.matching.MatchingPrograms.Placed;
import dev.stockpot.kernels.methods.matching.MatchingPrograms.Zipped;
import dev.stockpot.kernels.methods.matching.Turn;
import dev.stockpot.kernels.methods.matching.UnitMoves;
import dev.stockpot.kernels.methods.matching.Zip;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.Sha256;
import dev.stockpot.merge.model.Solved;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.plan.ModelHeaders;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tensors whose units are joined or whose heads are turned: which program makes them of what. */
class JoinedViewsTest {
  private static final List<UnitsAlong> A = List.of(new UnitsAlong("a", 0, 4, 1));

  private static TensorSource tensor(DType type, long... shape) {
    return ModelHeaders.named("m").tensor("t", type, shape).open().tensors().get("t");
  }

  private static ZippedView zipped(int model) {
    return new ZippedView(Map.of("a", Zip.byPlaces(4)), 1, model);
  }

  private static String digest(Zip zip) {
    return Sha256.of(zip.bytes());
  }

  @Test
  void whatALayerPutsOutLiesAlongItsFirstAxis() {
    TensorSource source = tensor(DType.F16, 4, 3);
    Solved view = (Solved) zipped(1).of(source, List.of(A, List.of()));
    assertThat(view.program())
        .isEqualTo(
            MatchingPrograms.zipped(
                Shape.of(4, 3), 0, true, 1, List.of(new Zipped(Zip.byPlaces(4), 1))));
    assertThat(view.tensor()).isEqualTo("units of a");
    assertThat(view.storedType()).isEqualTo(DType.F16);
    assertThat(view.inputs()).containsExactly(source);
    assertThat(view.terms())
        .isEqualTo(
            "units of model 1 put out along axis 0 joined by %s of 1 each"
                .formatted(digest(Zip.byPlaces(4))));
  }

  @Test
  void whatItTakesInLiesAlongTheOther() {
    Solved view = (Solved) zipped(0).of(tensor(DType.F32, 3, 4), List.of(List.of(), A));
    assertThat(view.program())
        .isEqualTo(
            MatchingPrograms.zipped(
                Shape.of(3, 4), 1, false, 0, List.of(new Zipped(Zip.byPlaces(4), 1))));
    assertThat(view.terms()).startsWith("units of model 0 taken in along axis 1 joined by ");
  }

  /** Of a bias there is one axis, and it is put out whatever the layout of matrices. */
  @Test
  void aVectorIsPutOut() {
    ZippedView inputsFirst = new ZippedView(Map.of("a", Zip.byPlaces(4)), 0, 0);
    Solved bias = (Solved) inputsFirst.of(tensor(DType.F32, 4), List.of(A));
    assertThat(bias.terms()).contains(" put out along axis 0 ");
    Solved matrix = (Solved) inputsFirst.of(tensor(DType.F32, 4, 3), List.of(A, List.of()));
    assertThat(matrix.terms()).contains(" taken in along axis 0 ");
  }

  @Test
  void bothAxesAreJoinedOneAfterTheOther() {
    Solved view = (Solved) zipped(0).of(tensor(DType.F32, 4, 4), List.of(A, A));
    assertThat(view.terms()).contains("taken in along axis 1");
    Solved inner = (Solved) view.inputs().get(0);
    assertThat(inner.terms()).contains("put out along axis 0");
  }

  /** Units beside them stay apart, each with that in its place; members go along. */
  @Test
  void unitsOfOtherGroupsAlongTheAxisAreThoseOfTheirPlaces() {
    List<UnitsAlong> along = List.of(new UnitsAlong("b", 0, 2, 1), new UnitsAlong("a", 0, 4, 3));
    Solved view = (Solved) zipped(0).of(tensor(DType.F32, 14), List.of(along));
    assertThat(view.program())
        .isEqualTo(
            MatchingPrograms.zipped(
                Shape.of(14),
                0,
                true,
                0,
                List.of(new Zipped(Zip.byPlaces(2), 1), new Zipped(Zip.byPlaces(4), 3))));
    assertThat(view.terms())
        .endsWith(
            "joined by %s of 1 each, %s of 3 each"
                .formatted(digest(Zip.byPlaces(2)), digest(Zip.byPlaces(4))));
  }

  @Test
  void whatHasNoSuchUnitsIsAsItWas() {
    TensorSource source = tensor(DType.F32, 4, 3);
    assertThat(zipped(0).of(source, List.of(List.of(), List.of()))).isSameAs(source);
    assertThat(zipped(0).of(source, List.of(List.of(new UnitsAlong("b", 0, 4, 1)), List.of())))
        .isSameAs(source);
  }

  /** Codes of eight bits cannot be written, so that what is made of them is BF16. */
  @Test
  void whatCannotBeWrittenIsMadeInSixteenBits() {
    TensorSource codes = tensor(DType.F8_E4M3, 4);
    assertThat(codes.dtype().isWritable()).isFalse();
    assertThat(zipped(0).of(codes, List.of(A)).storedType()).isEqualTo(DType.BF16);
    Heads heads = new Heads(1, 1, 4, 4, true, true).turned(UnitMoves.TURN);
    UnitOrders orders = new UnitOrders(Map.of(), Map.of("h", heads.unturned()), Map.of());
    assertThat(TurnedView.of(codes, 0, List.of(new UnitsAlong("h", 0, 4, 1)), orders).storedType())
        .isEqualTo(DType.BF16);
  }

  private static final Heads HEADS = new Heads(2, 2, 3, 5, true, true).turned(UnitMoves.TURN);

  @Test
  void headsAreTurnedWhereTheyBeginAlongTheAxis() {
    UnitOrders orders = new UnitOrders(Map.of(), Map.of("h", HEADS.unturned()), Map.of());
    List<UnitsAlong> fused =
        List.of(
            new UnitsAlong("h", 0, 12, 1),
            new UnitsAlong("other", 0, 7, 1),
            new UnitsAlong("h", 2, 10, 1));
    TensorSource source = tensor(DType.BF16, 29, 8);
    Turn queries = HEADS.unturned().get(0);
    Turn values = HEADS.unturned().get(2);
    Solved view = (Solved) TurnedView.of(source, 0, fused, orders);
    assertThat(view.program())
        .isEqualTo(
            MatchingPrograms.turned(
                Shape.of(29, 8), 0, List.of(new Placed(0, queries), new Placed(19, values))));
    assertThat(view.tensor()).isEqualTo("heads of h");
    assertThat(view.terms())
        .isEqualTo(
            "heads along axis 0 turned by %s from 0 on, %s from 19 on"
                .formatted(Sha256.of(queries.bytes()), Sha256.of(values.bytes())));
    assertThat(view.storedType()).isEqualTo(DType.BF16);
    assertThat(view.inputs()).containsExactly(source);
  }

  @Test
  void whatHasNoHeadsThatAreTurnedIsAsItWas() {
    TensorSource source = tensor(DType.F32, 12, 8);
    List<UnitsAlong> along = List.of(new UnitsAlong("h", 0, 12, 1));
    UnitOrders none = new UnitOrders(Map.of());
    assertThat(TurnedView.of(source, 0, along, none)).isSameAs(source);
    assertThat(TurnedView.of(source, 0, List.of(), none)).isSameAs(source);
  }
}
