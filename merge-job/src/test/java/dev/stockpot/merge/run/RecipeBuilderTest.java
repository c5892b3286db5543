package dev.stockpot.merge.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.FailureKind;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.UnknownKeys;
import dev.stockpot.merge.storage.local.LocalStore;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecipeBuilderTest {
  @Test
  void buildsWhatSomebodyWouldWrite() throws IOException {
    MergeRecipe recipe =
        MergeRecipe.by("ties")
            .base("base")
            .model("a", Map.of("weight", List.of(0, 0.5), "density", 0.3))
            .model("b")
            .parameter("weight", 1)
            .parameter("normalize", true)
            .dtype("bfloat16")
            .build();

    assertThat(recipe)
        .hasToString(
            """
            merge_method: "ties"
            base_model: "base"
            dtype: "bfloat16"
            parameters: {normalize: true, weight: 1}
            models:
              - {model: "a", parameters: {density: 0.3, weight: [0, 0.5]}}
              - {model: "b"}
            """);
    Recipe parsed = recipe.read(new LocalStore(), UnknownKeys.NOTICE).ofOneMerge();
    assertThat(parsed.method().name()).isEqualTo("ties");
    assertThat(parsed.base()).hasToString("Optional[base]");
    assertThat(parsed.dtype()).hasValue(DType.BF16);
    assertThat(parsed.text()).isEqualTo(recipe.toString());
  }

  @Test
  void saysWhichTokensAndWhichTemplateTheOutputHas() throws IOException {
    String template = "{% for m in messages %}\n{{ m }}{% endfor %}";
    Recipe recipe =
        MergeRecipe.by("linear")
            .model("a", Map.of("weight", 1))
            .tokenizerSource("models/b")
            .chatTemplate(template)
            .build()
            .read(new LocalStore(), UnknownKeys.NOTICE)
            .ofOneMerge();

    assertThat(recipe.vocabulary().tokenizer().orElseThrow().model().orElseThrow().path())
        .isEqualTo("models/b");
    assertThat(recipe.vocabulary().template().orElseThrow().text()).isEqualTo(template);
  }

  @Test
  void stepsBehindTheMergeKeepTheirOrder() throws IOException {
    Recipe recipe =
        MergeRecipe.by("task_arithmetic")
            .base("base")
            .model("a", Map.of("weight", 1))
            .post("subspace_boosting", Map.of("beta", 0.2))
            .post("svc", Map.of())
            .build()
            .read(new LocalStore(), UnknownKeys.ERROR)
            .ofOneMerge();

    assertThat(recipe.post())
        .extracting(step -> step.step().name())
        .containsExactly("subspace_boosting", "svc");
  }

  @Test
  void pathsMayHaveAnyCharacter() throws IOException {
    String path = "models/a \"b\" \\c: #ä, d";
    Recipe recipe =
        MergeRecipe.by("linear")
            .model(path, Map.of("weight", 1))
            .build()
            .read(new LocalStore(), UnknownKeys.NOTICE)
            .ofOneMerge();

    assertThat(recipe.slices().get(0).sources().get(0).model().path()).isEqualTo(path);
  }

  @Test
  void isCheckedLikeAnyOther() {
    MergeRecipe recipe = MergeRecipe.by("ties").model("a").parameter("wait", 1).build();

    assertThatThrownBy(() -> recipe.read(new LocalStore(), UnknownKeys.NOTICE).ofOneMerge())
        .returns(FailureKind.RECIPE, thrown -> ((UserException) thrown).kind())
        .hasMessageContaining("wait");
  }

  @Test
  void namesStatisticsOfModelsAndOfTheMerge() {
    MergeRecipe recipe =
        MergeRecipe.by("linear")
            .model("a", Map.of("weight", 1), Map.of("fisher_diag", "stats/a"))
            .statistics(Map.of("prior", "stats/p"))
            .build();

    assertThat(recipe)
        .hasToString(
            """
            merge_method: "linear"
            statistics: {prior: "stats/p"}
            models:
              - {model: "a", parameters: {weight: 1}, statistics: {fisher_diag: "stats/a"}}
            """);
    assertThatThrownBy(() -> recipe.read(new LocalStore(), UnknownKeys.NOTICE).ofOneMerge())
        .hasMessageContaining("linear reads no `prior` of the whole merge")
        .hasMessageContaining("linear reads no `fisher_diag` of a model; it reads no statistics");
  }
}
