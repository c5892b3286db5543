package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Rounds of a golden case, each with its model and state: the last is the output. */
final class Golden2Rounds {
  private final Golden2Case golden;
  private final List<Path> rounds;

  private Golden2Rounds(Golden2Case golden, List<Path> rounds) {
    this.golden = golden;
    this.rounds = List.copyOf(rounds);
  }

  /** Makes them, and keeps them all. */
  static Golden2Rounds of(Golden2Case golden, Path folder) throws IOException {
    Path last = golden.with("--keep-stages").merge(folder);
    Path before = folder.resolve("out-stages");
    return new Golden2Rounds(golden, List.of(before.resolve("r1"), before.resolve("r2"), last));
  }

  /** Every tensor that the case names is there, and no other. */
  void hold(String prefix, Path folder) throws IOException {
    Tensors expected = golden.expectedTensors(folder);
    for (int round = 1; round <= rounds.size(); round++) {
      String of = "%sround-%s/".formatted(prefix, round);
      Map<String, Path> places = new TreeMap<>();
      for (TensorInfo tensor : expected.checkpoint().tensors().values()) {
        if (tensor.name().startsWith(of)) {
          places.put(tensor.name().substring(of.length()), rounds.get(round - 1));
        }
      }
      assertThat(places).isNotEmpty();
      for (Map.Entry<String, Path> place : places.entrySet()) {
        double[] made = values(place.getKey(), place.getValue());
        golden.tolerance().check(of + place.getKey(), made, expected.values(of + place.getKey()));
      }
    }
  }

  /** Of a model, or, where the name begins with {@code state/KIND/}, of its state. */
  private static double[] values(String name, Path round) throws IOException {
    if (!name.startsWith("state/")) {
      return new Tensors(round).values(name);
    }
    int kind = name.indexOf('/', "state/".length());
    return new Tensors(round.resolve(name.substring(0, kind))).values(name.substring(kind + 1));
  }

  /** Those that were chosen in each round, and the scores of all, are those expected. */
  void choseAsExpected(String key) {
    List<JsonObject> expected = golden.expected().objects("rounds");
    for (int i = 0; i < rounds.size(); i++) {
      JsonObject state = Golden2Case.object(rounds.get(i).resolve("state/state.json"));
      List<String> accepted = new ArrayList<>();
      List<JsonObject> clients = state.objects("clients");
      for (int client = 0; client < clients.size(); client++) {
        double score = clients.get(client).get("score").orElseThrow().number().getAsDouble();
        double wanted = expected.get(i).list("scores").get(client).number().getAsDouble();
        assertThat(score).isCloseTo(wanted, withPercentage(1e-3));
        if (clients.get(client).get("accepted").orElseThrow().flag().orElseThrow()) {
          accepted.add(clients.get(client).text("model"));
        }
      }
      assertThat(accepted)
          .isEqualTo(
              expected.get(i).list(key).stream().map(name -> name.text().orElseThrow()).toList());
    }
  }
}
