package dev.stockpot.merge.commit;

import static dev.stockpot.kernels.random.Rounding.Mode.NEAREST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.method.Judgement;
import dev.stockpot.kernels.method.Judgement.Verdict;
import dev.stockpot.kernels.methods.MergeMethods;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonStyle;
import dev.stockpot.merge.json.JsonWriter;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.plan.MergePlanner;
import dev.stockpot.merge.plan.ModelHeaders;
import dev.stockpot.merge.plan.OutputShard;
import dev.stockpot.merge.plan.PlanSettings;
import dev.stockpot.merge.recipe.MissingTensors;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.RecipeParser;
import dev.stockpot.merge.safetensors.SafetensorsLayout;
import dev.stockpot.merge.statistics.StatisticsCheckpoint;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.StoredObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a round writes down for the next: which it was, of what, and what became of each client. */
class RoundStateTest {
  private static final String CLIENTS =
      """
      round: {strategy: fedadam, number: 1, eta: 0.5}
      base_model: server
      models:
        - {model: b, parameters: {examples: 2}}
        - {model: a, parameters: {examples: 1}}
      """;
  private static final String AVERAGE =
      """
      round: {strategy: ema, number: 2, decay: 0.5}
      base_model: ema/night
      models:
        - model: night
      """;

  private static ModelHeaders headers(String name) {
    return ModelHeaders.named(name).tensor("w", DType.F32, 2, 3).tensor("v", DType.F32, 5);
  }

  /** A planned round of models that are there as headers only, in shards of a tensor each. */
  private record Planned(MergePlan plan, List<Model> inputs) {
    static Planned of(String text, String... models) {
      Map<ModelReference, Model> opened = new LinkedHashMap<>();
      for (String name : models) {
        opened.put(new ModelReference(name, 0), headers(name).open());
      }
      Recipe recipe = new RecipeParser(MergeMethods.all()).parse("recipe.yml", text);
      Map<ModelReference, StatisticsCheckpoint> states = new LinkedHashMap<>();
      for (ModelReference state : recipe.statistics().values()) {
        states.put(state, StatisticsCheckpoint.of(headers(state.path()).open()));
      }
      PlanSettings settings =
          new PlanSettings(24, 1 << 20, 1 << 20, MissingTensors.FAIL, SafetensorsLayout.CHECKPOINT);
      MergePlan plan =
          MergePlanner.plan(
              recipe,
              opened,
              states,
              new Problems(recipe.source()),
              settings,
              Optional.empty(),
              NEAREST,
              7);
      return new Planned(plan, List.copyOf(opened.values()));
    }

    JsonObject state(String strategy, RoundFacts round, OutputSums sums) {
      return RoundState.of(
          new MergeFacts("", strategy, 7, NEAREST, Map.of()), round, inputs, plan, sums);
    }

    /** With any checksums. */
    JsonObject state(RoundFacts round) {
      Map<String, Integer> checksums = new HashMap<>();
      placed().forEach((key, bytes) -> checksums.put(key, bytes));
      return state("fedadam", round, new OutputSums(checksums, Map.of()));
    }

    /** The bytes that each tensor has. */
    Map<String, Integer> placed() {
      Map<String, Integer> placed = new LinkedHashMap<>();
      for (OutputShard shard : plan.files()) {
        shard
            .tensors()
            .forEach(
                tensor ->
                    placed.put(
                        shard.key(tensor.tensor().output().name()), (int) tensor.bytes().length()));
      }
      return placed;
    }
  }

  private static RoundFacts first(Optional<Judgement> found) {
    return new RoundFacts(1, "server", Optional.empty(), found);
  }

  private static String text(JsonObject json) {
    return JsonWriter.text(JsonStyle.COMPACT, json);
  }

  @Test
  void saysWhichRoundItWasAndWithWhichNumbers() {
    JsonObject state = Planned.of(CLIENTS, "server", "b", "a").state(first(Optional.empty()));
    assertThat(state.fields().keySet())
        .containsExactly(
            "format",
            "round",
            "strategy",
            "numbers",
            "model",
            "tensors",
            "states",
            "parents",
            "clients");
    assertThat(state.whole("format", 0)).isEqualTo(1);
    assertThat(state.whole("round", 0)).isEqualTo(1);
    assertThat(state.text("strategy")).isEqualTo("fedadam");
    assertThat(state.whole("tensors", 0)).isEqualTo(2);
    JsonObject numbers = state.object("numbers").orElseThrow();
    assertThat(numbers.get("eta").orElseThrow().number()).hasValue(0.5);
    assertThat(numbers.get("beta2").orElseThrow().number()).hasValue(0.99);
    assertThat(text(state.objects("parents").get(0))).isEqualTo("{\"model\":\"server\"}");
  }

  @Test
  void aChecksumIsThatOfAllTensorsOneBehindTheOther() {
    Planned planned = Planned.of(CLIENTS, "server", "b", "a");
    Random random = new Random(5);
    Map<String, Integer> checksums = new HashMap<>();
    Map<String, CRC32C> joined = new HashMap<>();
    planned
        .placed()
        .forEach(
            (key, size) -> {
              byte[] bytes = new byte[size];
              random.nextBytes(bytes);
              CRC32C alone = new CRC32C();
              alone.update(bytes);
              checksums.put(key, (int) alone.getValue());
              String folder = key.substring(0, key.lastIndexOf('/') + 1);
              joined.computeIfAbsent(folder, any -> new CRC32C()).update(bytes);
            });
    JsonObject state =
        planned.state("fedadam", first(Optional.empty()), new OutputSums(checksums, Map.of()));
    assertThat(state.text("model")).isEqualTo("%08x".formatted(joined.get("").getValue()));
    assertThat(state.objects("states"))
        .extracting(RoundStateTest::text)
        .containsExactly(
            "{\"name\":\"m\",\"checksum\":\"%08x\"}".formatted(joined.get("state/m/").getValue()),
            "{\"name\":\"v\",\"checksum\":\"%08x\"}".formatted(joined.get("state/v/").getValue()));
  }

  @Test
  void eachClientHasItsChecksumAndWhatBecameOfIt() {
    Judgement found =
        new Judgement(
            0xABCDEF,
            List.of(),
            List.of(
                new Verdict(0, 17, 0.25, Double.NaN, 0.75, ""),
                new Verdict(1, -1, Double.POSITIVE_INFINITY, 3, 0, "it is far away")),
            Map.of("clip", 0.125));
    JsonObject state = Planned.of(CLIENTS, "server", "b", "a").state(first(Optional.of(found)));
    List<JsonObject> clients = state.objects("clients");
    assertThat(clients).extracting(client -> client.text("model")).containsExactly("a", "b");
    assertThat(text(clients.get(0).without("staleness").without("update")))
        .isEqualTo(
            "{\"model\":\"a\",\"examples\":1.0,\"checksum\":\"00000011\",\"distance\":0.25,"
                + "\"weight\":0.75,\"accepted\":true}");
    assertThat(text(clients.get(1).without("staleness").without("update")))
        .isEqualTo(
            "{\"model\":\"b\",\"examples\":2.0,\"checksum\":\"ffffffff\",\"score\":3.0,"
                + "\"weight\":0.0,\"accepted\":false,\"why\":\"it is far away\"}");
    assertThat(text(state.object("carried").orElseThrow())).isEqualTo("{\"clip\":0.125}");
    assertThat(text(state.objects("parents").get(0)))
        .isEqualTo("{\"model\":\"server\",\"checksum\":\"00abcdef\"}");
  }

  @Test
  void itsParentIsTheRoundBeforeWithTheChecksumThatThisLeft() {
    JsonObject before = JsonObject.EMPTY.with("round", 6).with("model", "0000002a");
    EarlierRound earlier = new EarlierRound(new Location("/rounds/6"), before);
    Judgement found = new Judgement(1, List.of(), List.of(), Map.of());
    JsonObject state =
        Planned.of(CLIENTS, "server", "b", "a")
            .state(new RoundFacts(7, "rounds/6", Optional.of(earlier), Optional.of(found)));
    assertThat(text(state.objects("parents").get(0)))
        .isEqualTo("{\"model\":\"rounds/6\",\"round\":6,\"checksum\":\"0000002a\"}");
  }

  /** Whoever looks at no client knows of each what the store says of its files. */
  @ParameterizedTest
  @ValueSource(strings = {"night ema/night", "ema/night night"})
  void modelsThatNobodyLookedAtHaveTheVersionOfTheirFiles(String order) {
    Planned planned = Planned.of(AVERAGE, order.split(" ", -1));
    List<Model> inputs = new ArrayList<>();
    for (Model model : planned.inputs()) {
      inputs.add(versioned(model));
    }
    JsonObject state =
        new Planned(planned.plan(), inputs)
            .state(new RoundFacts(2, "ema/night", Optional.empty(), Optional.empty()));
    assertThat(state.objects("clients"))
        .extracting(RoundStateTest::text)
        .containsExactly("{\"model\":\"night\",\"version\":\"of night\",\"accepted\":true}");
  }

  /** A model whose file has a version of its own. */
  private static Model versioned(Model model) {
    return new Model(
        model.folder(),
        model.tensors(),
        model.config(),
        model.configText(),
        model.shards().stream()
            .map(
                file ->
                    new StoredObject(file.location(), file.size(), "of " + model.folder().path()))
            .toList(),
        model.companions(),
        model.surroundings());
  }

  @Test
  void theSameRoundLeavesTheSameWords() {
    Planned planned = Planned.of(CLIENTS, "server", "b", "a");
    assertThat(text(Planned.of(CLIENTS, "server", "b", "a").state(first(Optional.empty()))))
        .isEqualTo(text(planned.state(first(Optional.empty()))));
  }
}
