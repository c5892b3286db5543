package dev.stockpot.kernels.methods;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.Operands;
import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.method.MatrixProgram;
import dev.stockpot.kernels.method.PostProgram;
import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.method.WholeTensor;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.scalar.ScalarProvider;
import dev.stockpot.kernels.vector.VectorProvider;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.arrow.memory.AllocationListener;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.memory.rounding.SegmentRoundingPolicy;

/**
 * Runs matrix programs over arrays, by plain loops and by lanes: results must be the same bits, in
 * the memory that the program says it takes.
 */
public final class MatrixMerging {
  private MatrixMerging() {}

  /** A tensor of an input. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Tensor(Shape shape, float... elements) {
    public static Tensor of(double[][] rows) {
      float[] elements = new float[rows.length * rows[0].length];
      for (int i = 0; i < elements.length; i++) {
        elements[i] = (float) rows[i / rows[0].length][i % rows[0].length];
      }
      return new Tensor(Shape.of(rows.length, rows[0].length), elements);
    }

    public static Tensor vector(double... values) {
      float[] elements = new float[values.length];
      for (int i = 0; i < values.length; i++) {
        elements[i] = (float) values[i];
      }
      return new Tensor(Shape.of(values.length), elements);
    }

    /** As rows; what float32 holds of them. */
    public double[][] rows() {
      int columns = WholeTensor.columns(shape);
      double[][] rows = new double[WholeTensor.rows(shape)][columns];
      for (int i = 0; i < elements.length; i++) {
        rows[i / columns][i % columns] = elements[i];
      }
      return rows;
    }
  }

  /** Seeded normal numbers, as float32 holds them. */
  public static double[][] random(int rows, int columns, double scale, long seed) {
    Random random = new Random(seed);
    double[][] made = new double[rows][columns];
    for (double[] row : made) {
      for (int j = 0; j < columns; j++) {
        row[j] = (float) (scale * random.nextGaussian());
      }
    }
    return made;
  }

  /** The merged matrix, in float64. */
  public static double[][] merge(Terms terms, Tensor... inputs) {
    return merge(terms.build(), terms.matrixProgram(), inputs);
  }

  /** What the program tells of the merge. */
  public static Map<String, Double> measured(Terms terms, Tensor... inputs) {
    Map<String, Double> found = new TreeMap<>();
    merge(terms.build(), new Telling(terms.matrixProgram(), found), inputs);
    return found;
  }

  /** A program whose measures somebody takes. */
  private record Telling(MatrixProgram program, Map<String, Double> found)
      implements MatrixProgram {
    @Override
    public Demand demand() {
      return program.demand();
    }

    @Override
    public void make(Matrices algebra, List<WholeTensor> inputs, WholeTensor output) {
      program.make(algebra, inputs, output, found::put);
    }
  }

  private static double[][] merge(TensorTerms terms, MatrixProgram program, Tensor... inputs) {
    return made(terms, program, sent(program), inputs);
  }

  /**
   * The merged matrix after a step.
   *
   * @param inputs models, then what a merge has made of them
   */
  public static double[][] change(TensorTerms terms, PostProgram step, Tensor... inputs) {
    return made(terms, new Stepping(step), new Stepping(sent(step)), inputs);
  }

  /** A step that takes what was merged from the last input. */
  private record Stepping(PostProgram step) implements MatrixProgram {
    @Override
    public Demand demand() {
      return step.demand();
    }

    @Override
    public void make(Matrices algebra, List<WholeTensor> inputs, WholeTensor output) {
      WholeTensor merged = inputs.get(inputs.size() - 1);
      for (int i = 0; i < output.elements().elements(); i++) {
        output.elements().doubles().put(i, merged.at(i));
      }
      step.change(algebra, inputs.subList(0, inputs.size() - 1), output);
    }
  }

  private static double[][] made(
      TensorTerms terms, MatrixProgram program, MatrixProgram arrived, Tensor... inputs) {
    double[] plain = run(new ScalarProvider(), terms, program, inputs);
    assertThat(run(new VectorProvider(), terms, arrived, inputs)).isEqualTo(plain);
    int columns = WholeTensor.columns(terms.shape());
    double[][] rows = new double[WholeTensor.rows(terms.shape())][columns];
    for (int i = 0; i < plain.length; i++) {
      rows[i / columns][i % columns] = plain[i];
    }
    return rows;
  }

  private static double[] run(
      KernelProvider provider, TensorTerms terms, MatrixProgram program, Tensor... inputs) {
    try (Operands operands = new Operands();
        RootAllocator memory =
            new RootAllocator(
                AllocationListener.NOOP, Long.MAX_VALUE, new SegmentRoundingPolicy(4096L));
        Matrices algebra = new Matrices(List.of(provider), memory, 1)) {
      List<WholeTensor> whole = new ArrayList<>();
      for (Tensor input : inputs) {
        whole.add(new WholeTensor(operands.of(DType.F32, input.elements()), input.shape()));
      }
      int count = Math.toIntExact(terms.shape().elements());
      WholeTensor output = new WholeTensor(operands.zeros(DType.F64, count), terms.shape());
      program.make(algebra, whole, output);
      assertThat(memory.getPeakMemoryAllocation())
          .as("bytes of %s", program)
          .isLessThanOrEqualTo(program.demand().bytes());
      double[] made = new double[count];
      output.elements().doubles().get(0, made);
      return made;
    }
  }

  /** As it arrives at a task. */
  @SuppressWarnings("unchecked") // what was written is read
  private static <P> P sent(P program) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(program);
      out.flush();
      ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()));
      P arrived = (P) in.readObject();
      assertThat(arrived).isEqualTo(program);
      return arrived;
    } catch (IOException | ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }
}
