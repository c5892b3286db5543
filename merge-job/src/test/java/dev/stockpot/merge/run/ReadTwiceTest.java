package dev.stockpot.merge.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.engine.InProcessEngine;
import dev.stockpot.merge.hub.CacheFolder;
import dev.stockpot.merge.hub.FakeHub;
import dev.stockpot.merge.storage.local.LocalStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever streams models from a hub knows what comes over the network twice. */
class ReadTwiceTest {
  private static final List<String> FILES = List.of("model.safetensors", "config.json");

  /** A mebibyte in bfloat16. */
  private static final Shape LARGE = Shape.of(512, 1_024);

  @TempDir private Path folder;
  private final Stockpot stockpot =
      new Stockpot(new GivenEngine(new InProcessEngine(), false, Map.of()), new LocalStore());
  private FakeHub hub;

  @BeforeEach
  void start() throws IOException {
    hub = new FakeHub();
    for (String model : List.of("org/base", "org/a")) {
      Path made = folder.resolve(model);
      SmallModels.write(made, model.hashCode(), List.of(LARGE, LARGE));
      for (String file : FILES) {
        hub.file(model, file, Files.readAllBytes(made.resolve(file)));
      }
    }
  }

  @AfterEach
  void stop() {
    stockpot.close();
    hub.close();
  }

  private List<String> twice(String method, String memory, MergeOptions options) {
    String recipe =
        "merge_method: %s\nbase_model: org/base\nmodels:\n- {model: org/a, parameters: {weight: 1, density: 0.5}}\n"
            .formatted(method);
    PlannedMerge plan =
        stockpot.plan(MergeRecipe.yaml(recipe), options.withSetting("task-memory", memory));
    return plan.notices().stream().filter(notice -> notice.contains("twice")).toList();
  }

  private MergeOptions streamed() {
    return MergeOptions.DEFAULT
        .withSetting("hub-endpoint", hub.endpoint())
        .withSetting("hub-cache", folder.resolve("cache"));
  }

  @Test
  void whatIsLookedAtFirstAndDoesNotFitIsTold() {
    String commits = "hf://org/a@%s, hf://org/base@%s";
    assertThat(twice("ties", "1 MiB", streamed()))
        .containsExactly(
            "4 MiB of %s are read from the hub twice: 2 tensors are looked at before they are merged, and too large for a task with all their inputs. Raise task-memory, or fetch the models first: stockpot fetch"
                .formatted(commits.formatted(hub.commit("org/a"), hub.commit("org/base"))));
  }

  @Test
  void whatFitsIsReadOnce() {
    assertThat(twice("ties", "64 MiB", streamed())).isEmpty();
  }

  @Test
  void whatIsNotLookedAtIsReadOnce() {
    assertThat(twice("task_arithmetic", "1 MiB", streamed())).isEmpty();
  }

  @Test
  void whatLiesOnThisMachineCostsLittle() {
    assertThat(twice("ties", "1 MiB", streamed().withSetting("model-root", folder))).isEmpty();
  }

  @Test
  void whatLiesInTheCacheCostsLittle() throws IOException {
    for (String model : List.of("org/base", "org/a")) {
      CacheFolder cached = new CacheFolder(folder.resolve("cache"), model, hub.commit(model));
      for (String file : FILES) {
        cached.file(file, Files.readAllBytes(folder.resolve(model).resolve(file)));
      }
    }
    Stockpot here =
        new Stockpot(new GivenEngine(new InProcessEngine(), true, Map.of()), new LocalStore());
    PlannedMerge plan =
        here.plan(
            MergeRecipe.yaml(
                "merge_method: slerp\nbase_model: org/base\nmodels: [{model: org/a}]\nparameters: {t: 0.5}\n"),
            streamed().withSetting("task-memory", "1 MiB"));

    assertThat(plan.tensorsScanned()).isEqualTo(2);
    assertThat(Stream.of(plan.notices()).flatMap(List::stream))
        .noneMatch(notice -> notice.contains("twice"));
  }
}
