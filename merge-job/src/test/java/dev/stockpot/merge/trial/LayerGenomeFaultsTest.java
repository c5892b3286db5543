package dev.stockpot.merge.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.merge.UserException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Stacks that none can be made of. */
class LayerGenomeFaultsTest extends LayerGenomeCases {
  @Test
  void weightsMaySayWhereASearchBegins() throws Exception {
    Genome genome = genome("{importance: weights, " + TWO + "}");
    assertThat(genome.start().values()).containsExactly(0.62, 0.38, 0.62, 0.38);
    Genome known =
        genome.knowing(
            (model, stack) -> {
              assertThat(stack).isEmpty();
              return model.equals("a") ? List.of(0.5, 0.1) : List.of(0.2, 0.9);
            });
    List<Double> start = known.start().values(); // a0, b0, a1, b1
    assertThat(start.get(2)).as("matters least").isCloseTo(0.52, within(1e-12));
    assertThat(start.get(3)).as("matters most").isCloseTo(0.48, within(1e-12));
    assertThat(start.get(0)).isGreaterThan(start.get(2));
    assertThat(start.get(1)).isLessThan(start.get(3));
    assertThat(known.described(known.start())).isEqualTo("a[0:2]");
    assertThat(known.knowing(LayerScores.NONE)).as("once is enough").isSameAs(known);
  }

  @Test
  void weightsThatTellNothingAreToldByName() {
    Genome genome = genome("{importance: weights, " + TWO + "}");
    assertThatThrownBy(
            () ->
                genome.knowing((model, stack) -> model.equals("a") ? List.of(0.5, 0.1) : List.of()))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("`importance: weights` has no score of layer 0 of b");
  }

  @Test
  void nobodyReadsWeightsThatAreNotAskedFor() throws Exception {
    Genome genome = genome("{" + TWO + "}");
    assertThat(genome.knowing(LayerScores.NONE)).isSameAs(genome);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "7 | `layers` must say of what",
        "{} | `from` must be a list of layers",
        "{from: []} | `from` must be a list of layers",
        "{from: [a]} | an element of `from` must be `{model: …, layer_range: [0, 32]}`",
        "{from: [{layer_range: [0, 2]}]} | `model` is missing here; name a model",
        "{from: [{model: {lora: x}, layer_range: [0, 2]}]} | `model` must be a name here",
        "{from: [{model: a}]} | `layer_range` must be two whole numbers",
        "{from: [{model: a, layer_range: [2, 2]}]} | `layer_range` must be two whole numbers",
        "{from: [{model: a, layer_range: [0.5, 2]}]} | `layer_range` must be two whole numbers",
        "{from: [{model: a, layer_range: [0, 2], wait: 1}]} | `wait` is not a key of an element of"
            + " `from`",
        "{block: 3, from: [{model: a, layer_range: [0, 8]}]} | 8 layers are no whole number of"
            + " blocks of 3",
        "{least: 9, from: [{model: a, layer_range: [0, 8]}]} | no stack has 9 to 8 layers: there"
            + " are 8 blocks of 1",
        "{block: 4, least: 5, most: 7, from: [{model: a, layer_range: [0, 8]}]} | no stack has 5 to"
            + " 7 layers: there are 2 blocks of 4",
        "{block: 4, most: 3, from: [{model: a, layer_range: [0, 8]}]} | no stack has 4 to 3 layers",
        "{order: any, from: [{model: a, layer_range: [0, 8]}]} | `order` is any",
        "{scale: 2, from: [{model: a, layer_range: [0, 8]}]} | `scale` must be a range",
        "{scale: {range: [2, 1]}, from: [{model: a, layer_range: [0, 8]}]} | `range` must be two"
            + " numbers, the lower one first",
        "{importance: no.jsonl, from: [{model: a, layer_range: [0, 2]}]} | `importance` no.jsonl"
            + " cannot be read",
        "{importance: wrong.jsonl, from: [{model: a, layer_range: [0, 2]}]} | `importance`"
            + " wrong.jsonl: line 1 is not",
        "{importance: text.jsonl, from: [{model: a, layer_range: [0, 2]}]} | `importance`"
            + " text.jsonl: line 1 is not",
        "{importance: half.jsonl, from: [{model: a, layer_range: [0, 2]}]} | `importance`"
            + " half.jsonl: has no score of layer 1 of a; give all, or none",
        "{importance: [0.1], from: [{model: a, layer_range: [0, 2]}]} | `importance` must be"
            + " `weights`, or name a file",
        "{gates: 3, from: [{model: a, layer_range: [0, 2]}]} | `gates` is not a key of `layers`",
      })
  void layersThatMakeNoStackAreRefused(String layers, String message) {
    assertThatThrownBy(() -> parse(layers))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "merge_method: linear | write `merge_method: passthrough`",
        "dtype: bfloat16 | write `merge_method: passthrough`",
        "merge_method: passthrough#models: [{model: a}] | so `models` has no place beside it;"
            + " remove it",
        "merge_method: passthrough#slices: [] | so `slices` has no place beside it; remove it",
      })
  void aStackIsAllThatTheRecipeMakes(String head, String message) {
    assertThatThrownBy(() -> parse(head.replace("#", "\n") + "\n", "{" + TWO + "}"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(message);
  }
}
