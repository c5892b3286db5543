package dev.stockpot.merge.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.recipe.UnknownKeys;
import dev.stockpot.merge.storage.MemoryStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which models can be merged is asked of whoever plans merges: as they are, then by tokens. */
class MergeableModelsTest {
  private final MemoryStore store = new MemoryStore();
  private final List<String> asked = new ArrayList<>();

  private MemoryModel model(String name, String config) {
    return MemoryModel.in(store, "s3://b/" + name)
        .file("config.json", config)
        .tensor("model.layers.0.w", DType.BF16, Shape.of(2), 1, 2)
        .write();
  }

  private static NamedModels named(Optional<String> base, String... models) {
    return new NamedModels(List.of(models), base, /* areAdapters= */ false, List.of());
  }

  private Planned planned(String recipe) throws IOException {
    asked.add(recipe);
    Places places = PlacesOfTests.in(store);
    return Planned.of(
        MergeRecipe.built(recipe).read(places.store(), UnknownKeys.ERROR).ofOneMerge(),
        places,
        PlacesOfTests.settings(Map.of()),
        Optional.empty());
  }

  @Test
  void modelsThatFitAreAskedForOnce() throws IOException {
    model("a", "{\"num_hidden_layers\": 1}");
    model("b", "{\"num_hidden_layers\": 1}");
    MergeableModels found =
        MergeableModels.of(named(Optional.empty(), "s3://b/a", "s3://b/b"), this::planned);

    assertThat(asked)
        .containsExactly(
            """
            merge_method: uniform_soup
            models:
            - model: "s3://b/a"
            - model: "s3://b/b"
            """);
    assertThat(found.names()).containsExactly("s3://b/a", "s3://b/b");
    assertThat(found.model("s3://b/b").tensors()).containsOnlyKeys("model.layers.0.w");
    assertThat(found.tokenizer()).isEmpty();
    assertThat(found.namedBases()).isEmpty();
  }

  @Test
  void aBaseIsAskedForBesideThem() throws IOException {
    for (String name : List.of("base", "a")) {
      model(name, "{\"num_hidden_layers\": 1}");
    }
    MergeableModels found =
        MergeableModels.of(named(Optional.of("s3://b/base"), "s3://b/a"), this::planned);

    assertThat(asked)
        .containsExactly(
            """
            merge_method: task_arithmetic
            parameters: {weight: 1}
            base_model: "s3://b/base"
            models:
            - model: "s3://b/a"
            """);
    assertThat(found.models()).containsOnlyKeys("s3://b/base", "s3://b/a");
  }

  @Test
  void patternsAreReplacedByWhatTheyStandFor() throws IOException {
    model("run/checkpoint-10", "{\"num_hidden_layers\": 1}");
    model("run/checkpoint-9", "{\"num_hidden_layers\": 1}");
    MergeableModels found =
        MergeableModels.of(named(Optional.empty(), "s3://b/run/checkpoint-*"), this::planned);
    assertThat(found.names())
        .containsExactly("s3://b/run/checkpoint-9", "s3://b/run/checkpoint-10");
  }

  @Test
  void theirCardsMayNameABase() throws IOException {
    model("a", "{}").file("README.md", "---\nbase_model: org/base\n---\n# a\n");
    model("b", "{}").file("README.md", "---\nbase_model:\n- org/base\n- org/other\n---\n");
    MergeableModels found =
        MergeableModels.of(named(Optional.empty(), "s3://b/a", "s3://b/b"), this::planned);
    assertThat(found.namedBases())
        .hasValue("Their cards name org/base, org/other as base: say so with --base.");
  }

  private void refused(List<String> answers, String message) {
    assertThatThrownBy(
            () ->
                MergeableModels.of(
                    named(Optional.empty(), "a", "b"),
                    recipe -> {
                      asked.add(recipe);
                      throw new UserException(answers.get(asked.size() - 1));
                    }))
        .isInstanceOf(UserException.class)
        .hasMessage(message);
    assertThat(asked).hasSize(2);
    assertThat(asked.get(1)).isEqualTo("tokenizer_source: union\n" + asked.get(0));
  }

  @Test
  void whatStandsInTheWayBothTimesIsSaidOnceWithoutLinesThatNobodySaw() {
    refused(
        List.of(
            "recipe:3: a is wide\nrecipe:12: b has recipe:1: in it",
            "recipe:3: a is wide\nrecipe:12: b has recipe:1: in it"),
        """
        a is wide
        b has recipe:1: in it
        No merge of these is proposed. Models of different architectures or sizes can be used side \
        by side, or put together by rules of your own: docs/compose.md\
        """);
  }

  @Test
  void otherwiseBothAreSaid() {
    refused(
        List.of("recipe:3: the tokens differ", "recipe:4: a has no tokenizer"),
        """
        the tokens differ
        With `tokenizer_source: union`:
        a has no tokenizer
        No merge of these is proposed. Models of different architectures or sizes can be used side \
        by side, or put together by rules of your own: docs/compose.md\
        """);
  }
}
