package dev.stockpot.merge.model;

import static dev.stockpot.merge.model.Sources.floats;
import static dev.stockpot.merge.model.Sources.stored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a change of a tensor needs, and what follows from what it is made of. */
class BakedTest {
  private final Stored base = stored("base", DType.BF16, Shape.of(6, 4));
  private final LowRank lora = new LowRank(floats("b", 6, 2), floats("a", 2, 4), 2, 0.5f);
  private final RowLengths lengths = new RowLengths(floats("m", 6));
  private final Addition addition = new Addition(floats("bias", 6, 4), 2);

  private static List<String> read(Footprint footprint) {
    return footprint.ranges().stream()
        .map(range -> "%s %s".formatted(range.object().location().name(), range.bytes()))
        .collect(Collectors.toList());
  }

  @Test
  void changesAddUpWithoutRoundingBetweenThem() {
    Baked baked = base.changed(lora).changed(lengths);
    assertThat(baked.base()).isEqualTo(base);
    assertThat(baked.changes()).containsExactly(lora, lengths);
    assertThat(baked.dtype()).isEqualTo(DType.F32);
    assertThat(baked.parts())
        .extracting(part -> part.place(0).tensor())
        .containsExactly("base", "b", "a", "m");
  }

  @Test
  void aTypeIsTakenOnOnceAtTheEnd() {
    TensorSource rounded = base.changed(lora).as(DType.BF16);
    assertThat(rounded).isEqualTo(new Baked(base, List.of(lora), DType.BF16));
    assertThat(rounded.as(DType.BF16)).isSameAs(rounded);
    assertThat(rounded.changed(lengths))
        .as("what was rounded is the base of what comes after")
        .isEqualTo(new Baked(rounded, List.of(lengths), DType.F32));
    assertThat(base.as(DType.BF16)).isSameAs(base);
  }

  @Test
  void aLowRankProductNeedsTheRowsOfOneSideAndAllOfTheOther() {
    assertThat(read(base.changed(lora).footprint(new ElementSpan(9, 2))))
        .containsExactly("base 16-24", "b 16-24", "a 0-32");
    assertThat(read(base.changed(lora).footprint(new ElementSpan(7, 2))))
        .as("elements of two rows")
        .containsExactly("base 8-24", "b 8-24", "a 0-32");
  }

  @Test
  void anAdditionNeedsTheSameElementsOnly() {
    Baked baked = base.changed(addition);
    assertThat(read(baked.footprint(new ElementSpan(9, 2))))
        .containsExactly("base 18-22", "bias 36-44");
    assertThat(baked.streams()).isTrue();
    assertThat(base.changed(lora).streams()).as("all of a factor for each span").isFalse();
  }

  @Test
  void batchesOfRowsHaveRightSidesOfTheirOwn() {
    LowRank experts = new LowRank(floats("b", 6, 2), floats("a", 3, 2, 4), 2, 1, 3);
    Stored stack = stored("base", DType.BF16, Shape.of(6, 4));
    assertThat(experts.rowsPerBatch()).isEqualTo(2);
    assertThat(read(stack.changed(experts).footprint(new ElementSpan(8, 4))))
        .as("row 2 is of the second batch")
        .contains("a 32-64");
    assertThat(read(stack.changed(experts).footprint(new ElementSpan(4, 8))))
        .as("rows 1 and 2 are of two")
        .contains("a 0-64");
  }

  @Test
  void factorsOfAnotherSizeAreRefused() {
    assertThatThrownBy(() -> base.changed(new LowRank(floats("b", 6, 3), floats("a", 2, 4), 2, 1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> base.changed(new LowRank(floats("b", 6, 2), floats("a", 2, 5), 2, 1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> base.changed(new RowLengths(floats("m", 4))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> base.changed(new Addition(floats("x", 5), 1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new LowRank(floats("b", 6, 2), floats("a", 2, 4), 2, Float.NaN))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new LowRank(floats("b", 6, 2), floats("a", 2, 4), 0, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void numbersThatCannotBeReadOrWrittenAreRefused() {
    Stored whole = stored("ids", DType.I64, Shape.of(6, 4));
    assertThatThrownBy(() -> whole.changed(addition)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> base.as(DType.I8)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatIsUnevenBelowIsUnevenAbove() {
    RowMap map = new RowMap.Builder().add(0, 5).add(0, 1).add(0, 3).build();
    Gathered rows = new Gathered(List.of(base), map, 0);
    assertThat(rows.isUneven()).isTrue();
    assertThat(rows.as(DType.F32).isUneven()).isTrue();
    assertThat(rows.transposed().isUneven()).isTrue();
    assertThat(rows.section(0, 0, 2).changed(new Addition(floats("x", 2, 4), 1)).isUneven())
        .isTrue();
    Stored even = floats("y", 3, 4);
    assertThat(even.changed(new Addition(rows, 1)).isUneven())
        .as("also where it is what is added")
        .isTrue();
    assertThat(base.changed(lora).isUneven()).isFalse();
    assertThat(base.reshaped(Shape.of(4, 6)).isUneven()).isFalse();
  }

  @Test
  void sourcesThatDifferInAnythingHaveOtherIdentities() {
    List<TensorSource> all =
        List.of(
            base,
            base.as(DType.F32),
            base.changed(lora),
            base.changed(lora).as(DType.BF16),
            base.changed(lora).changed(lengths),
            base.changed(lengths).changed(lora),
            base.changed(addition),
            base.changed(new Addition(floats("bias", 6, 4), 3)),
            base.changed(new LowRank(floats("b", 6, 2), floats("a", 2, 4), 2, 1)),
            base.transposed(),
            base.section(0, 0, 3),
            base.section(0, 3, 6),
            base.section(1, 0, 3),
            base.reshaped(Shape.of(4, 6)),
            new Reduced(base, Reduced.Part.PRINCIPAL, 2, 1),
            new Reduced(base, Reduced.Part.FIRST_COLUMNS, 2, 1),
            new Reduced(base, Reduced.Part.PRINCIPAL, 3, 1),
            new Reduced(base, Reduced.Part.PRINCIPAL, 2, 2),
            TensorSource.joined(List.of(base, base), 0),
            TensorSource.joined(List.of(base, base), 1));
    assertThat(all.stream().map(TensorSource::identity)).doesNotHaveDuplicates();
  }

  @Test
  void onlyMatricesLoseAPartOfLowRank() {
    assertThatThrownBy(() -> new Reduced(base, Reduced.Part.PRINCIPAL, 5, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a part of rank 5 of BF16 [6, 4]");
    assertThatThrownBy(() -> new Reduced(floats("x", 2, 3, 4), Reduced.Part.PRINCIPAL, 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
    Reduced reduced = new Reduced(base, Reduced.Part.PRINCIPAL, 2, 1);
    assertThat(read(reduced.footprint(new ElementSpan(9, 1)))).containsExactly("base 0-48");
    assertThat(reduced.streams()).isFalse();
    assertThat(reduced.storedType()).isEqualTo(DType.BF16);
  }
}
