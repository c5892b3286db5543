package dev.stockpot.merge.align;

import java.util.List;

/**
 * What a spec says of tensors of one kind.
 *
 * @param axes what lies along each
 * @param isCompared whether their numbers count when units are matched; those of buffers do not
 */
record TensorRule(TensorPattern names, List<AxisRule> axes, boolean isCompared) {
  TensorRule {
    axes = List.copyOf(axes);
  }
}
