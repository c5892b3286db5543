package dev.stockpot.merge.run;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.number.Bfloat16;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Float16;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.StoredRange;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.plan.ModelStacks;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.RangeReader;
import dev.stockpot.merge.trial.LayerScores;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * How unlike the layers of models are to their neighbours: 1 minus the mean cosine of the first
 * numbers of each tensor and of the same tensor one layer on; the last layer is compared with the
 * one before. A sample of each tensor is read, here, not the models.
 */
final class LayerScan implements LayerScores {
  private static final int SAMPLE = 16_384;
  private static final float[] NOTHING = {};
  private static final Set<DType> READ = Set.of(DType.BF16, DType.F16, DType.F32);

  private final ObjectSource store;
  private final Map<ModelReference, Model> models;
  private final Map<String, List<Double>> known = new HashMap<>();

  LayerScan(ObjectSource store, Map<ModelReference, Model> models) {
    this.store = store;
    this.models = models;
  }

  @Override
  public List<Double> of(String name, String stack) throws IOException {
    String key = name + " " + stack;
    if (!known.containsKey(key)) {
      known.put(key, scores(model(name), stack));
    }
    return known.get(key);
  }

  private Model model(String name) {
    return requireNonNull(models.get(new ModelReference(name, 0)), name);
  }

  private List<Double> scores(Model model, String stack) throws IOException {
    List<Map<String, float[]>> layers = new ArrayList<>();
    for (Map<String, String> tensors : ModelStacks.layers(model, stack)) {
      Map<String, float[]> samples = new TreeMap<>();
      for (Map.Entry<String, String> tensor : tensors.entrySet()) {
        TensorSource source = model.tensors().get(tensor.getValue());
        float[] sample = sample(source);
        if (sample.length > 0) {
          samples.put(tensor.getKey(), sample);
        }
      }
      layers.add(samples);
    }
    List<Double> unlike = new ArrayList<>();
    for (int i = 0; i + 1 < layers.size(); i++) {
      unlike.add(1 - cosine(layers.get(i), layers.get(i + 1)));
    }
    if (layers.size() > 1) {
      unlike.add(unlike.get(unlike.size() - 1));
    }
    boolean isKnown = unlike.stream().allMatch(Double::isFinite);
    return isKnown ? unlike : Collections.emptyList();
  }

  /** The first numbers of what is stored as it is; none of anything else. */
  private float[] sample(TensorSource source) throws IOException {
    DType dtype = source.dtype();
    int count = (int) Math.min(SAMPLE, source.shape().elements());
    if (!READ.contains(dtype) || !source.parts().isEmpty() || count == 0) {
      return NOTHING;
    }
    List<StoredRange> ranges = source.footprint(new ElementSpan(0, count)).ranges();
    int bytes = count * dtype.bits() / Byte.SIZE;
    if (ranges.size() != 1 || ranges.get(0).bytes().length() != bytes) {
      return NOTHING;
    }
    ByteBuffer read = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    try (RangeReader reader = store.open(ranges.get(0).object())) {
      reader.read(ranges.get(0).bytes().begin(), read);
    }
    read.flip();
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] =
          switch (dtype) {
            case BF16 -> Bfloat16.toFloat(read.getShort());
            case F16 -> Float16.toFloat(read.getShort());
            default -> read.getFloat();
          };
    }
    return numbers;
  }

  /** The mean over tensors that both layers have in one size; NaN if there are none. */
  private static double cosine(Map<String, float[]> layer, Map<String, float[]> next) {
    double sum = 0;
    int count = 0;
    for (Map.Entry<String, float[]> tensor : layer.entrySet()) {
      float[] other = next.get(tensor.getKey());
      if (other != null && other.length == tensor.getValue().length) {
        sum += cosine(tensor.getValue(), other);
        count++;
      }
    }
    return sum / count;
  }

  private static double cosine(float[] a, float[] b) {
    double product = 0;
    double ofA = 0;
    double ofB = 0;
    for (int i = 0; i < a.length; i++) {
      product += (double) a[i] * b[i];
      ofA += (double) a[i] * a[i];
      ofB += (double) b[i] * b[i];
    }
    return ofA == 0 || ofB == 0 ? 0 : product / StrictMath.sqrt(ofA * ofB);
  }
}
