package dev.stockpot.kernels.methods.spectral;

import dev.stockpot.kernels.methods.MatrixLines;
import dev.stockpot.kernels.methods.MatrixMerging.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Cases that scripts have made, which lie beside the files that they made. */
final class References {
  private References() {}

  /** A base and models of some method, and what NumPy makes of them. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Case(String method, Tensor base, List<Tensor> models, double[][] merged) {
    /** The base, then the models. */
    Tensor[] inputs() {
      List<Tensor> all = new ArrayList<>(List.of(base));
      all.addAll(models);
      return all.toArray(Tensor[]::new);
    }

    @Override
    public String toString() {
      return "%s of %s %s".formatted(method, models.size(), base.shape());
    }
  }

  /** Those of {@code reference.py}. */
  static List<Case> all() {
    return of("reference.txt");
  }

  /** Those in a file. */
  static List<Case> of(String file) {
    List<Case> cases = new ArrayList<>();
    List<Tensor> tensors = new ArrayList<>();
    for (MatrixLines.Line line : MatrixLines.of(References.class, file)) {
      if (line.role().equals("merged")) {
        cases.add(
            new Case(
                line.ofCase(),
                tensors.get(0),
                List.copyOf(tensors.subList(1, tensors.size())),
                line.rows()));
        tensors.clear();
      } else {
        tensors.add(Tensor.of(line.rows()));
      }
    }
    return cases;
  }
}
