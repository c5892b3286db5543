package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.safetensors.SafetensorsLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Statistics that are none of a model are refused in the plan. */
class StatisticsFaultsTest extends StatisticsCases {
  @ParameterizedTest
  @CsvSource({
    "NaN,  0, 'element 0 of model.layers.0.mlp.up_proj.gram is NaN. Compute it again'",
    "-1,   3, 'element 3 of model.layers.0.mlp.up_proj.gram is -1.0, but is a sum of squares'",
  })
  void brokenNumbersAreNamed(float value, int place, String message) throws IOException {
    float[] gram = IDENTITY.clone();
    gram[place] = value;
    empty("a")
        .matrix(UP + ".gram", gram, 2, 2)
        .tensor(UP + ".count", DType.I64, count(1), 1)
        .write();
    refused(RECIPE, "recipe.yml:4: stats-a (`gram`): " + message);
  }

  @Test
  void whatIsOffTheDiagonalMayBeNegative() throws IOException {
    empty("a")
        .matrix(UP + ".gram", new float[] {2, -1, -1, 2}, 2, 2)
        .tensor(UP + ".count", DType.I64, count(1), 1)
        .write();
    run("plan", RECIPE).succeeds();
    empty("a")
        .floats(UP + ".gram_upper", 2, -1, -1)
        .tensor(UP + ".count", DType.I64, count(1), 1)
        .write();
    refused(RECIPE, "element 2 of " + UP + ".gram_upper is -1.0, but is a sum of squares");
  }

  @Test
  void countsOfNothingAreNamed() throws IOException {
    empty("a")
        .matrix(UP + ".gram", IDENTITY, 2, 2)
        .tensor(UP + ".count", DType.I64, count(0), 1)
        .write();
    refused(RECIPE, UP + ".count is 0.0, must be one number above 0. Compute it again");
    empty("a").matrix(UP + ".gram", IDENTITY, 2, 2).write();
    refused(
        RECIPE,
        "`gram` has no count of its samples, which the mean of a sum needs;"
            + " write it beside as MODULE.count");
  }

  @Test
  void otherKindsAreNamed() throws IOException {
    grams("a").metadata("kind", "fisher_diag").write();
    refused(RECIPE, "recipe.yml:4: stats-a says that it is `fisher_diag`, and not `gram`");
    grams("a").metadata("normalised", "total").write();
    refused(RECIPE, "its metadata say normalised is 'total', must be mean or sum");
  }

  @Test
  void otherWeightsThanThoseOfTheStatisticsAreTold() throws Exception {
    String mine = digest(folder.resolve("a/model.safetensors"));
    grams("a").metadata("model_sha256", mine).write();
    run("plan", RECIPE).succeeds();

    grams("a").metadata("model_sha256", "0".repeat(64)).write();
    refused(
        RECIPE,
        "recipe.yml:4: stats-a (`gram`): it was made of other weights than a: their SHA-256 was "
            + "0".repeat(64)
            + ", and is "
            + mine
            + ". Compute it again");
  }

  @Test
  void statisticsThatDoNotSayOfWhichWeightsTheyAreAreTold() throws Exception {
    String told = "does not say of which weights it is (model_sha256): that they are those of ";
    assertThat(run("plan", RECIPE).succeeds().out())
        .contains("stats-a (`gram`): it " + told + "a is for you to know")
        .contains("stats-b (`gram`): it " + told + "b is for you to know");

    for (String of : new String[] {"a", "b"}) {
      grams(of).metadata("model_sha256", digest(folder.resolve(of + "/model.safetensors"))).write();
    }
    assertThat(run("plan", RECIPE).succeeds().out()).doesNotContain("model_sha256");
  }

  @Test
  void severalFilesHaveTheDigestOfWhatSha256sumPrints() throws Exception {
    Path model = folder.resolve("c");
    ModelFolder.at(model)
        .file("config.json", "{\"model_type\": \"llama\", \"num_hidden_layers\": 1}")
        .matrix(UP + ".weight", IDENTITY, 2, 2)
        .matrix(GATE + ".weight", IDENTITY, 2, 2)
        .matrix("model.embed_tokens.weight", new float[] {1, 1}, 1, 2)
        .floats("model.norm.weight", 1, 1)
        .write(SafetensorsLayout.CHECKPOINT, 2);
    StringBuilder printed = new StringBuilder();
    for (int i = 1; i <= 2; i++) {
      String name = SafetensorsLayout.CHECKPOINT.file(i, 2);
      printed.append(digest(model.resolve(name))).append("  ").append(name).append("\n");
    }
    Path lines = Files.writeString(folder.resolve("lines"), printed);
    grams("a").metadata("model_sha256", digest(lines)).write();

    run("plan", RECIPE.replace("model: a", "model: c")).succeeds();
    refused(RECIPE, "it was made of other weights than a");
  }

  @Test
  void fisherInformationIsLookedAtToo() throws IOException {
    String recipe = RECIPE.replace("regmean", "fisher").replace("gram", "fisher_diag");
    for (String name : new String[] {"a", "b"}) {
      ModelFolder.at(folder.resolve("stats-" + name))
          .metadata("kind", "adam_v")
          .filled(UP + ".weight.exp_avg_sq", 1e-14f, 2, 2)
          .filled(GATE + ".weight", name.equals("a") ? 1e-14f : 0, 2, 2)
          .filled("model.embed_tokens.weight", 1e-14f, 1, 2)
          .filled("model.norm.weight", 0, 2)
          .write();
    }
    run("merge", recipe).succeeds();
    Tensors made = new Tensors(folder.resolve("out"));
    assertThat(made.values(GATE + ".weight")).containsExactly(1, 0, 0, 1);
    assertThat(made.values("model.norm.weight")).containsExactly(2, 2);

    ModelFolder.at(folder.resolve("stats-a")).filled(UP + ".weight", -1, 2, 2).write();
    refused(recipe, "element 0 of " + UP + ".weight is -1.0, but is a sum of squares");
    refused(recipe, "stats-a (`fisher_diag`) lacks 3 tensors of the models: ");
  }
}
