package dev.stockpot.merge.extract;

import dev.stockpot.kernels.method.ParameterValues;
import dev.stockpot.merge.model.Addition;
import dev.stockpot.merge.model.Baked;
import dev.stockpot.merge.model.Change;
import dev.stockpot.merge.model.LowRank;
import dev.stockpot.merge.model.RowLengths;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.plan.Delta.Products.Term;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The thin matrices that adapters add to a tensor of their base, with what each of them counts. */
final class AdapterTerms {
  private AdapterTerms() {}

  /**
   * Those of a tensor of a weighted sum of models, each of which is the base with adapters on top.
   *
   * @return nothing if some model holds something else there than the base with such products
   */
  static Optional<List<Term>> of(TensorChange change) {
    List<TensorSource> models = change.models();
    List<Map.Entry<String, ParameterValues>> values = change.planned().models();
    List<Term> terms = new ArrayList<>();
    for (int place = 0; place < models.size(); place++) {
      if (models.get(place).identity().equals(change.base().identity())) {
        continue;
      }
      Optional<List<LowRank>> products = products(models.get(place), change.base());
      if (products.isEmpty()) {
        return Optional.empty();
      }
      double weight = weight(change, values.get(place).getValue());
      for (LowRank product : products.get()) {
        terms.add(
            new Term(
                product.left(), product.right(), product.rank(), product.scale(), weight, place));
      }
    }
    return Optional.of(terms);
  }

  /** What a model counts in task arithmetic. */
  private static double weight(TensorChange change, ParameterValues own) {
    Map<String, Object> merge = change.planned().merge().values();
    double sum = 0;
    for (Map.Entry<String, ParameterValues> model : change.planned().models()) {
      sum += number(model.getValue().values().get("weight"), 0);
    }
    boolean isNormalized = Boolean.TRUE.equals(merge.get("normalize")) && sum != 0;
    return number(own.values().get("weight"), 0)
        * number(merge.get("lambda"), 1)
        / (isNormalized ? sum : 1);
  }

  private static double number(Object value, double otherwise) {
    return value instanceof Number number ? number.doubleValue() : otherwise;
  }

  /** The products that are added to a base, if nothing else is done to it. */
  private static Optional<List<LowRank>> products(TensorSource model, TensorSource base) {
    Optional<Baked> baked =
        BakedSources.of(model).filter(it -> it.base().identity().equals(base.identity()));
    List<LowRank> products = new ArrayList<>();
    for (Change change : baked.map(Baked::changes).orElse(List.of())) {
      Optional<LowRank> product = change.accept(new Plain());
      if (product.isEmpty()) {
        return Optional.empty();
      }
      products.add(product.get());
    }
    return products.isEmpty() ? Optional.empty() : Optional.of(products);
  }

  /** A product for all of a matrix. */
  private static final class Plain implements Change.Visitor<Optional<LowRank>> {
    @Override
    public Optional<LowRank> lowRank(LowRank change) {
      return change.batches() == 1 ? Optional.of(change) : Optional.empty();
    }

    @Override
    public Optional<LowRank> rowLengths(RowLengths change) {
      return Optional.empty();
    }

    @Override
    public Optional<LowRank> addition(Addition change) {
      return Optional.empty();
    }
  }
}
