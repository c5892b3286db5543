package dev.stockpot.kernels.methods;

import static dev.stockpot.kernels.methods.Closeness.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.Samples;
import dev.stockpot.kernels.vector.VectorProvider;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

/** What the order of models of equal weight changes: nothing, the last bits, or the meaning. */
class PermutationPropertyTest {
  private static final int ELEMENTS = 300;
  private static final Merging MERGING = Merging.by(new VectorProvider());

  /** They sort. */
  private static final Set<String> TO_THE_BIT =
      Set.of("median", "trimmed_mean", "magmax", "fedmedian");

  /** They sum in the order of the recipe, and a sum of floats depends on it. */
  private static final Set<String> UP_TO_ROUNDING =
      Set.of(
          "linear",
          "uniform_soup",
          "task_arithmetic",
          "ties",
          "breadcrumbs",
          "breadcrumbs_ties",
          "multislerp",
          "karcher",
          "model_stock",
          "sce",
          "consensus",
          "emr",
          "ram",
          "ramplus_tl",
          "lines",
          "geometric_median",
          "multi_krum",
          "fisher",
          "regmean",
          "iso_c",
          "iso_cts",
          "tsv_m",
          "wudi",
          "resmerge",
          "localize_and_stitch",
          "pcb",
          "fedavg",
          "fedprox",
          "fedavgm",
          "fedadagrad",
          "fedadam",
          "fedyogi",
          "qfedavg",
          "fednova",
          "fedbuff",
          "fedtrimmedavg",
          "krum",
          "multikrum",
          "bulyan",
          "rfa",
          "centered_clipping");

  /**
   * The first model is not the second, or each model draws its own lots by its place, or the first
   * of equals counts: of three clients two are each other's nearest, always.
   */
  private static final Set<String> ORDERED =
      Set.of(
          "slerp",
          "nuslerp",
          "nearswap",
          "arcee_fusion",
          "passthrough",
          "checkpoint_average",
          "ema",
          "post_hoc_ema",
          "cabs",
          "perpendicular",
          "add_difference",
          "dare_ties",
          "dare_linear",
          "della",
          "della_linear",
          "fltrust");

  @Example
  void everyMethodIsOneOfThese() {
    List<String> known =
        Stream.of(TO_THE_BIT, UP_TO_ROUNDING, ORDERED).flatMap(Set::stream).toList();

    assertThat(EveryMethod.all())
        .extracting(EveryMethod::method)
        .containsExactlyInAnyOrderElementsOf(known);
  }

  @Property(tries = 20)
  void theOrderOfModelsDoesNotShow(@ForAll @LongRange(min = 0) long seed) {
    for (EveryMethod each : EveryMethod.all()) {
      if (ORDERED.contains(each.method())) {
        continue;
      }
      float[][] inputs = new float[each.inputs()][];
      for (int i = 0; i < inputs.length; i++) {
        inputs[i] = Samples.normal(ELEMENTS, 0.05, seed + i);
      }
      for (int i = each.models(); i < inputs.length; i++) {
        square(inputs[i]); // statistics are not negative
      }
      Terms terms = each.terms(10, ELEMENTS / 10);

      float[] merged = MERGING.merge(terms, inputs);
      float[] shuffled = MERGING.merge(terms, shuffled(inputs, each.base(), each.models(), seed));

      if (TO_THE_BIT.contains(each.method())) {
        assertSameBits(shuffled, merged);
      } else {
        for (int e = 0; e < ELEMENTS; e++) {
          assertThat(shuffled[e])
              .as("%s, element %s", each.method(), e)
              .isCloseTo(merged[e], within(1e-5f));
        }
      }
    }
  }

  /** Which of equal elements stay is drawn for the tensor, not for each model by its place. */
  @Property(tries = 20)
  void theOrderOfModelsDoesNotShowInEqualMagnitudesThatStay(@ForAll @LongRange(min = 0) long seed) {
    for (String method : List.of("ties", "breadcrumbs", "breadcrumbs_ties")) {
      float[][] inputs = {
        new float[ELEMENTS],
        Samples.tied(ELEMENTS, seed),
        Samples.tied(ELEMENTS, seed + 1),
        Samples.tied(ELEMENTS, seed + 2)
      };
      Terms terms = Terms.of(method, ELEMENTS).base();
      for (int model = 0; model < 3; model++) {
        terms.model("weight", 0.5, "density", 0.4);
      }

      assertSameBits(
          MERGING.merge(terms, shuffled(inputs, 0, inputs.length, seed)),
          MERGING.merge(terms, inputs));
    }
  }

  private static void square(float[] elements) {
    for (int e = 0; e < elements.length; e++) {
      elements[e] *= elements[e];
    }
  }

  /** The models, and, in the same way, statistics of them. */
  private static float[][] shuffled(float[][] inputs, int base, int count, long seed) {
    List<float[]> all = Arrays.asList(inputs);
    List<float[]> models = new ArrayList<>(all.subList(0, count));
    List<float[]> first = base == EveryMethod.NO_BASE ? List.of() : List.of(models.remove(base));
    Collections.shuffle(models, new Random(seed));
    models.addAll(0, first);
    if (inputs.length > count) {
      List<float[]> statistics = new ArrayList<>(all.subList(count, inputs.length));
      Collections.shuffle(statistics, new Random(seed));
      models.addAll(statistics);
    }
    return models.toArray(float[][]::new);
  }
}
