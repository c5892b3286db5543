package dev.stockpot.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.number.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is asked of every provider that sorts: what a sort of each element's values gives. */
abstract class SortingContract extends CountingContract {
  private static final float[] ZEROS = {0f, -0f, Float.MIN_VALUE, -Float.MIN_VALUE};

  @ParameterizedTest
  @MethodSource("sizes")
  void valuesAreSortedElementByElement(int size) {
    for (int models = 2; models <= 9; models++) {
      List<float[]> values = new ArrayList<>();
      for (int model = 0; model < models; model++) {
        values.add(model % 2 == 0 ? Samples.tied(size, model) : ofFew(size, model));
      }
      assertSorted(values, size, 0, models);
      values.set(1, Samples.awkward(size, models));
      assertSorted(values, size, 0, models);
      assertSorted(values, size, (models - 1) / 2, models / 2 + 1);
    }
  }

  private static float[] ofFew(int size, int first) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = ZEROS[(first * 7 + i * 5 + i / 3) % ZEROS.length];
    }
    return values;
  }

  private void assertSorted(List<float[]> values, int size, int begin, int end) {
    List<float[]> expected = sorted(values, size).subList(begin, end);
    List<float[]> found = sorted(provider().open(), values, size, begin, end);
    for (int place = 0; place < end - begin; place++) {
      assertThat(bits(found.get(place)))
          .as("place %s of %s", begin + place, values.size())
          .isEqualTo(bits(expected.get(place)));
    }
  }

  private <V> List<float[]> sorted(
      Kernels<V> opened, List<float[]> values, int size, int begin, int end) {
    List<float[]> sorted = new ArrayList<>();
    try (Kernels<V> kernels = opened) {
      kernels.begin(new Block(0, 0, size));
      List<V> vectors = new ArrayList<>();
      values.forEach(value -> vectors.add(load(kernels, operands.of(DType.F32, value))));
      vectors.add(kernels.vector());
      kernels.sort(SortingNetwork.of(values.size()).decidingOnly(begin, end), vectors);
      for (V vector : vectors.subList(begin, end)) {
        Operand to = operands.zeros(DType.F32, size);
        kernels.store(vector, to);
        sorted.add(Operands.floats(to));
      }
    }
    return sorted;
  }

  private static List<float[]> sorted(List<float[]> values, int size) {
    List<float[]> sorted = values.stream().map(value -> new float[size]).toList();
    for (int i = 0; i < size; i++) {
      float[] element = new float[values.size()];
      for (int model = 0; model < element.length; model++) {
        element[model] = values.get(model)[i];
      }
      Arrays.sort(element);
      if (Float.isNaN(element[element.length - 1])) {
        Arrays.fill(element, Float.NaN);
      }
      for (int place = 0; place < element.length; place++) {
        sorted.get(place)[i] = element[place];
      }
    }
    return sorted;
  }

  private static int[] bits(float... values) {
    return IntStream.range(0, values.length).map(i -> Float.floatToIntBits(values[i])).toArray();
  }
}
