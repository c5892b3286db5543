package dev.stockpot.merge.methods;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.method.Arity;
import dev.stockpot.kernels.method.BlockMerge;
import dev.stockpot.kernels.method.Cost;
import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.MethodCard;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.Scan;
import dev.stockpot.kernels.method.ScanScope;
import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.statistic.PartialSums;
import dev.stockpot.kernels.statistic.Statistic;
import java.util.List;
import java.util.Optional;

/** Divides the first model by the sum of squares of all tensors whose names end alike. */
public final class GroupLength implements MergeMethod {
  @Override
  public String name() {
    return "group_length";
  }

  @Override
  public MethodCard card() {
    return new MethodCard("a share", "θ = θ₁ / Σ θ²", "A test.", "none", Cost.SUM);
  }

  @Override
  public List<Parameter<?>> parameters() {
    return List.of();
  }

  @Override
  public Arity arity() {
    return new Arity(Arity.Base.DONOR, 1, Arity.ANY);
  }

  @Override
  public MergeProgram program(TensorTerms terms) {
    String group = terms.tensor().substring(terms.tensor().lastIndexOf('.') + 1);
    return new Program(group, terms.models().size(), List.of());
  }

  /** Sums of squares of the first of so many models. */
  private record Squares(int models) implements Scan {
    @Override
    public <V> BlockScan open(Kernels<V> kernels) {
      V element = kernels.vector();
      PartialSums.Builder sums = new PartialSums.Builder(1);
      return new BlockScan() {
        @Override
        public void scan(Block block, List<Operand> inputs) {
          kernels.begin(block);
          sums.begin(block);
          kernels.load(inputs.get(0), element);
          kernels.addProducts(element, element, sums.sum(0));
        }

        @Override
        public Statistic found() {
          return sums.found();
        }
      };
    }
  }

  private record Program(String group, int models, List<Double> squares) implements MergeProgram {
    @Override
    public Optional<Scan> scan() {
      return !squares.isEmpty() ? Optional.empty() : Optional.of(new Squares(models));
    }

    @Override
    public ScanScope scanScope() {
      return ScanScope.group(group);
    }

    @Override
    public MergeProgram knowing(Statistic found) {
      PartialSums sums = (PartialSums) found;
      return new Program(group, models, List.of(sums.total(0)));
    }

    @Override
    public <V> BlockMerge open(Kernels<V> kernels) {
      V element = kernels.vector();
      return (block, inputs, output) -> {
        kernels.begin(block);
        kernels.load(inputs.get(0), element);
        kernels.divide(element, squares.get(0).floatValue(), element);
        kernels.store(element, output);
      };
    }
  }
}
