package dev.stockpot.merge.align;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.methods.matching.Heads;
import dev.stockpot.kernels.methods.matching.UnitMoves;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.run.Merging;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A model and a copy of it whose heads are turned, and stand elsewhere. */
class TurnedCopyTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama", "mistral", "qwen2", "qwen3", "gemma2", "bert", "vit", "gpt2", "t5", "whisper",
        "mixtral"
      })
  void itsMergeWithTheModelIsTheModel(String kind) throws IOException {
    TinyModel model = TinyModel.of(kind, 1);
    Model there = model.write(folder.resolve("model"));
    turned(model, SpecCatalog.of("model", there)).write(folder.resolve("turned"));
    merged("permuted");
    assertThat(farthest()).isGreaterThan(0.1);
    merged("turned");
    assertThat(farthest()).isLessThan(2e-6);
  }

  @Test
  void alsoByPlainLoopsToTheBit() throws IOException {
    TinyModel model = TinyModel.of("qwen2", 1);
    Model there = model.write(folder.resolve("model"));
    turned(model, SpecCatalog.of("model", there)).write(folder.resolve("turned"));
    merged("turned");
    Map<String, ByteBuffer> lanes = TinyModel.bytes(folder.resolve("out"));
    Merging.here(
        folder.resolve("recipe.yml"),
        folder.resolve("out"),
        Map.of("report", "false", "provider", "scalar"));
    assertThat(TinyModel.bytes(folder.resolve("out"))).isEqualTo(lanes);
  }

  /** Keys under RoPE turn in pairs, those of T5 freely, those with norms not at all. */
  @ParameterizedTest
  @CsvSource({
    "llama,TURN_IN_PAIRS",
    "qwen2,TURN_IN_PAIRS",
    "mixtral,TURN_IN_PAIRS",
    "qwen3,STAY",
    "gemma3,STAY",
    "qwen3_moe,STAY",
    "bert,TURN",
    "gpt2,TURN",
    "t5,TURN"
  })
  void keysTurnAsPositionsAndNormsAllow(String kind, UnitMoves keys) throws IOException {
    ModelUnits units =
        SpecCatalog.of("model", TinyModel.of(kind, 1).write(folder.resolve("model")));
    assertThat(heads(units)).isNotEmpty().allSatisfy(it -> assertThat(it.keys()).isEqualTo(keys));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\"partial_rotary_factor\": 0.5", "\"rope_parameters\": {\"rotary_pct\": 0.25}"})
  void keysOfWhichPositionsTurnAPartStay(String partial) throws IOException {
    TinyModel model = TinyModel.of("llama", 1);
    TinyModel part =
        new TinyModel(
            model.config().replace("{", "{%s, ".formatted(partial)),
            model.tensors(),
            model.numbers());
    ModelUnits units = SpecCatalog.of("model", part.write(folder.resolve("model")));
    assertThat(heads(units))
        .isNotEmpty()
        .allSatisfy(it -> assertThat(it.keys()).isEqualTo(UnitMoves.STAY));
  }

  private static List<Heads> heads(ModelUnits units) {
    return units.groups().values().stream().flatMap(group -> group.turned().stream()).toList();
  }

  private void merged(String heads) throws IOException {
    Path recipe =
        Files.writeString(
            folder.resolve("recipe.yml"),
            """
            merge_method: linear
            models:
              - model: %s
                parameters: {weight: 0.5}
              - model: %s
                align: {to: %s, heads: %s}
                parameters: {weight: 0.5}
            """
                .formatted(
                    folder.resolve("model"),
                    folder.resolve("turned"),
                    folder.resolve("model"),
                    heads));
    Merging.here(recipe, folder.resolve("out"), Map.of("report", "false"));
  }

  /** The largest difference between any element of what was merged and of the model. */
  private double farthest() throws IOException {
    Map<String, ByteBuffer> model = TinyModel.bytes(folder.resolve("model"));
    Map<String, ByteBuffer> merged = TinyModel.bytes(folder.resolve("out"));
    double farthest = 0;
    for (Map.Entry<String, ByteBuffer> tensor : model.entrySet()) {
      ByteBuffer ours = tensor.getValue().order(ByteOrder.LITTLE_ENDIAN);
      ByteBuffer theirs = merged.get(tensor.getKey()).order(ByteOrder.LITTLE_ENDIAN);
      while (ours.remaining() >= Float.BYTES) {
        farthest = Math.max(farthest, Math.abs(ours.getFloat() - theirs.getFloat()));
      }
    }
    return farthest;
  }

  /** Groups of heads the other way round where they may move, and each turned. */
  private static TinyModel turned(TinyModel model, ModelUnits units) {
    Random random = new Random(5);
    Map<String, List<double[][]>> turns = new LinkedHashMap<>(); // of keys, then of values
    units
        .groups()
        .forEach(
            (name, group) ->
                group.turned().ifPresent(heads -> turns.put(name, drawn(heads, random))));
    assertThat(turns).isNotEmpty();
    Map<String, double[]> numbers = new LinkedHashMap<>(model.numbers());
    units
        .tensors()
        .forEach(
            (name, tensor) -> {
              for (int axis = 0; axis < tensor.axes().size(); axis++) {
                int first = 0;
                for (UnitsAlong along : tensor.axes().get(axis)) {
                  if (turns.containsKey(along.group())) {
                    Heads heads = units.groups().get(along.group()).turned().orElseThrow();
                    double[] old = numbers.get(name);
                    List<Long> shape = model.tensors().get(name).shape().dimensions();
                    numbers.put(
                        name,
                        along(old, shape, axis, first, along, heads, turns.get(along.group())));
                  }
                  first += along.places();
                }
              }
            });
    return new TinyModel(model.config(), model.tensors(), numbers);
  }

  private static List<double[][]> drawn(Heads heads, Random random) {
    List<double[][]> drawn = new ArrayList<>();
    for (int group = 0; group < heads.groups(); group++) {
      drawn.add(
          switch (heads.keys()) {
            case TURN -> orthogonal(heads.keyUnits(), heads.keyUnits(), random);
            case TURN_IN_PAIRS -> orthogonal(heads.keyUnits(), heads.keyUnits() / 2, random);
            default -> orthogonal(heads.keyUnits(), 0, random);
          });
    }
    for (int group = 0; group < heads.groups(); group++) {
      drawn.add(orthogonal(heads.valueUnits(), heads.valueUnits(), random));
    }
    return drawn;
  }

  /** Turns of pairs: of all with all, or of each with the one that lies so far behind it. */
  private static double[][] orthogonal(int size, int distance, Random random) {
    double[][] matrix = new double[size][size];
    for (int i = 0; i < size; i++) {
      matrix[i][i] = 1;
    }
    for (int i = 0; distance > 0 && i < size; i++) {
      for (int j = i + 1; j < size; j++) {
        if (distance == size || (j == i + distance && i < distance)) {
          double angle = random.nextDouble() * 6;
          for (double[] row : matrix) {
            double one = row[i];
            row[i] = one * Math.cos(angle) - row[j] * Math.sin(angle);
            row[j] = one * Math.sin(angle) + row[j] * Math.cos(angle);
          }
        }
      }
    }
    return matrix;
  }

  private static double[] along(
      double[] old,
      List<Long> shape,
      int axis,
      int first,
      UnitsAlong along,
      Heads heads,
      List<double[][]> turns) {
    int inner = 1;
    for (int i = axis + 1; i < shape.size(); i++) {
      inner *= Math.toIntExact(shape.get(i));
    }
    int length = Math.toIntExact(shape.get(axis));
    boolean isOfKeys = along.side() < 2;
    int size = isOfKeys ? heads.keyUnits() : heads.valueUnits();
    int each = along.units() / heads.groups();
    double[] turned = old.clone();
    for (int run = 0; run < old.length / length / inner; run++) {
      for (int place = 0; place < along.units(); place++) {
        int group = place / each;
        int from = heads.headsMayMove() ? heads.groups() - 1 - group : group;
        double[][] matrix = turns.get((isOfKeys ? 0 : heads.groups()) + group);
        for (int i = 0; i < inner; i++) {
          double sum = 0;
          for (int j = 0; j < size; j++) {
            int source = from * each + place % each / size * size + j;
            sum += matrix[place % size][j] * old[(run * length + first + source) * inner + i];
          }
          turned[(run * length + first + place) * inner + i] = sum;
        }
      }
    }
    return turned;
  }

  @Test
  void distancesAndLikenessAreTold() throws IOException {
    TinyModel model = TinyModel.of("llama", 1);
    Model there = model.write(folder.resolve("model"));
    turned(model, SpecCatalog.of("model", there)).write(folder.resolve("turned"));
    merged("turned");
    Map<String, Map<String, Double>> found =
        Merging.here(folder.resolve("recipe.yml"), folder.resolve("out"), Map.of("report", "false"))
            .measured()
            .byMeasure();
    String group = "attention.0 of " + folder.resolve("turned");
    assertThat(found.get("distance before alignment").get(group)).isGreaterThan(1);
    assertThat(found.get("distance after alignment").get(group)).isCloseTo(0, within(1e-3));
  }
}
