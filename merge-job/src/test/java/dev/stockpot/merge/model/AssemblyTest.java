package dev.stockpot.merge.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Views are put together of the elements that their definitions name, whatever they nest. */
class AssemblyTest {
  private static final long FILE_BYTES = 1L << 40;

  static Stored stored(String name, DType dtype, long... shape) {
    Shape of = Shape.of(shape);
    StoredObject file = new StoredObject(new Location("/m/" + name), FILE_BYTES, "v1");
    ByteRange bytes = new ByteRange(8, 8 + TensorInfo.byteCount(dtype, of));
    return new Stored(new TensorInfo(name, dtype, of, file, bytes));
  }

  /** What lies at a place of a source, by its definition: a stored tensor and an element of it. */
  private static String element(TensorSource source, List<Long> index) {
    if (source instanceof Joined joined) {
      return joined(joined, index);
    }
    if (source instanceof Section section) {
      return section(section, index);
    }
    if (source instanceof Transposed transposed) {
      return transposed(transposed, index);
    }
    Stored stored = (Stored) source;
    long element = 0;
    for (int axis = 0; axis < index.size(); axis++) {
      element = element * stored.shape().dimensions().get(axis) + index.get(axis);
    }
    return stored.tensor().name() + " " + element;
  }

  private static List<Long> moved(List<Long> index, int axis, long by) {
    List<Long> moved = new ArrayList<>(index);
    moved.set(axis, moved.get(axis) + by);
    return moved;
  }

  private static String joined(Joined joined, List<Long> index) {
    long before = 0;
    for (TensorSource part : joined.parts()) {
      long length = part.shape().dimensions().get(joined.axis());
      if (index.get(joined.axis()) < before + length) {
        return element(part, moved(index, joined.axis(), -before));
      }
      before += length;
    }
    throw new AssertionError("%s is beyond %s".formatted(index, joined));
  }

  private static String section(Section section, List<Long> index) {
    return element(section.whole(), moved(index, section.axis(), section.begin()));
  }

  private static String transposed(Transposed view, List<Long> index) {
    List<Long> swapped = new ArrayList<>(index);
    swapped.set(view.first(), index.get(view.second()));
    swapped.set(view.second(), index.get(view.first()));
    return element(view.source(), swapped);
  }

  private static List<Long> index(Shape shape, long element) {
    List<Long> index = new ArrayList<>();
    long rest = element;
    for (long stride : Box.strides(shape.dimensions())) {
      index.add(rest / stride);
      rest %= stride;
    }
    return index;
  }

  /** Elements of a view as the leaves and patches of its assembly place them. */
  private static List<String> assembled(View view, ElementSpan span) {
    String[] elements = new String[Math.toIntExact(span.count())];
    for (Assembly.Leaf leaf : Assembly.of(view, span).leaves()) {
      leaf.patches().forEach(patch -> place(leaf, patch, 0, patch.from(), patch.to(), elements));
    }
    return List.of(elements);
  }

  private static void place(
      Assembly.Leaf leaf, Patch patch, int axis, long from, long to, String[] into) {
    if (axis == patch.extents().size()) {
      assertThat(into[Math.toIntExact(to)]).as("element %s is placed once", to).isNull();
      assertThat(from).isBetween(0L, leaf.span().count() - 1);
      ElementPlace place = leaf.source().place(leaf.span().first() + from);
      into[Math.toIntExact(to)] = place.tensor() + " " + place.element();
      return;
    }
    for (long i = 0; i < patch.extents().get(axis); i++) {
      place(
          leaf,
          patch,
          axis + 1,
          from + i * patch.fromStrides().get(axis),
          to + i * patch.toStrides().get(axis),
          into);
    }
  }

  /** A view of random nesting, and its pieces of random sizes. */
  private static TensorSource nested(Random random, int depth, String name) {
    if (depth == 0) {
      return stored(
          name, DType.BF16, 1 + random.nextInt(4), 1 + random.nextInt(5), 1 + random.nextInt(3));
    }
    TensorSource inner = nested(random, depth - 1, name);
    int axis = random.nextInt(3);
    long length = inner.shape().dimensions().get(axis);
    return switch (random.nextInt(3)) {
      case 0 -> new Transposed(inner, axis, (axis + 1 + random.nextInt(2)) % 3);
      case 1 -> {
        long begin = random.nextInt((int) length);
        long end = begin + 1 + random.nextInt((int) (length - begin));
        yield new Section(inner, axis, begin, end);
      }
      default -> {
        TensorSource other =
            stored(
                name + "'",
                DType.BF16,
                dimensions(Box.with(inner.shape(), axis, 1 + random.nextInt(3))));
        yield new Joined(List.of(inner, other, inner), axis);
      }
    };
  }

  private static long[] dimensions(Shape shape) {
    return shape.dimensions().stream().mapToLong(Long::longValue).toArray();
  }

  @RepeatedTest(60)
  void everyElementIsTheOneThatTheDefinitionNames(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    View view = (View) new Section(nested(random, 1 + random.nextInt(3), "t"), 0, 0, 1);
    view = random.nextBoolean() ? view : new Joined(List.of(view, view), random.nextInt(3));
    View checked = view;
    long elements = view.shape().elements();
    for (int i = 0; i < 10; i++) {
      long first = random.nextInt((int) elements);
      ElementSpan span = new ElementSpan(first, 1 + random.nextInt((int) (elements - first)));
      List<String> expected =
          LongStream.range(span.first(), span.end())
              .mapToObj(element -> element(checked, index(checked.shape(), element)))
              .toList();
      assertThat(assembled(checked, span)).as("%s of %s", span, checked).isEqualTo(expected);
      ElementPlace place = checked.place(span.first());
      assertThat(place.tensor() + " " + place.element()).isEqualTo(expected.get(0));
    }
  }

  @Test
  void rowsThatFollowEachOtherAreReadStraightToTheirPlace() {
    View experts =
        new Joined(
            List.of(stored("a", DType.BF16, 2, 100, 64), stored("b", DType.BF16, 3, 100, 64)), 0);
    Assembly assembly = Assembly.of(experts, new ElementSpan(6_000, 10_000));
    assertThat(assembly.leaves()).allMatch(leaf -> leaf.isDirect(DType.BF16));
    assertThat(assembly.leaves()).extracting(Assembly.Leaf::place).containsExactly(0L, 6_800L);
    assertThat(assembly.leaves())
        .extracting(Assembly.Leaf::span)
        .containsExactly(new ElementSpan(6_000, 6_800), new ElementSpan(0, 3_200));
    assertThat(assembly.footprint().memory()).isEqualTo(Footprint.pages(2 * 10_000));
  }

  @Test
  void nearColumnsAreReadWithWhatLiesBetweenThem() {
    View queries = new Section(stored("qkv", DType.BF16, 1_000, 300), 1, 0, 100);
    Footprint footprint = queries.footprint(ElementSpan.all(queries.shape()));
    assertThat(footprint.ranges())
        .extracting(StoredRange::bytes)
        .containsExactly(new ByteRange(8, 8 + 2 * (999 * 300 + 100)));
    assertThat(footprint.memory())
        .isEqualTo(Footprint.pages(2 * 100_000) + Footprint.pages(2 * (999 * 300 + 100)));
  }

  @Test
  void columnsThatAreFarApartAreReadEachForItself() {
    long far = 1 << 20;
    View narrow = new Section(stored("wide", DType.F32, 5, far), 1, 7, 9);
    assertThat(narrow.footprint(ElementSpan.all(narrow.shape())).ranges())
        .hasSize(5)
        .allMatch(range -> range.bytes().length() == 8);
  }

  @Test
  void aTransposedMatrixIsReadWhole() {
    View transposed = Transposed.of(stored("w", DType.F32, 200, 300));
    Footprint footprint = transposed.footprint(new ElementSpan(0, 200));
    assertThat(footprint.ranges()).hasSize(1);
    assertThat(footprint.bytesRead()).isEqualTo(4 * (199 * 300 + 1));
    assertThat(transposed.streams()).isFalse();
  }

  @Test
  void nothingIsReadForNoElements() {
    View empty = new Section(stored("w", DType.F32, 20, 30), 1, 4, 4);
    Footprint footprint = empty.footprint(ElementSpan.all(empty.shape()));
    assertThat(footprint.ranges()).isEmpty();
    assertThat(footprint.memory()).isZero();
    assertThat(empty.shape()).isEqualTo(Shape.of(20, 0));
  }
}
