package dev.stockpot.kernels.methods;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.ParameterValues;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class MergeMethodsTest {
  static Iterable<MergeMethod> all() {
    return MergeMethods.all();
  }

  @Test
  void haveTheNamesOfPublishedRecipes() {
    assertThat(MergeMethods.all())
        .extracting(MergeMethod::name)
        .containsExactlyInAnyOrder(
            "linear",
            "uniform_soup",
            "checkpoint_average",
            "ema",
            "post_hoc_ema",
            "median",
            "geometric_median",
            "multi_krum",
            "trimmed_mean",
            "nuslerp",
            "multislerp",
            "karcher",
            "model_stock",
            "nearswap",
            "breadcrumbs",
            "breadcrumbs_ties",
            "lines",
            "localize_and_stitch",
            "perpendicular",
            "add_difference",
            "consensus",
            "magmax",
            "emr",
            "fisher",
            "regmean",
            "iso_c",
            "iso_cts",
            "tsv_m",
            "wudi",
            "resmerge",
            "cabs",
            "pcb",
            "ram",
            "ramplus_tl",
            "slerp",
            "passthrough",
            "task_arithmetic",
            "ties",
            "dare_linear",
            "dare_ties",
            "della",
            "della_linear",
            "sce",
            "arcee_fusion",
            "fedavg",
            "fedprox",
            "fedavgm",
            "fedadagrad",
            "fedadam",
            "fedyogi",
            "qfedavg",
            "fednova",
            "fedbuff",
            "fedmedian",
            "fedtrimmedavg",
            "krum",
            "multikrum",
            "bulyan",
            "rfa",
            "centered_clipping",
            "fltrust");
  }

  @ParameterizedTest
  @MethodSource("all")
  void areFoundByTheirNames(MergeMethod method) {
    assertThat(MergeMethods.named(method.name())).hasValue(method);
  }

  @Test
  void noMethodHasAnotherName() {
    assertThat(MergeMethods.named("TIES")).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("all")
  void haveCardsAndParametersThatSaySomething(MergeMethod method) {
    assertThat(method.card()).hasNoNullFieldsOrProperties();
    assertThat(method.card().summary()).isNotBlank();
    assertThat(method.card().formula()).contains("θ = ");
    assertThat(method.parameters()).extracting(Parameter::name).doesNotHaveDuplicates();
    assertThat(method.parameters()).extracting(Parameter::meaning).allMatch(m -> !m.isBlank());
  }

  @ParameterizedTest
  @CsvSource({
    "linear, true, false",
    "task_arithmetic, false, false",
    "ties, true, false",
    "dare_linear, false, true",
    "dare_ties, false, true",
    "della, true, true",
    "della_linear, false, true"
  })
  void haveTheDefaultsOfPublishedRecipes(String name, boolean normalize, boolean rescale) {
    ParameterValues defaults = Terms.of(name, 1).model().build().merge();

    assertThat(defaults.values().get("normalize")).isEqualTo(normalize);
    assertThat(defaults.values().getOrDefault("rescale", false)).isEqualTo(rescale);
  }

  @Test
  void refuseAWrongNumberOfModels() {
    assertRefused(
        Terms.of("passthrough", 1).model().model(), "passthrough", "2 models, takes 1 to 1");
    assertRefused(Terms.of("slerp", 1).base().merge("t", 0.5), "slerp", "1 models, takes 2 to 2");
    assertRefused(
        Terms.of("slerp", 1).base().model().model().merge("t", 0.5),
        "slerp",
        "3 models, takes 2 to 2");
    assertRefused(Terms.of("ties", 1).base(), "ties", "0 models, takes 1 to any number");
  }

  private static void assertRefused(Terms terms, String method, String problem) {
    assertThatThrownBy(terms::program)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(method + " of model.layers.0.mlp.down_proj.weight has " + problem);
  }
}
