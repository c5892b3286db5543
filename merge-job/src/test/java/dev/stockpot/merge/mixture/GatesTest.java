package dev.stockpot.merge.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.Stored;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.plan.ModelHeaders;
import dev.stockpot.merge.recipe.MixtureChoice;
import dev.stockpot.merge.recipe.MixtureChoice.Expert;
import dev.stockpot.merge.recipe.MixtureChoice.GateMode;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.MemoryStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Rows of routers, number by number, of prompts' tokens or of a file. */
class GatesTest {
  private static final int WIDTH = 2;
  private static final float[] EMBEDDING = {3, 4, 0, 1, 1, 0, 0, 0, 5, 5.1f};

  private final MemoryStore store = new MemoryStore();
  private final Problems problems = new Problems("recipe.yml");
  private final List<String> notices = new ArrayList<>();
  private final Map<String, TensorSource> file = new LinkedHashMap<>();
  private final List<List<String>> asked = new ArrayList<>();

  private Stored stored(String name, float[] values, long... shape) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    Location place = new Location("/m/" + name);
    store.write(place, bytes.array());
    return new Stored(
        new TensorInfo(
            name,
            DType.F32,
            Shape.of(shape),
            store.find(place).orElseThrow(),
            new ByteRange(0, bytes.capacity())));
  }

  private DenseModel base() {
    Model model =
        ModelHeaders.named("base")
            .open()
            .with(Map.of(EmbeddedPrompts.EMBEDDING, stored("embedding", EMBEDDING, 5, WIDTH)));
    return new DenseModel("base", model);
  }

  private static Expert expert(String positive, String negative) {
    return new Expert(
        new ModelReference("e", 3),
        positive.isEmpty() ? List.of() : List.of(positive.split(" ", -1)),
        negative.isEmpty() ? List.of() : List.of(negative.split(" ", -1)),
        0,
        1,
        3);
  }

  private static MixtureChoice.Gates gates(GateMode mode, double scale, boolean isCentred) {
    Map<String, List<Integer>> ids =
        Map.of("x", List.of(1, 2), "y", List.of(0), "z", List.of(2), "none", List.of(3));
    return new MixtureChoice.Gates(
        mode, Optional.of(new ModelReference("gates", 2)), scale, isCentred, ids, 2);
  }

  private static MixtureChoice choice(
      MixtureChoice.Gates gates, Optional<Expert> shared, Expert... experts) {
    return new MixtureChoice(List.of(experts), shared, gates, 1, Optional.empty(), false, 3);
  }

  private List<RouterRows> rows(MixtureChoice choice, MixtureKind kind, int layers)
      throws IOException {
    PromptTokens tokenizer =
        (prompts, model, files) -> {
          asked.add(prompts);
          return prompts.stream().map(prompt -> new int[] {4}).toList();
        };
    Model gates = ModelHeaders.named("gates").open().with(file);
    return new Gates(choice, kind, base(), WIDTH, store, problems, notices, 7)
        .of(layers, Optional.of(gates), tokenizer);
  }

  private static void assertRow(RouterRows rows, int row, double... values) {
    assertThat(rows.rows().get(row)).containsExactly(values, within(1e-12));
  }

  /** (0, 1) + (1, 0) has length √2; (3, 4) / 5 less (1, 0) is (-0.4, 0.8), of length √0.8. */
  @Test
  void promptsAreSumsOfTheirTokensOfLengthOneTimesTheScale() throws IOException {
    MixtureChoice choice =
        choice(
            gates(GateMode.CHEAP_EMBED, 2, false),
            Optional.empty(),
            expert("x", ""),
            expert("y", "z"));
    List<RouterRows> rows = rows(choice, MixtureKind.MIXTRAL, 2);
    assertThat(rows).hasSize(2);
    assertThat(rows.get(1)).as("one for all layers").isSameAs(rows.get(0));
    assertRow(rows.get(0), 0, Math.sqrt(2), Math.sqrt(2));
    assertRow(rows.get(0), 1, -0.8 / Math.sqrt(0.8), 1.6 / Math.sqrt(0.8));
    assertThat(asked).as("all tokens are given").isEmpty();
    assertThat(notices).isEmpty();
    assertThat(problems.isEmpty()).isTrue();
  }

  @Test
  void promptsWithoutTokensAreAskedForTogether() throws IOException {
    MixtureChoice choice =
        choice(
            gates(GateMode.CHEAP_EMBED, 1, false),
            Optional.empty(),
            expert("x p", ""),
            expert("y", "q"));
    RouterRows rows = rows(choice, MixtureKind.MIXTRAL, 1).get(0);
    assertThat(asked).containsExactly(List.of("p", "q"));
    double length = Math.hypot(6, 1 + (double) 5.1f + 0);
    assertRow(rows, 0, 6 / length, (1 + (double) 5.1f) / length);
  }

  @Test
  void rowsThatCanHardlyBeToldApartAreTold() throws IOException {
    MixtureChoice choice =
        choice(
            gates(GateMode.CHEAP_EMBED, 1, false),
            Optional.empty(),
            expert("x", ""),
            expert("new", ""));
    rows(choice, MixtureKind.MIXTRAL, 3);
    assertThat(notices)
        .singleElement()
        .asString()
        .startsWith(
            "the router can hardly tell its experts apart: its condition number is 202.0, above"
                + " 5;");
  }

  /** The gate of the shared expert is of length one and nothing else; centring leaves it alone. */
  @Test
  void theGateOfASharedExpertIsTheLastRow() throws IOException {
    MixtureChoice choice =
        choice(
            gates(GateMode.CHEAP_EMBED, 3, true),
            Optional.of(expert("y", "")),
            expert("x", ""),
            expert("z", ""));
    RouterRows rows = rows(choice, MixtureKind.QWEN2, 1).get(0);
    assertThat(rows.rows()).hasSize(3);
    assertRow(rows, 2, 0.6, 0.8);
    double[] first = rows.rows().get(0);
    assertRow(rows, 1, -first[0], -first[1]);
    assertThat(RouterRows.length(first)).isCloseTo(3, within(1e-12));
  }

  @Test
  void anUngatedSharedExpertHasNoRow() throws IOException {
    MixtureChoice choice =
        choice(
            gates(GateMode.CHEAP_EMBED, 1, false),
            Optional.of(expert("", "")),
            expert("x", ""),
            expert("z", ""));
    assertThat(rows(choice, MixtureKind.DEEPSEEK, 1).get(0).rows()).hasSize(2);
  }

  @Test
  void rowsOfAFileAreTakenAsTheyAreTimesTheScale() throws IOException {
    file.put("gate.0", stored("gate.0", new float[] {1, 2, 3, 4}, 2, WIDTH));
    file.put("gate.1", stored("gate.1", new float[] {5, 6, 7, 8}, 2, WIDTH));
    for (int layer = 0; layer < 2; layer++) {
      String name = "shared_gate." + layer;
      file.put(name, stored(name, new float[] {9, layer}, 1, WIDTH));
    }
    MixtureChoice choice =
        choice(
            gates(GateMode.FILE, 2, false),
            Optional.of(expert("", "")),
            expert("", ""),
            expert("", ""));
    List<RouterRows> rows = rows(choice, MixtureKind.QWEN2, 2);
    assertRow(rows.get(0), 1, 6, 8);
    assertRow(rows.get(1), 0, 10, 12);
    assertRow(rows.get(1), 2, 9, 1);
    assertThat(rows(choice, MixtureKind.MIXTRAL, 2).get(1).rows()).hasSize(2);
  }

  @Test
  void statesAreCutByLayerAndMadeOfLengthOne() throws IOException {
    float[] states = {3, 4, 0, 2, 5, 0, 6, 8};
    file.put("gate_hidden", stored("gate_hidden", states, 2, 2, WIDTH));
    MixtureChoice choice =
        choice(gates(GateMode.FILE, 1, false), Optional.empty(), expert("x", ""), expert("y", ""));
    GateFile gates =
        new GateFile("gates", withoutShards(ModelHeaders.named("gates").open()), store);
    List<RouterRows> rows = gates.states(choice, 2, 2, WIDTH);
    assertThat(gates.faults()).isEmpty();
    assertRow(rows.get(0), 1, 0, 2);
    assertRow(rows.get(1), 0, 5, 0);
    assertRow(rows.get(1), 1, 6, 8);
  }

  private Model withoutShards(Model model) {
    return new Model(
        model.folder(),
        file,
        model.config(),
        model.configText(),
        List.of(),
        model.companions(),
        model.surroundings());
  }

  /** Two of them are enough to see what is wrong. */
  @Test
  void whatIsWrongWithAFileIsToldTwiceAtMost() throws IOException {
    file.put("gate.1", stored("gate.1", new float[] {1, 2}, 1, WIDTH));
    file.put("gate.2", stored("gate.2", new float[] {1, 2, 3, Float.POSITIVE_INFINITY}, 2, WIDTH));
    MixtureChoice choice =
        choice(gates(GateMode.FILE, 1, false), Optional.empty(), expert("", ""), expert("", ""));
    assertThat(rows(choice, MixtureKind.MIXTRAL, 3)).isEmpty();
    assertThat(problems.sorted())
        .containsExactly(
            "recipe.yml:2: gates has no gate.0, but gate.1, gate.2; it must be [2, 2]",
            "recipe.yml:2: gate.1 of gates is [1, 2], must be [2, 2]: layers, experts in the"
                + " recipe's order (a gated shared one last), width");
    GateFile gates = new GateFile("gates", ModelHeaders.named("g").open().with(file), store);
    assertThat(gates.rows(2, 2, false, WIDTH)).isEmpty();
    assertThat(gates.faults())
        .containsExactly("gate.2 of gates holds NaN or infinity; make it anew");
  }
}
