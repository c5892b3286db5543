package dev.stockpot.kernels.methods.spectral;

import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Matrix;
import java.util.BitSet;
import java.util.List;

/**
 * The largest elements of each task vector, so many of each group of consecutive ones, that no
 * model before has taken. Where too few are left, the largest of those that were taken come on top.
 *
 * @param kept of each group
 * @param group elements of a group, in row-major order
 * @param weights of the models, in their order
 */
record TakenInTurn(int kept, int group, List<Double> weights) implements SpectralRule {
  TakenInTurn {
    weights = List.copyOf(weights);
    if (kept < 1 || kept > group) {
      throw new IllegalArgumentException("%s of each %s elements".formatted(kept, group));
    }
  }

  @Override
  public Demand demand(MatrixForm form, int models) {
    Demand one = SpectralRule.one(form);
    return one.each(2).and(new Demand(0, 4 * models * one.operations()));
  }

  @Override
  public Matrix merge(TaskMatrices tasks) {
    MatrixForm form = tasks.form();
    Matrix merged = tasks.algebra().zeros(form.rows(), form.columns());
    long elements = (long) form.rows() * form.columns();
    BitSet taken = new BitSet(Math.toIntExact(elements));
    for (int model = 0; model < tasks.size(); model++) {
      try (Matrix task = tasks.task(model)) {
        for (long first = 0; first < elements; first += group) {
          int length = (int) Math.min(group, elements - first);
          take(new Group(task, first, length), taken, weights.get(model), merged);
        }
      }
    }
    return merged;
  }

  /** Consecutive elements of a matrix. */
  private record Group(Matrix matrix, long first, int length) {
    double at(int place) {
      return matrix.at(row(place), column(place));
    }

    int row(int place) {
      return (int) ((first + place) / matrix.columns());
    }

    int column(int place) {
      return (int) ((first + place) % matrix.columns());
    }
  }

  private void take(Group elements, BitSet taken, double weight, Matrix merged) {
    int length = elements.length();
    int wanted = (int) (((long) kept * length + group - 1) / group);
    BitSet mine = new BitSet(length);
    while (wanted > 0) {
      int best = -1;
      boolean bestIsFree = false;
      for (int place = 0; place < length; place++) {
        boolean isFree = !taken.get((int) (elements.first() + place));
        boolean isBetter =
            best < 0
                || (isFree && !bestIsFree)
                || (isFree == bestIsFree
                    && Math.abs(elements.at(place)) > Math.abs(elements.at(best)));
        if (!mine.get(place) && isBetter) {
          best = place;
          bestIsFree = isFree;
        }
      }
      mine.set(best);
      wanted--;
    }
    for (int place = mine.nextSetBit(0); place >= 0; place = mine.nextSetBit(place + 1)) {
      int row = elements.row(place);
      int column = elements.column(place);
      merged.set(row, column, Math.fma(weight, elements.at(place), merged.at(row, column)));
      taken.set((int) (elements.first() + place));
    }
  }
}
