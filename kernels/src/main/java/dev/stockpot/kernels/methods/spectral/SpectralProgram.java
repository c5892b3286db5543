package dev.stockpot.kernels.methods.spectral;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.method.MatrixProgram;
import dev.stockpot.kernels.method.WholeTensor;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code θ₀ + alpha · rule(δ₁, δ₂, …)}, matrix by matrix.
 *
 * @param base its place among the inputs
 * @param models places of the others
 */
record SpectralProgram(
    MatrixForm form, int base, List<Integer> models, double alpha, SpectralRule rule)
    implements MatrixProgram {
  SpectralProgram {
    requireNonNull(form, "form is null");
    requireNonNull(rule, "rule is null");
    models = List.copyOf(models);
  }

  @Override
  public Demand demand() {
    Demand base = Demand.matrix(form.rows(), form.columns());
    return base.and(rule.demand(form, models.size())).times(form.count());
  }

  @Override
  public void make(Matrices algebra, List<WholeTensor> inputs, WholeTensor output) {
    for (int place = 0; place < form.count(); place++) {
      WholeTensor origin = part(inputs.get(base), place);
      try (Matrix made = algebra.of(origin.elements(), form.rows(), form.columns())) {
        List<WholeTensor> parts = new ArrayList<>();
        for (int model : models) {
          parts.add(part(inputs.get(model), place));
        }
        try (Matrix change = rule.merge(new TaskMatrices(algebra, form, made, parts))) {
          algebra.addScaled(alpha, change, made);
        }
        part(output, place).write(algebra, made);
      }
    }
  }

  private WholeTensor part(WholeTensor tensor, int place) {
    return form.count() == 1 ? tensor : tensor.part(place, form.count());
  }
}
