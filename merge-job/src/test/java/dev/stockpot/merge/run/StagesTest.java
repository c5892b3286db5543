package dev.stockpot.merge.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.engine.InProcessEngine;
import dev.stockpot.merge.storage.local.LocalStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Stages of one recipe are what merges one after the other would be, without being written. */
class StagesTest {
  private static final List<String> MODELS = List.of("base", "a", "b", "c");
  private static final List<String> FILES = List.of("model.safetensors", "config.json");

  private static final String TIES =
      """
      merge_method: ties
      base_model: base
      models:
      - {model: a, parameters: {weight: 1, density: 0.5}}
      - {model: b, parameters: {weight: 0.5, density: 0.3}}
      """;
  private static final String SLERP =
      """
      merge_method: slerp
      base_model: t
      models: [{model: c}]
      parameters: {t: 0.3}
      """;
  private static final String DARE =
      """
      merge_method: dare_ties
      base_model: base
      models:
      - {model: s, parameters: {weight: 1, density: 0.6}}
      - {model: a, parameters: {weight: 0.5, density: 0.6}}
      """;
  private static final String CHAIN =
      "name: t\n" + TIES + "---\nname: s\n" + SLERP + "---\n" + DARE;

  @TempDir private static Path models;
  @TempDir private static Path oneByOne;
  @TempDir private Path folder;

  private static Stockpot stockpot;

  @BeforeAll
  static void mergeStageByStage() throws IOException {
    stockpot = Merging.through(new LocalStore());
    for (String model : MODELS) {
      SmallModels.write(models.resolve(model), model.hashCode());
      SmallModels.write(oneByOne.resolve(model), model.hashCode());
    }
    for (Map.Entry<String, String> stage :
        List.of(Map.entry("t", TIES), Map.entry("s", SLERP), Map.entry("last", DARE))) {
      stockpot.merge(
          MergeRecipe.yaml(stage.getValue()),
          oneByOne.resolve(stage.getKey()).toString(),
          options(oneByOne));
    }
  }

  @AfterAll
  static void close() {
    stockpot.close();
  }

  private static MergeOptions options(Path root) {
    return MergeOptions.DEFAULT
        .withSetting("model-root", root)
        .withSetting("report", false)
        .withSetting("seed", 7)
        .overwriting();
  }

  private Path merged(String recipe, MergeOptions options) {
    Path out = folder.resolve("out");
    stockpot.merge(MergeRecipe.yaml(recipe), out.toString(), options);
    return out;
  }

  private static void assertSame(Path out, Path expected) throws IOException {
    for (String file : FILES) {
      assertThat(out.resolve(file)).as(file).hasSameBinaryContentAs(expected.resolve(file));
    }
  }

  @ParameterizedTest
  @CsvSource({"64MiB, 4096, scalar, 1", "1, 8192, auto, 3", "5000, 4096, scalar, 2"})
  void threeInARowHaveTheBytesOfMergesOneAfterTheOther(
      String part, int chunk, String provider, int tasks) throws IOException {
    MergeOptions options =
        options(models)
            .withSetting("part-size", part)
            .withSetting("chunk-elements", chunk)
            .withSetting("tasks", tasks)
            .withSetting("provider", provider);

    assertSame(merged(CHAIN, options), oneByOne.resolve("last"));
    assertThat(folder.resolve("out-stages")).doesNotExist();
  }

  @Test
  void eachInputIsReadOnce() throws IOException {
    ReadLog store = new ReadLog();
    try (Stockpot reading =
        new Stockpot(new GivenEngine(new InProcessEngine(), false, Map.of()), store)) {
      reading.merge(MergeRecipe.yaml(CHAIN), folder.resolve("out").toString(), options(models));
    }

    Map<String, Integer> once = new HashMap<>();
    MODELS.forEach(
        model -> once.put(models.resolve(model).resolve("model.safetensors").toString(), 1));
    assertThat(store.most(SmallModels.BYTES)).isEqualTo(once);
  }

  @Test
  void thePlanTellsOfStagesAndReadsEachInputOnce() {
    PlannedMerge plan = stockpot.plan(MergeRecipe.yaml(CHAIN), options(models));

    assertThat(plan.stages())
        .containsExactly(
            stage("t", "ties", SmallModels.BYTES), stage("s", "slerp", SmallModels.BYTES));
    assertThat(plan.bytesRead()).isEqualTo(MODELS.size() * SmallModels.BYTES);
    assertThat(plan.models())
        .extracting(model -> Path.of(model.folder()).getFileName().toString())
        .containsExactly("a", "b", "base", "c");
  }

  private static PlannedMerge.Stage stage(String name, String method, long bytes) {
    return new PlannedMerge.Stage(
        name,
        method,
        SmallModels.TENSORS,
        bytes + 224, // of a header
        Optional.empty());
  }

  @Test
  void exactStagesAreNotRounded() throws IOException {
    String chain =
        """
        name: x
        merge_method: linear
        models:
        - {model: a, parameters: {weight: 0.3}}
        - {model: b, parameters: {weight: 0.7}}
        ---
        merge_method: linear
        models:
        - {model: x, parameters: {weight: 1}}
        dtype: bfloat16
        """;
    String once =
        """
        merge_method: linear
        models:
        - {model: a, parameters: {weight: 0.3}}
        - {model: b, parameters: {weight: 0.7}}
        dtype: bfloat16
        """;
    String float32 = once.replace("bfloat16", "float32");
    Path inOne = merged(once, options(models));
    byte[] rounded = Files.readAllBytes(inOne.resolve("model.safetensors"));

    Path exact = merged(chain + "stages: exact\n", options(models));
    assertThat(Files.readAllBytes(exact.resolve("model.safetensors"))).isEqualTo(rounded);

    Path wide = merged(chain.replace("dtype: bfloat16", "dtype: float32"), options(models));
    byte[] stored = Files.readAllBytes(wide.resolve("model.safetensors"));
    Path whole = merged(float32, options(models));
    assertThat(Files.readAllBytes(whole.resolve("model.safetensors"))).isNotEqualTo(stored);
    Path exactWide =
        merged(
            chain.replace("dtype: bfloat16", "dtype: float32") + "stages: exact\n",
            options(models));
    assertThat(exactWide.resolve("model.safetensors"))
        .hasSameBinaryContentAs(merged(float32, options(models)).resolve("model.safetensors"));
  }

  @Test
  void exactStagesNeedATypeOfTheResult() {
    assertThatThrownBy(() -> merged(CHAIN + "stages: exact\n", options(models)))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "recipe: with `stages: exact` stages are float32, so the type of the result is not"
                + " theirs; give the merge that is written last a `dtype`");
  }

  @Test
  void aStageThatIsCalledLikeAFolderIsRefused() {
    String recipe =
        CHAIN
            .replace("name: s\n", "name: c\n")
            .replace("{model: c}", "{model: b}")
            .replace("{model: s,", "{model: c,");

    assertThatThrownBy(() -> merged(recipe, options(models)))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("stage `c` is called like")
        .hasMessageContaining("which exists; rename the stage");
  }

  @Test
  void problemsOfAStageAreThoseOfTheRecipe() {
    String recipe = CHAIN.replace("model: b", "model: nowhere");

    assertThatThrownBy(() -> merged(recipe, options(models)))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("nowhere");
  }

  @Test
  void noticesSayWhichStageTheyAreOf() {
    List<String> notices = new ArrayList<>();
    stockpot.merge(
        MergeRecipe.yaml(CHAIN.replace("density: 0.5", "density: 0.5, gamma: 0.1")),
        folder.resolve("out").toString(),
        options(models),
        new MergeListener() {
          @Override
          public void noticed(String notice) {
            notices.add(notice);
          }
        });

    assertThat(notices)
        .anySatisfy(notice -> assertThat(notice).contains("`gamma` has no effect here"));
  }

  @Test
  void aMergeWithStagesIsResumedAndVerified() throws IOException {
    Path out = folder.resolve("out");
    MergeOptions resuming =
        MergeOptions.DEFAULT.withSetting("model-root", models).withSetting("seed", 7).resuming();
    MergeOutcome first = stockpot.merge(MergeRecipe.yaml(CHAIN), out.toString(), resuming);
    MergeOutcome again = stockpot.merge(MergeRecipe.yaml(CHAIN), out.toString(), resuming);

    assertThat(first.alreadyThere()).isFalse();
    assertThat(again.alreadyThere()).isTrue();
    assertThat(stockpot.verify(out.toString()).isIntact()).isTrue();
    assertThat(out.resolve("report/report.html")).exists();
    assertThat(Files.readString(out.resolve("stockpot-manifest.json")))
        .contains("name: t\\nmerge_method: ties")
        .contains(models.resolve("c").toString());
    assertThatThrownBy(
            () ->
                stockpot.merge(
                    MergeRecipe.yaml(CHAIN.replace("density: 0.3", "density: 0.4")),
                    out.toString(),
                    resuming))
        .isInstanceOf(UserException.class);
  }

  @Test
  void twoMergesThatTakeTheSameStagesAreMadeInOneReading() throws IOException {
    ReadLog store = new ReadLog();
    String other =
        CHAIN.replace(
            "{model: a, parameters: {weight: 0.5, density: 0.6}}",
            "{model: a, parameters: {weight: 0.9, density: 0.6}}");
    try (Stockpot reading =
        new Stockpot(new GivenEngine(new InProcessEngine(), false, Map.of()), store)) {
      reading.mergeAll(
          List.of(
              Merge.of(MergeRecipe.yaml(CHAIN), folder.resolve("one").toString()),
              Merge.of(MergeRecipe.yaml(other), folder.resolve("other").toString())),
          options(models));
    }

    assertThat(store.most(SmallModels.BYTES).values()).containsOnly(1);
    assertSame(folder.resolve("one"), oneByOne.resolve("last"));
    assertSame(folder.resolve("other"), merged(other, options(models)));
  }
}
