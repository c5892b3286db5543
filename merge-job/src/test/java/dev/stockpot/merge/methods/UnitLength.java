package dev.stockpot.merge.methods;

import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.method.Arity;
import dev.stockpot.kernels.method.Cost;
import dev.stockpot.kernels.method.MatrixProgram;
import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.MethodCard;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.TensorTerms;
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
    return Optional.of(
        (inputs, output) -> {
          Operand in = inputs.get(0);
          double squares = 0;
          for (int i = 0; i < in.elements(); i++) {
            squares += in.at(i) * in.at(i);
          }
          float length = (float) Math.sqrt(squares);
          for (int i = 0; i < in.elements(); i++) {
            output.buffer().setFloat(4L * i, (float) in.at(i) / length);
          }
        });
  }

  @Override
  public MergeProgram program(TensorTerms terms) {
    throw new IllegalStateException("nobody asks for it");
  }
}
