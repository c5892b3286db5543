package dev.stockpot.merge.advice;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.method.Scan.BlockScan;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.observe.KinshipScan;
import dev.stockpot.kernels.observe.KinshipSums;
import dev.stockpot.kernels.observe.KinshipView;
import dev.stockpot.kernels.scalar.ScalarProvider;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.RootAllocator;

/** Small models that are related in known ways, looked at as tasks do. */
final class Kin {
  static final int ROWS = 48;
  static final int COLUMNS = 64;

  private Kin() {}

  /** A model that has nothing to do with one of another number. */
  static float[] fresh(long number) {
    return drawn(number, 1);
  }

  /** What training adds: as long as that share of a fresh model. */
  static float[] plus(float[] model, long number, double share) {
    float[] drawn = drawn(number, share);
    float[] tuned = model.clone();
    for (int i = 0; i < tuned.length; i++) {
      tuned[i] += drawn[i];
    }
    return tuned;
  }

  private static float[] drawn(long number, double scale) {
    Random random = new Random(number);
    float[] values = new float[ROWS * COLUMNS];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (scale * random.nextGaussian());
    }
    return values;
  }

  static Kinship of(int base, Map<String, float[]> models) {
    return of(base, models, Shape.of(ROWS, COLUMNS));
  }

  static Kinship of(int base, Map<String, float[]> models, Shape shape) {
    KinshipView view = new KinshipView(models.size(), base);
    Map<String, KinshipSums> found = new LinkedHashMap<>();
    try (RootAllocator memory = new RootAllocator();
        Kernels<?> kernels = new ScalarProvider().open()) {
      List<ArrowBuf> buffers = new ArrayList<>();
      List<Operand> operands = new ArrayList<>();
      for (float[] model : models.values()) {
        ArrowBuf buffer = memory.buffer(4L * model.length);
        buffers.add(buffer);
        for (int i = 0; i < model.length; i++) {
          buffer.setFloat(4L * i, model[i]);
        }
        operands.add(new Operand(buffer, DType.F32, model.length));
      }
      BlockScan scan = new KinshipScan("w", view, shape.columns()).open(kernels);
      int elements = operands.get(0).elements();
      Block.each(0, elements, kernels.capacity(), block -> scan.scan(block, operands));
      found.putAll(KinshipScan.Found.of(scan.found()).tensors());
      buffers.forEach(ArrowBuf::close);
    }
    return Kinship.of(List.copyOf(models.keySet()), view, Map.of("w", shape), found, List.of());
  }
}
