package dev.stockpot.merge.extract;

import static dev.stockpot.merge.extract.Extractions.SETTINGS;
import static dev.stockpot.merge.extract.Extractions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.observe.Figures;
import dev.stockpot.merge.model.Addition;
import dev.stockpot.merge.model.Change;
import dev.stockpot.merge.model.LowRank;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.plan.Delta.Products;
import dev.stockpot.merge.plan.Delta.Products.Term;
import dev.stockpot.merge.plan.Factors;
import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.plan.ModelHeaders;
import dev.stockpot.merge.storage.Location;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Adapters of one base become one: which products, and how much each of them counts. */
class AdapterTermsTest {
  private static final String Q = "h.0.q.weight";
  private static final String K = "h.0.k.weight";
  private static final Model BASE =
      ModelHeaders.named("base")
          .config("{\"model_type\": \"llama\"}")
          .tensor(Q, 6, 4)
          .tensor(K, 6, 4)
          .tensor("norm.weight", 4)
          .open();
  private static final String SUM =
      "merge_method: task_arithmetic\n"
          + "models: [{model: a, parameters: {weight: 0.5}}, {model: b, parameters: {weight: 3}}]";

  private static Change product(String name, long rank, float scale) {
    Map<String, TensorSource> thin =
        ModelHeaders.named(name).tensor("b", 6, rank).tensor("a", rank, 4).open().tensors();
    return new LowRank(thin.get("b"), thin.get("a"), rank, scale);
  }

  /** The base with changes of some tensors on top. */
  private static Model with(String name, Map<String, Change> changes) {
    Map<String, TensorSource> tensors = new LinkedHashMap<>(BASE.tensors());
    changes.forEach(
        (tensor, change) ->
            tensors.compute(tensor, (any, own) -> own.changed(change).as(DType.BF16)));
    return new Model(
        new Location(name),
        tensors,
        BASE.config(),
        BASE.configText(),
        BASE.shards(),
        BASE.companions(),
        BASE.surroundings());
  }

  private static Model lora(String name, long rank, float scale, String... tensors) {
    Map<String, Change> changes = new LinkedHashMap<>();
    for (String tensor : tensors) {
      changes.put(tensor, product(name, rank, scale));
    }
    return with(name, changes);
  }

  private static AdapterPlan plan(String merge, String output, Model... models) {
    return Extractions.of(merge, output, BASE, models);
  }

  private static Map<String, Factors> factors(AdapterPlan plan) {
    Map<String, Factors> factors = new LinkedHashMap<>();
    Map<String, Figures> same = new LinkedHashMap<>();
    plan.changes().forEach(change -> same.put(change.tensor(), Extractions.norm(0)));
    MergePlan known = plan.knowing(same, List.of()).plan(SETTINGS);
    known.shards().stream()
        .flatMap(shard -> shard.tensors().stream())
        .map(placed -> placed.tensor().work())
        .filter(Factors.class::isInstance)
        .map(Factors.class::cast)
        .forEach(work -> factors.put(work.module(), work));
    return factors;
  }

  private static List<Term> terms(Factors factors) {
    return ((Products) factors.delta()).terms();
  }

  @Test
  void eachAdapterIsATermWithItsWeightAndPlace() {
    Map<String, Factors> found =
        factors(plan(SUM, "combination_type: svd", lora("a", 2, 4, Q, K), lora("b", 1, 0.25f, Q)));
    assertThat(found).containsOnlyKeys("h.0.k", "h.0.q");
    List<Term> terms = terms(found.get("h.0.q"));
    assertThat(terms)
        .extracting(Term::place, Term::rank, Term::scale, Term::weight)
        .containsExactly(tuple(0, 2L, 4.0, 0.5), tuple(1, 1L, 0.25, 3.0));
    assertThat(terms.get(1).left().place(0).origin()).isEqualTo("b/model.safetensors");
    assertThat(terms.get(1).left().shape()).isEqualTo(Shape.of(6, 1));
    assertThat(terms(found.get("h.0.k"))).extracting(Term::place).containsExactly(0);
    assertThat(((Products) found.get("h.0.k").delta()).seed()).isEqualTo(Extractions.SEED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "normalize: false | 0.5 | 3",
        "normalize: true | 0.14285714285714285 | 0.8571428571428571",
        "'normalize: false, lambda: 2' | 1 | 6",
        "'normalize: true, lambda: 7' | 1 | 6",
      })
  void weightsAreThoseOfTheSum(String parameters, double first, double second) {
    String merge = SUM + "\nparameters: {%s}".formatted(parameters);
    List<Term> terms =
        terms(
            factors(plan(merge, "combination_type: svd", lora("a", 1, 1, Q), lora("b", 1, 1, Q)))
                .get("h.0.q"));
    assertThat(terms.get(0).weight()).isCloseTo(first, within(1e-15));
    assertThat(terms.get(1).weight()).isCloseTo(second, within(1e-15));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "combination_type: svd | 3 | 3",
        "'combination_type: svd, svd_rank: 2' | 2 | 2",
        "combination_type: cat | 4 | 3",
      })
  void theRankIsTheLargestOfAnyUnlessItIsGivenOrFollows(String output, int ofQ, int ofK) {
    Map<String, Factors> found =
        factors(plan(SUM, output, lora("a", 3, 1, Q, K), lora("b", 1, 1, Q)));
    assertThat(found.get("h.0.q").rank()).isEqualTo(ofQ);
    assertThat(found.get("h.0.k").rank()).isEqualTo(ofK);
  }

  @Test
  void factorsAreAddedWhereTheirRanksAreEqual() {
    assertThat(
            factors(
                    plan(
                        SUM, "combination_type: linear", lora("a", 2, 1, Q, K), lora("b", 2, 1, Q)))
                .get("h.0.q")
                .rank())
        .isEqualTo(2);
    assertRefused(
        () -> plan(SUM, "combination_type: linear", lora("a", 2, 1, Q, K), lora("b", 1, 1, Q)),
        "`combination_type: linear` adds factors, so all must have one rank, but those of"
            + " h.0.q.weight have several; write `cat` or `svd`");
  }

  private static final String MORE =
      "`combination_type` makes adapters one, so each model must be org/base with LoRA adapters on"
          + " top and nothing else%s. Leave `combination_type` away to make an adapter of any"
          + " merge";

  @Test
  void modelsThatAreMoreThanTheirBaseWithAdaptersAreRefused() {
    TensorSource more = ModelHeaders.named("x").tensor("more", 6, 4).open().tensors().get("more");
    Model added = with("b", Map.of(K, new Addition(more, 1)));
    assertRefused(
        () -> plan(SUM, "combination_type: svd", lora("a", 1, 1, Q, K), added),
        MORE.formatted(", but of h.0.k.weight more is changed"));
    Map<String, TensorSource> other = new LinkedHashMap<>(BASE.tensors());
    other.put(Q, more);
    assertRefused(
        () -> plan(SUM, "combination_type: svd", lora("a", 1, 1, Q), lora("b", 1, 1).with(other)),
        MORE.formatted(", but of h.0.q.weight more is changed"));
  }

  @Test
  void modelsThatAreTheBaseMakeNone() {
    assertRefused(
        () -> plan(SUM, "combination_type: svd", lora("a", 1, 1), lora("b", 1, 1)),
        MORE.formatted(""));
  }

  @Test
  void withoutACombinationTheChangeIsThatOfTheMerge() {
    AdapterPlan plan = plan(SUM, "rank: 2", lora("a", 1, 1, Q), lora("b", 1, 1, Q));
    MergePlan known = Extractions.knowing(plan, Q).plan(SETTINGS);
    Factors factors = (Factors) Extractions.tensor(known, "h.0.q.lora_A.weight").work();
    assertThat(factors.delta().sources())
        .as("the base, and what is merged of both and of it, none of them rounded")
        .hasSize(2);
    assertThat(factors.delta().sources().get(1).parts())
        .extracting(TensorSource::dtype)
        .containsExactly(DType.F32, DType.F32, DType.BF16);
  }
}
