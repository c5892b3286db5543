package dev.stockpot.kernels.methods.federated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.SideInput;
import dev.stockpot.kernels.method.SideOutput;
import dev.stockpot.kernels.methods.MergeMethods;
import dev.stockpot.kernels.methods.Terms;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What rounds refuse of recipes, and what they tell, in words. */
class FederatedMethodsTest {
  private static Terms clients(String rule, int count, Object... parameters) {
    Terms terms = Terms.of(rule, 4).base();
    for (int i = 0; i < count; i++) {
      terms.model(parameters);
    }
    return terms;
  }

  private static Optional<String> problem(Terms terms) {
    return terms.method().problemWith(terms.build());
  }

  @ParameterizedTest
  @ValueSource(strings = {"fedavg", "fedadam", "fednova", "rfa"})
  void examplesThatAreAllZeroAreAProblem(String rule) {
    Terms none = clients(rule, 2, "examples", 0.0, "steps", 3.0);

    assertThat(problem(none))
        .contains("`examples` are 0 of all clients; say how many each has seen");
    assertThat(problem(none.model("examples", 1.0, "steps", 3.0))).isEmpty();
  }

  @Test
  void fednovaNeedsStepsOfEveryClient() {
    Terms terms = clients("fednova", 2, "examples", 1.0, "steps", 3.0);

    assertThat(problem(terms)).isEmpty();
    assertThat(problem(terms.model("examples", 1.0, "steps", 0.0)))
        .contains("`steps` of a client are 0, must be above");
  }

  @Test
  void qfedavgNeedsTheRateThatClientsTrainedWith() {
    Terms terms = clients("qfedavg", 1, "loss", 1.0);

    assertThat(problem(terms.merge("client_learning_rate", 0.0)))
        .contains("client_learning_rate is 0, must be above");
    assertThat(problem(terms.merge("client_learning_rate", 0.01))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "krum, 2, 3, 0", "krum, 2, 5, 1", "krum, 2, 7, 2",
    "bulyan, 4, 3, 0", "bulyan, 4, 7, 1", "bulyan, 4, 11, 2"
  })
  void eachThatIsHostileTakesSeveralMoreClients(String rule, int each, int least, int f) {
    assertThat(problem(clients(rule, least).merge("f", (double) f))).isEmpty();
    assertThat(problem(clients(rule, least - 1).merge("f", (double) f)))
        .contains(
            "f is %s, which takes at least %sf + 3 clients,".formatted(f, each)
                + " but there are %s; lower f to %s or wait for more"
                    .formatted(least - 1, Math.max(0, f - 1)));
  }

  @Test
  void multikrumAveragesNoMoreThanAreLeftWithoutTheHostile() {
    Terms terms = clients("multikrum", 6, "examples", 1.0);

    assertThat(problem(terms.merge("f", 1.0, "m", 5.0))).isEmpty();
    assertThat(problem(terms.merge("f", 1.0, "m", 6.0)))
        .contains("m is 6, must be at most 5: the clients without the f that may be hostile");
  }

  @Test
  void fltrustHasOneTrustedModelAndAnother() {
    String one = "it must be at one, that the server trained";

    assertThat(problem(clients("fltrust", 3)).orElseThrow())
        .isEqualTo("`trusted: true` is written at 0 of 3 models; " + one);
    assertThat(problem(clients("fltrust", 2, "trusted", true)).orElseThrow())
        .isEqualTo("`trusted: true` is written at 2 of 2 models; " + one);
    assertThat(problem(clients("fltrust", 1, "trusted", true))).isPresent();
    assertThat(problem(clients("fltrust", 1, "trusted", true).model())).isEmpty();
  }

  @Test
  void whatIsTrimmedIsToldOnlyWhereItIsNobody() {
    Terms four = clients("fedtrimmedavg", 4);
    MergeMethod method = four.method();

    assertThat(method.notice(four.merge("beta", 0.24).build()))
        .contains("beta is 0.24 of 4 clients, less than one at either end: this is the plain mean");
    assertThat(method.notice(four.merge("beta", 0.25).build())).isEmpty();
    assertThat(method.notice(four.merge("beta", 0.0).build())).isEmpty();
    assertThat(clients("fedmedian", 1).method().notice(clients("fedmedian", 1).build())).isEmpty();
  }

  @Test
  void noiseIsToldOfOnlyWhereExamplesAreUneven() {
    Terms even = clients("fedavg", 2, "examples", 5.0).merge("noise_multiplier", 1.0);
    assertThat(even.method().notice(even.build())).isEmpty();
    Terms uneven = even.model("examples", 20.0);
    assertThat(uneven.method().notice(uneven.build()))
        .contains(
            "noise is measured for clients of equal examples, and these have 5.0 to 20.0: the"
                + " largest is hidden less well than noise_multiplier says");
    assertThat(uneven.method().notice(uneven.merge("noise_multiplier", 0.0).build())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "fedavg, ''",
    "fedprox, ''",
    "fedavgm, m",
    "fedadagrad, 'm,v'",
    "fedadam, 'm,v'",
    "fedyogi, 'm,v'",
    "krum, ''"
  })
  void whatIsRememberedGoesInAndComesOut(String rule, String states) {
    MergeMethod method = MergeMethods.named(rule).orElseThrow();
    List<String> expected = states.isEmpty() ? List.of() : List.of(states.split(",", -1));

    assertThat(method.sideInputs()).extracting(SideInput::name).isEqualTo(expected);
    assertThat(method.sideOutputs()).extracting(SideOutput::name).isEqualTo(expected);
    assertThat(method.sideInputs()).noneMatch(SideInput::isRequired);
  }

  @Test
  void everyRoundBeginsAtAServersModelAndTakesAnyNumberOfClients() {
    for (MergeMethod method : FederatedMethods.ALL) {
      assertThat(method.isRound()).as(method.name()).isTrue();
      assertThat(method.arity().needsBase()).as(method.name()).isTrue();
    }
    Terms alone = Terms.of("fedavg", 4).base();
    assertThatThrownBy(alone::program)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("has 0 models, takes 1 to any number");
  }
}
