package dev.stockpot.merge.commit;

import dev.stockpot.kernels.method.Judgement;
import dev.stockpot.kernels.method.Judgement.Verdict;
import dev.stockpot.kernels.method.ParameterValues;
import dev.stockpot.kernels.statistic.Crc32c;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.plan.OutputShard;
import dev.stockpot.merge.plan.PlannedTensor;
import dev.stockpot.merge.plan.SideFolder;
import dev.stockpot.merge.storage.StoredObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a round leaves for the next beside model and state: which round it was, by which rule, from
 * whom, and what it made of each. There is no time in it, so that the same round leaves the same.
 */
final class RoundState {
  /** Where it lies in the output. */
  static final String FILE = "state/state.json";

  private static final int FORMAT = 1;

  private final MergePlan plan;
  private final OutputSums sums;
  private final RoundFacts round;

  private RoundState(MergePlan plan, OutputSums sums, RoundFacts round) {
    this.plan = plan;
    this.sums = sums;
    this.round = round;
  }

  /**
   * The file.
   *
   * @param inputs every model of the recipe
   */
  static JsonObject of(
      MergeFacts facts, RoundFacts round, List<Model> inputs, MergePlan plan, OutputSums sums) {
    return new RoundState(plan, sums, round).json(facts, inputs);
  }

  private JsonObject json(MergeFacts facts, List<Model> inputs) {
    List<OutputShard.Placed> stepped = stepped();
    JsonObject json =
        JsonObject.EMPTY
            .with("format", FORMAT)
            .with("round", round.number())
            .with("strategy", facts.method());
    if (!stepped.isEmpty()) {
      ParameterValues numbers = stepped.get(0).tensor().merge();
      json = json.with("numbers", JsonObject.of(numbers.values()));
    }
    json =
        json.with("model", digits(joined(plan.shards())))
            .with("tensors", stepped.size())
            .with("states", plan.sideFolders().stream().map(this::state).toList())
            .with("parents", List.of(parent()));
    List<JsonObject> clients = stepped.isEmpty() ? List.of() : clients(stepped.get(0), inputs);
    Map<String, Double> carried = round.judgement().map(Judgement::carried).orElse(Map.of());
    json = json.with("clients", clients);
    return carried.isEmpty() ? json : json.with("carried", JsonObject.of(carried));
  }

  /** Tensors that the rule made; others are copies. */
  private List<OutputShard.Placed> stepped() {
    return plan.shards().stream()
        .flatMap(shard -> shard.tensors().stream())
        .filter(placed -> isStepped(placed.tensor()))
        .toList();
  }

  private static boolean isStepped(PlannedTensor tensor) {
    return tensor.work().scan().isPresent() || !tensor.work().sideNames().isEmpty();
  }

  /** CRC-32C of the tensors of the rule, one behind the other. */
  private int joined(List<OutputShard> shards) {
    int joined = 0;
    for (OutputShard shard : shards) {
      for (OutputShard.Placed placed : shard.tensors()) {
        if (isStepped(placed.tensor())) {
          OutputTensor output = placed.tensor().output();
          int crc = sums.crc32c().get(shard.key(output.name()));
          joined = Crc32c.join(joined, crc, placed.bytes().length());
        }
      }
    }
    return joined;
  }

  private JsonObject state(SideFolder side) {
    return JsonObject.EMPTY
        .with("name", side.name())
        .with("checksum", digits(joined(side.shards())));
  }

  private JsonObject parent() {
    JsonObject parent = JsonObject.EMPTY.with("model", round.base());
    if (round.earlier().isPresent()) {
      return parent
          .with("round", round.earlier().get().number())
          .with("checksum", round.earlier().get().model());
    }
    return round
        .judgement()
        .map(found -> parent.with("checksum", digits(found.base())))
        .orElse(parent);
  }

  private List<JsonObject> clients(OutputShard.Placed any, List<Model> inputs) {
    List<Map.Entry<String, ParameterValues>> models = any.tensor().models();
    List<JsonObject> clients = new ArrayList<>();
    if (round.judgement().isPresent()) {
      for (Verdict verdict : round.judgement().get().verdicts()) {
        Map.Entry<String, ParameterValues> model = models.get(verdict.input());
        clients.add(judged(client(model), verdict));
      }
      return clients;
    }
    for (Map.Entry<String, ParameterValues> model : models) {
      JsonObject client = client(model);
      clients.add(
          version(model.getKey(), inputs)
              .map(version -> client.with("version", version))
              .orElse(client)
              .with("accepted", true));
    }
    return clients;
  }

  private static JsonObject client(Map.Entry<String, ParameterValues> model) {
    Map<String, Object> client = new LinkedHashMap<>(Map.of("model", model.getKey()));
    client.putAll(model.getValue().values());
    return JsonObject.of(client);
  }

  private static JsonObject judged(JsonObject client, Verdict verdict) {
    JsonObject all = client.with("checksum", digits(verdict.crc32c()));
    all = with(all, "distance", verdict.distance());
    all = with(all, "score", verdict.score());
    all = with(all, "weight", verdict.weight()).with("accepted", verdict.isAccepted());
    return verdict.isAccepted() ? all : all.with("why", verdict.why());
  }

  /** JSON has no NaN. */
  private static JsonObject with(JsonObject client, String name, double number) {
    return Double.isFinite(number) ? client.with(name, JsonValue.of(number)) : client;
  }

  /**
   * What the store says of its files, where nobody read them twice to find a checksum. Other models
   * may end in its name: all begin with one folder, so the shortest is its own.
   */
  private static Optional<String> version(String model, List<Model> inputs) {
    return inputs.stream()
        .filter(input -> ("/" + input.folder().path()).endsWith("/" + model))
        .min(Comparator.comparingInt(input -> input.folder().path().length()))
        .map(
            input -> String.join(" ", input.shards().stream().map(StoredObject::version).toList()));
  }

  static String digits(int crc32c) {
    return String.format(Locale.ROOT, "%08x", crc32c);
  }
}
