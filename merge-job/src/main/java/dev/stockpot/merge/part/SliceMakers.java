package dev.stockpot.merge.part;

import dev.stockpot.merge.plan.Blockwise;
import dev.stockpot.merge.plan.Copy;
import dev.stockpot.merge.plan.Factors;
import dev.stockpot.merge.plan.Generate;
import dev.stockpot.merge.plan.Look;
import dev.stockpot.merge.plan.Requantised;
import dev.stockpot.merge.plan.Revised;
import dev.stockpot.merge.plan.TensorWork;
import dev.stockpot.merge.plan.Whole;

/** Who makes a slice of each kind of work. */
record SliceMakers(PartTools tools, SharedSlice slice, PartOutput output)
    implements TensorWork.Visitor<SliceMaker> {
  @Override
  public SliceMaker copy(Copy work) {
    return new CopyMaker(work, output);
  }

  @Override
  public SliceMaker blockwise(Blockwise work) {
    return new BlockwiseMaker(work, tools, slice, output);
  }

  @Override
  public SliceMaker look(Look work) {
    throw new IllegalStateException("%s is looked at and not made".formatted(work.name()));
  }

  @Override
  public SliceMaker whole(Whole work) {
    return new WholeMaker(work, tools, output);
  }

  @Override
  public SliceMaker revised(Revised work) {
    return new RevisedMaker(work, tools, output);
  }

  @Override
  public SliceMaker generate(Generate work) {
    return new GenerateMaker(work, tools, slice, output);
  }

  @Override
  public SliceMaker factors(Factors work) {
    return new FactorsMaker(work, tools, output);
  }

  @Override
  public SliceMaker requantised(Requantised work) {
    return new RequantisedMaker(work, tools, output);
  }
}
