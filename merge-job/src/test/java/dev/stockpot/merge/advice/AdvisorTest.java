package dev.stockpot.merge.advice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.observe.KinshipView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is proposed for models that are related in known ways. */
class AdvisorTest {
  private static final float[] BASE = Kin.fresh(1);
  private static final String LLAMA = "LlamaForCausalLM";
  private static final String VIT = "ViTForImageClassification";

  private static Known known(String architecture) {
    return new Known(architecture, Optional.empty(), false, false, List.of());
  }

  private static Map<String, float[]> named(Object... all) {
    Map<String, float[]> models = new LinkedHashMap<>();
    for (int i = 0; i < all.length; i += 2) {
      models.put((String) all[i], (float[]) all[i + 1]);
    }
    return models;
  }

  private static float[] tune(long number) {
    return Kin.plus(BASE, number, 0.1);
  }

  private static Proposal first(Known known, int base, Object... models) {
    return Advisor.proposals(Kin.of(base, named(models)), known).get(0);
  }

  @Test
  void languageModelsOfDifferentTasksDropAndVote() {
    Proposal advice = first(known(LLAMA), 0, "base", BASE, "math", tune(2), "code", tune(3));
    assertThat(advice.recipe())
        .isEqualTo(
            """
            merge_method: dare_ties
            base_model: base
            models:
              - model: math
                parameters: {weight: 0.5, density: 0.5}
              - model: code
                parameters: {weight: 0.5, density: 0.5}
            """);
    assertThat(advice.reasons().get(0)).startsWith("From base they learned different things");
  }

  @Test
  void otherModelsOfDifferentTasksAreSummed() {
    Proposal advice = first(known(VIT), 3, "a", tune(2), "b", tune(3), "c", tune(4), "base", BASE);
    assertThat(advice.recipe())
        .startsWith("merge_method: task_arithmetic\nbase_model: base\n")
        .contains("  - model: c\n    parameters: {weight: 0.3}\n")
        .doesNotContain("density");
    assertThat(advice.reasons()).anyMatch(reason -> reason.contains("`iso_c`"));
  }

  @Test
  void runsOfOneTaskAreDrawnTowardsTheBase() {
    float[] way = tune(2);
    Proposal advice =
        first(
            known(LLAMA),
            0,
            "base",
            BASE,
            "one",
            Kin.plus(way, 3, 0.03),
            "two",
            Kin.plus(way, 4, 0.03));
    assertThat(advice.recipe()).startsWith("merge_method: model_stock\n");
  }

  @Test
  void sparseChangesAreKeptWhole() {
    float[] one = BASE.clone();
    float[] two = BASE.clone();
    for (int i = 0; i < BASE.length; i += 50) {
      one[i] += 0.1f;
      two[i + 1] += 0.1f;
    }
    Proposal advice = first(known(LLAMA), 0, "base", BASE, "a", one, "b", two);
    assertThat(advice.recipe()).startsWith("merge_method: ram\n");
    assertThat(advice.reasons().get(0)).contains("More than 90 %");
  }

  @Test
  void oneFineTuneIsMetHalfWay() {
    Proposal advice = first(known(LLAMA), 1, "math", tune(2), "base", BASE);
    assertThat(advice.recipe())
        .isEqualTo(
            """
            merge_method: task_arithmetic
            base_model: base
            models:
              - model: math
                parameters: {weight: 0.5}
            """);
  }

  @ParameterizedTest
  @CsvSource({"3, scheme: mean", "10, scheme: mean", "12, 'scheme: last_k, last: 10'"})
  void checkpointsOfARunAreAveraged(int checkpoints, String parameters) {
    Map<String, float[]> run = new LinkedHashMap<>();
    float[] model = BASE;
    for (int i = checkpoints; i > 0; i--) { // named youngest first
      run.put("run/checkpoint-%s".formatted(100 * i), model);
      model = Kin.plus(model, i, 0.02);
    }
    Proposal advice = Advisor.proposals(Kin.of(KinshipView.NO_BASE, run), known(LLAMA)).get(0);
    assertThat(advice.recipe())
        .startsWith(
            "merge_method: checkpoint_average\nparameters: {%s}\nmodels:\n  - model: run/checkpoint-100\n  - model: run/checkpoint-200\n"
                .formatted(parameters));
  }

  @Test
  void strangersThatAreCalledLikeARunAreStrangers() {
    Proposal advice =
        first(
            known(LLAMA),
            KinshipView.NO_BASE,
            "run/checkpoint-1",
            BASE,
            "run/checkpoint-2",
            Kin.fresh(2));
    assertThat(advice.recipe()).contains("align");
  }

  @Test
  void withoutABaseThereIsThePlainAverage() {
    Proposal advice = first(known(LLAMA), KinshipView.NO_BASE, "math", tune(2), "code", tune(3));
    assertThat(advice.recipe()).startsWith("merge_method: uniform_soup\n");
    assertThat(advice.reasons()).anyMatch(reason -> reason.contains("--base"));
  }

  @Test
  void strangersAreLeftOutOrMatched() {
    List<Proposal> advice =
        Advisor.proposals(
            Kin.of(
                KinshipView.NO_BASE, named("a", tune(2), "stranger", Kin.fresh(9), "b", tune(3))),
            known(LLAMA));
    assertThat(advice).hasSize(2);
    assertThat(advice.get(0).recipe())
        .isEqualTo("merge_method: uniform_soup\nmodels:\n  - model: a\n  - model: b\n");
    assertThat(advice.get(0).reasons().get(0)).startsWith("stranger left out");
    assertThat(advice.get(1).recipe())
        .contains("  - model: stranger\n    align: {to: a}\n")
        .doesNotContain("align: {to: stranger}");
  }

  @Test
  void twoStrangersAreMatchedAndTheFirstStays() {
    List<Proposal> advice =
        Advisor.proposals(
            Kin.of(KinshipView.NO_BASE, named("a", BASE, "b", Kin.fresh(9))), known(VIT));
    assertThat(advice).hasSize(1);
    assertThat(advice.get(0).recipe())
        .isEqualTo(
            """
            merge_method: linear
            parameters: {weight: 1}
            models:
              - model: a
              - model: b
                align: {to: a}
            """);
    assertThat(advice.get(0).reasons().get(0)).contains("b: trained apart from a (cosine of");
  }

  @Test
  void aModelThatIsNotOfTheBaseIsAStranger() {
    Proposal advice =
        first(known(LLAMA), 0, "base", BASE, "a", tune(2), "b", tune(3), "other", Kin.fresh(9));
    assertThat(advice.reasons().get(0)).startsWith("other left out");
  }

  @Test
  void modelsThatWentFarAreToBeLookedAt() {
    Proposal advice =
        first(
            known(VIT),
            KinshipView.NO_BASE,
            "a",
            Kin.plus(BASE, 2, 0.8),
            "b",
            Kin.plus(BASE, 3, 0.8));
    assertThat(advice.reasons()).anyMatch(reason -> reason.contains("stockpot path"));
  }

  @Test
  void adaptersLieBesideEachOther() {
    Known adapters = new Known(LLAMA, Optional.empty(), true, false, List.of());
    List<Proposal> advice =
        Advisor.proposals(
            Kin.of(0, named("base", BASE, "base+a", tune(2), "base+b", tune(3))), adapters);
    assertThat(advice.get(0).recipe())
        .contains("output: {kind: adapter, combination_type: cat}\n")
        .contains("  - model: base+a\n");
    assertThat(advice.get(1).recipe()).startsWith("merge_method: dare_ties");
  }

  @Test
  void whatElseIsKnownGoesAlong() {
    Known known = new Known(VIT, Optional.of("union"), false, true, List.of("Note: something."));
    Proposal advice = first(known, KinshipView.NO_BASE, "a", tune(2), "b", tune(3));
    assertThat(advice.recipe()).contains("tokenizer_source: union\n");
    assertThat(advice.reasons())
        .contains("Note: something.")
        .anyMatch(reason -> reason.contains("batch norms"));
  }
}
