package dev.stockpot.merge.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.engine.InProcessEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Merges of the same models by other weights or parameters, in one reading of these. */
class MergesInOneReadTest {
  /** The first is more than a task holds even for one merge by ties, the second only for eight. */
  private static final List<Shape> SHAPES =
      List.of(Shape.of(256, 640), Shape.of(256, 256), Shape.of(64, 96));

  private static final long BYTES = 2L * (256 * 640 + 256 * 256 + 64 * 96);

  private static final String PAPER = " paper";
  private static final MergeOptions OPTIONS =
      MergeOptions.DEFAULT.withSetting("shard-size", 340_000).withSetting("part-size", 65_536);
  private static final MergeOptions LITTLE = OPTIONS.withSetting("task-memory", "1 MiB");

  @TempDir private static Path models;
  @TempDir private Path folder;
  private final ReadLog store = new ReadLog();
  private final Stockpot stockpot =
      new Stockpot(new GivenEngine(new InProcessEngine(), false, Map.of()), store);

  @BeforeAll
  static void writeModels() throws IOException {
    SmallModels.write(models.resolve("base"), 1, SHAPES);
    SmallModels.write(models.resolve("a"), 2, SHAPES);
    SmallModels.write(models.resolve("b"), 3, SHAPES);
  }

  private static String model(String name) {
    return models.resolve(name).toString();
  }

  /** One of several recipes by a method: a word, or {@code ties paper}. */
  private static MergeRecipe recipe(String method, int number) {
    RecipeBuilder recipe = MergeRecipe.by(method.replace(PAPER, ""));
    if (method.endsWith(PAPER)) {
      recipe.parameter("reading", "paper");
    }
    if (method.equals("multi_krum")) {
      recipe.parameter("f", 0).parameter("m", 1 + number % 3).model(model("base"));
    } else if (method.equals("linear")) {
      recipe.model(model("base"), Map.of("weight", 0.1 * (number + 1)));
    } else {
      recipe.base(model("base")).parameter("density", 0.9 - 0.1 * number);
    }
    if (method.equals("multi_krum")) {
      return recipe.model(model("a")).model(model("b")).build();
    }
    return recipe
        .model(model("a"), Map.of("weight", 0.2 + 0.1 * number))
        .model(model("b"), Map.of("weight", 0.7))
        .build();
  }

  private String out(String how, int number) {
    return folder.resolve(how).resolve(Integer.toString(number)).toString();
  }

  private List<Merge> merges(String method, int count) {
    List<Merge> merges = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      merges.add(Merge.of(recipe(method, i), out("together", i)));
    }
    return merges;
  }

  @ParameterizedTest(name = "{0} merges by {1}")
  @CsvSource({
    "1, linear",
    "3, linear",
    "8, linear",
    "1, ties",
    "3, ties",
    "8, ties",
    "3, ties paper",
    "8, ties paper",
    "3, multi_krum",
    "8, multi_krum",
    "3, dare_ties",
    "8, dare_ties"
  })
  void eachHasTheBytesThatItHasAloneAndInputsAreReadAsForOne(int count, String method)
      throws IOException {
    List<MergeOutcome> alone = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      alone.add(stockpot.merge(recipe(method, i), out("alone", i), LITTLE));
    }
    store.forget();
    List<MergeOutcome> together = stockpot.mergeAll(merges(method, count), LITTLE);

    assertThat(together).hasSize(count);
    long written = 0;
    for (int i = 0; i < count; i++) {
      assertThat(MergedFiles.checksums(Path.of(out("together", i))))
          .as("merge %s", i)
          .isEqualTo(MergedFiles.checksums(Path.of(out("alone", i))));
      assertThat(together.get(i).folder()).isEqualTo(out("together", i));
      written += alone.get(i).totals().times().bytesWritten();
    }
    assertThat(together.get(0).totals().times().bytesWritten()).isEqualTo(written);
    // eight merges look at the second tensor by itself, which one holds: once or more beside the
    // making
    long looks = looks(method);
    assertThat(together.get(0).totals().times().bytesRead())
        .isBetween(alone.get(0).totals().times().bytesRead(), looks * 3 * BYTES);
    assertThat(store.most(BYTES).values()).hasSize(3).allMatch(most -> most <= looks);
  }

  /** How often one merge reads what it reads most often. */
  private int looks(String method) {
    ReadLog log = new ReadLog();
    try (Stockpot again =
        new Stockpot(new GivenEngine(new InProcessEngine(), false, Map.of()), log)) {
      again.merge(recipe(method, 0), folder.resolve("again").toString(), LITTLE.overwriting());
    }
    return log.most(BYTES).values().stream().mapToInt(most -> most).max().orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({"linear", "ties", "dare_ties"})
  void everyByteOfTheInputsIsReadOnceForEightMerges(String method) {
    List<MergeOutcome> outcomes = stockpot.mergeAll(merges(method, 8), OPTIONS);
    assertThat(outcomes.get(7).totals().times().bytesRead()).isEqualTo(3 * BYTES);
    assertThat(store.most(BYTES))
        .hasSize(3)
        .allSatisfy((shard, most) -> assertThat(most).as(shard).isEqualTo(1));
  }

  @Test
  void mergesOfOtherModelsAreMadeInOneReadingOfAllOfThem() throws IOException {
    List<List<String>> ingredients =
        List.of(List.of("base", "a"), List.of("b"), List.of("b", "a"), List.of("a", "b", "base"));
    List<Merge> merges = new ArrayList<>();
    for (List<String> models : ingredients) {
      RecipeBuilder recipe = MergeRecipe.by("linear");
      models.forEach(name -> recipe.model(model(name), Map.of("weight", 0.3 + merges.size())));
      merges.add(Merge.of(recipe.build(), out("together", merges.size())));
    }
    for (MergeOptions options : List.of(OPTIONS, LITTLE.overwriting())) {
      store.forget();
      stockpot.mergeAll(merges, options);
      assertThat(store.most(BYTES)).hasSize(3).allSatisfy((s, most) -> assertThat(most).isOne());
      for (int i = 0; i < merges.size(); i++) {
        stockpot.merge(merges.get(i).recipe(), out("alone", i), OPTIONS.overwriting());
        assertThat(MergedFiles.checksums(Path.of(out("together", i))))
            .as("merge %s", i)
            .isEqualTo(MergedFiles.checksums(Path.of(out("alone", i))));
      }
    }
  }

  @Test
  void asManyAsTheMemoryOfATaskHoldsAreMadeWithinItAndNotOneMore() {
    MergeOptions wide = LITTLE.withDtype("float64");
    // 4096 elements of three inputs in bfloat16 and of 31 outputs are 24 + 31 * 32 = 1016 KiB
    assertThat(stockpot.mergeAll(merges("linear", 31), wide)).hasSize(31);
    assertThat(store.most(BYTES).values()).containsOnly(1);

    assertThatThrownBy(() -> stockpot.mergeAll(merges("linear", 32), wide.overwriting()))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "32 merges at once take 1073152 bytes of a task for model.layers.0.mlp.weight, more than"
                + " its 1048576. Raise task-memory, or make fewer at once");
  }

  @Test
  void whatATaskHoldsOfPartsThatAreUploadedIsThatOfAllMerges() {
    List<PlannedMerge> plans = new ArrayList<>();
    MergeListener planned =
        new MergeListener() {
          @Override
          public void planned(PlannedMerge plan) {
            plans.add(plan);
          }
        };
    stockpot.mergeAll(merges("linear", 1).stream().map(m -> m.toldTo(planned)).toList(), OPTIONS);
    stockpot.mergeAll(
        merges("linear", 3).stream().map(m -> m.toldTo(planned)).toList(), OPTIONS.overwriting());
    assertThat(plans).hasSize(4);
    assertThat(plans.get(3).partMemory()).isEqualTo(3 * plans.get(0).partMemory());
    assertThat(plans.get(3).taskMemory()).isEqualTo(plans.get(0).taskMemory());
  }

  @Test
  void noMergesAreMadeAtOnce() {
    assertThat(stockpot.mergeAll(List.of())).isEmpty();
  }
}
