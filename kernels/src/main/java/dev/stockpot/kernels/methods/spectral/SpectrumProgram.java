package dev.stockpot.kernels.methods.spectral;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.matrix.Svd;
import dev.stockpot.kernels.method.PostProgram;
import dev.stockpot.kernels.method.WholeTensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Changes singular values of a merged task vector, matrix by matrix. Only what changes is added, so
 * that what does not stays as it was merged in every bit.
 *
 * @param base its place among the models
 * @param models places of the others
 */
record SpectrumProgram(MatrixForm form, int base, List<Integer> models, SpectrumRule rule)
    implements PostProgram {
  SpectrumProgram {
    requireNonNull(form, "form is null");
    requireNonNull(rule, "rule is null");
    models = List.copyOf(models);
  }

  @Override
  public Demand demand() {
    Demand one = SpectralRule.one(form);
    Demand vectors = Demand.matrix(form.least(), (long) form.rows() + form.columns());
    Demand looking = vectors.and(rule.demand(form, models.size()));
    Demand adding =
        vectors
            .and(Demand.matrix(form.least(), form.columns()))
            .and(
                new Demand(
                    0, Demand.product(form.rows(), form.columns(), form.least()).operations()));
    return one.each(3)
        .and(Demand.svd(form.rows(), form.columns()).then(looking).then(adding))
        .times(form.count());
  }

  @Override
  public void change(Matrices algebra, List<WholeTensor> all, WholeTensor merged) {
    for (int place = 0; place < form.count(); place++) {
      WholeTensor into = part(merged, place);
      try (Matrix made = matrix(algebra, into);
          Matrix origin = matrix(algebra, part(all.get(base), place));
          Svd svd = changed(algebra, made, origin)) {
        List<WholeTensor> parts = new ArrayList<>();
        for (int model : models) {
          parts.add(part(all.get(model), place));
        }
        double[] wanted = rule.values(svd, new TaskMatrices(algebra, form, origin, parts));
        if (add(algebra, svd, wanted, made)) {
          into.write(algebra, made);
        }
      }
    }
  }

  private Svd changed(Matrices algebra, Matrix made, Matrix origin) {
    try (Matrix change = algebra.copy(made)) {
      algebra.addScaled(-1, origin, change);
      return algebra.svd(change);
    }
  }

  /** {@code U diag(wanted − values) Vᵀ}, on top of the merge. Whether anything is. */
  private static boolean add(Matrices algebra, Svd svd, double[] wanted, Matrix made) {
    double[] values = svd.values();
    boolean isChanged = false;
    try (Matrix right = algebra.copy(svd.right())) {
      double[] row = new double[right.columns()];
      for (int i = 0; i < values.length; i++) {
        double more = wanted[i] - values[i];
        isChanged |= more != 0;
        right.read(i, 0, row, 0, row.length);
        for (int j = 0; j < row.length; j++) {
          row[j] *= more;
        }
        right.write(i, 0, row, 0, row.length);
      }
      if (isChanged) {
        algebra.addProduct(1, svd.u(), right, made);
      }
    }
    return isChanged;
  }

  private Matrix matrix(Matrices algebra, WholeTensor tensor) {
    return algebra.of(tensor.elements(), form.rows(), form.columns());
  }

  private WholeTensor part(WholeTensor tensor, int place) {
    return form.count() == 1 ? tensor : tensor.part(place, form.count());
  }
}
