package dev.stockpot.merge.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.methods.MergeMethods;
import org.junit.jupiter.api.Test;

class RoundReaderTest {
  private static final String MODELS =
      """
      base_model: server
      models:
        - {model: b, parameters: {examples: 2}}
        - {model: a, parameters: {examples: 1}}
      """;

  private static Recipe parse(String round) {
    return new RecipeParser(MergeMethods.all()).parse("recipe.yml", round + MODELS);
  }

  private static void refused(String round, String... words) {
    assertThatThrownBy(() -> parse(round))
        .isInstanceOf(RecipeException.class)
        .hasMessageContainingAll(words);
  }

  @Test
  void aFirstRoundHasNoState() {
    Recipe recipe = parse("round: {strategy: fedadam, number: 1, eta: 0.5}\n");

    assertThat(recipe.method().name()).isEqualTo("fedadam");
    assertThat(recipe.round().orElseThrow().number()).isEqualTo(1);
    assertThat(recipe.statistics()).isEmpty();
    assertThat(recipe.parameters().sets("eta")).isTrue();
    assertThat(recipe.parameters().setting("round").orElseThrow().at("x", 0)).contains(1.0);
  }

  @Test
  void laterOnesFindTheirsBesideTheBase() {
    Recipe recipe = parse("round: {strategy: fedadam, number: 4}\n");

    assertThat(recipe.statistics().get("m").path()).isEqualTo("server/state/m");
    assertThat(recipe.statistics().get("v").path()).isEqualTo("server/state/v");
    assertThat(parse("round: {strategy: fedavg, number: 4}\n").statistics()).isEmpty();
    assertThat(parse("round: {strategy: fedadam, number: 4, state: zero}\n").statistics())
        .isEmpty();
  }

  @Test
  void clientsAreTakenByTheirNames() {
    assertThat(parse("round: {strategy: fedavg, number: 1}\n").slices().get(0).sources())
        .extracting(source -> source.model().path())
        .containsExactly("a", "b", "server");
  }

  @Test
  void refusesWhatIsNoRound() {
    refused("round: 3\n", "`round` is 3, must be a mapping");
    refused("round: {strategy: fedadam}\n", "`number` is missing, must be the number of the round");
    refused("round: {strategy: fedadam, number: 0}\n", "`number` is 0");
    refused("round: {strategy: fedadam, number: 1.5}\n", "`number` is 1.5");
    refused("round: {strategy: fedadm, number: 1}\n", "`strategy` is `fedadm`", "fedadam");
    refused("round: {number: 1}\n", "`strategy` is missing");
    refused("round: {strategy: ties, number: 1}\n", "`strategy` is `ties`");
    refused("round: {strategy: fedavg, number: 1, state: one}\n", "`state` is one, must be `zero`");
  }

  @Test
  void refusesASecondWordForTheSame() {
    refused(
        "merge_method: linear\nround: {strategy: fedavg, number: 1}\n",
        "`merge_method` and `round` exclude each other");
    refused(
        "statistics: {m: elsewhere}\nround: {strategy: fedavgm, number: 2}\n",
        "a round finds its state beside `base_model`; remove `statistics`");
  }

  @Test
  void aRuleWithStateSaysWhichRoundItIs() {
    refused(
        "merge_method: fedadam\n",
        "fedadam goes on from state; write `round: {strategy: fedadam, number: 1}`");
    assertThat(parse("merge_method: fedavg\n").round()).isEmpty();
  }

  @Test
  void refusesParametersThatTheRuleLacks() {
    refused("round: {strategy: fedavgm, number: 1, beta1: high}\n", "beta1");
    refused("round: {strategy: fedavgm, number: 1, momentum: 2}\n", "`momentum` is 2, must be");
  }
}
