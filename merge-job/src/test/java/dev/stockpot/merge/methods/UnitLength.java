package dev.stockpot.merge.methods;

import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.method.Arity;
import dev.stockpot.kernels.method.Cost;
import dev.stockpot.kernels.method.MatrixProgram;
import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.MethodCard;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.method.WholeTensor;
import dev.stockpot.kernels.number.Shape;
import java.util.List;
import java.util.Optional;

/** Makes the elements of the first model a vector of length 1: it must see the whole tensor. */
public final class UnitLength implements MergeMethod {
  @Override
  public String name() {
    return "unit_length";
  }

  @Override
  public MethodCard card() {
    return new MethodCard("a direction", "θ = θ₁ / |θ₁|", "A test.", "none", Cost.SUM);
  }

  @Override
  public List<Parameter<?>> parameters() {
    return List.of();
  }

  @Override
  public Arity arity() {
    return new Arity(Arity.Base.DONOR, 1, 1);
  }

  @Override
  public Optional<MatrixProgram> matrixProgram(TensorTerms terms) {
    return Optional.of(new Program(terms.shape()));
  }

  @Override
  public MergeProgram program(TensorTerms terms) {
    throw new IllegalStateException("nobody asks for it");
  }

  private record Program(Shape shape) implements MatrixProgram {
    @Override
    public Demand demand() {
      Demand read = Demand.matrix(WholeTensor.rows(shape), WholeTensor.columns(shape));
      return read.and(read);
    }

    @Override
    public void make(Matrices algebra, List<WholeTensor> inputs, WholeTensor output) {
      Matrix in = inputs.get(0).matrix(algebra);
      output.write(algebra, algebra.weightedSum(List.of(in), 1 / algebra.norm(in)));
    }
  }
}
