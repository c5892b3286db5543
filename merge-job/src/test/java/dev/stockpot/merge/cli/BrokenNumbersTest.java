package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stockpot.kernels.number.DType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** NaN and infinity in an output are counted, told, and refused if that is asked for. */
class BrokenNumbersTest {
  private static final float NAN = Float.NaN;
  private static final float INFINITE = Float.POSITIVE_INFINITY;

  @TempDir private Path folder;

  private void model(String name, float... w) throws IOException {
    ModelFolder.at(folder.resolve(name)).floats("ok", 1, 2).floats("w", w).write();
  }

  private CommandLineRun merge(String head, String... settings) throws IOException {
    String recipe =
        head
            + "\nmodels: [{model: a, parameters: {weight: 0.5}}, {model: b, parameters: {weight: 0.5}}]\n";
    Path file = Files.writeString(folder.resolve("recipe.yml"), recipe);
    Stream<Object> options =
        Stream.concat(Stream.of("model-root=" + folder), Stream.of(settings))
            .flatMap(setting -> Stream.of("--set", setting));
    return CommandLineRun.of(
        Stream.concat(Stream.of("merge", file, folder.resolve("out"), "--overwrite"), options)
            .toArray());
  }

  private JsonNode counts(String tensor) throws IOException {
    JsonNode manifest =
        new ObjectMapper().readTree(Files.readString(folder.resolve("out/stockpot-manifest.json")));
    for (JsonNode found : manifest.at("/shards/0/tensors")) {
      if (found.get("name").textValue().equals(tensor)) {
        return found.path("nonfinite");
      }
    }
    throw new AssertionError(tensor);
  }

  private String report() throws IOException {
    return Files.readString(folder.resolve("out/report/report.html"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"scalar", "vector"})
  void infinityMadeByNarrowingIsTold(String provider) throws IOException {
    model("a", 1, 1e5f, -2e5f, 65_504, 3);
    model("b", 1, 1e5f, -2e5f, 65_504, 3);
    CommandLineRun run =
        merge("merge_method: linear\ndtype: float16", "provider=" + provider).succeeds();

    String sentence =
        "2 elements are infinite, because numbers are too large for F16: w (2). Merge with --dtype"
            + " bfloat16 or float32";
    assertThat(run.err()).isEqualTo("Note: " + sentence + "\n");
    assertThat(counts("w").toString())
        .isEqualTo("{\"narrowed\":2,\"carried\":0,\"made\":0,\"overflowed\":0}");
    assertThat(counts("ok").isMissingNode()).isTrue();
    assertThat(report()).contains(sentence).contains("\"nonfinite\":2");
    assertThat(new Tensors(folder.resolve("out")).values("w"))
        .containsExactly(1, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 65_504, 3);
  }

  @Test
  void whatAnInputBringsAndWhatArithmeticMakesAreToldApart() throws IOException {
    model("a", 1, NAN, INFINITE, 3e38f, 1);
    model("b", 1, 1, -INFINITE, 3e38f, INFINITE);
    CommandLineRun run =
        merge("merge_method: linear\nparameters: {normalize: false}\ndtype: bfloat16").succeeds();
    assertThat(counts("w").toString())
        .isEqualTo("{\"narrowed\":0,\"carried\":3,\"made\":0,\"overflowed\":0}");
    assertThat(run.err())
        .isEqualTo(
            "Note: 3 elements are NaN or infinite, as in an input: w (3). Repair the model, or leave"
                + " it out; --set check-finite=true says which it is\n");

    model("b", 1, 1, 1, -3e38f, 1); // a task vector that float32 cannot hold
    run = merge("merge_method: task_arithmetic\nbase_model: b").succeeds();
    assertThat(counts("w").toString())
        .isEqualTo("{\"narrowed\":0,\"carried\":2,\"made\":1,\"overflowed\":0}");
    assertThat(run.err())
        .contains(
            "Note: 1 element is NaN or infinite, though all inputs are finite there: w (1)."
                + " Arithmetic went beyond float32");
  }

  @Test
  void float64ThatFloat32CannotHoldIsCounted() throws IOException {
    ByteBuffer wide = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    wide.putDouble(1e300).putDouble(1).putDouble(-1e39);
    for (String name : new String[] {"a", "b"}) {
      ModelFolder.at(folder.resolve(name)).tensor("w", DType.F64, wide.array(), 3).write();
    }
    CommandLineRun run = merge("merge_method: linear").succeeds();

    assertThat(counts("w").toString())
        .isEqualTo("{\"narrowed\":2,\"carried\":0,\"made\":0,\"overflowed\":4}");
    assertThat(run.err())
        .contains("Note: 2 elements are infinite, because numbers are too large for F32: w (2).")
        .contains(
            "Note: 4 elements are float64 in an input and too large for float32, in which merges"
                + " compute: w (4).");
    CommandLineRun checked = merge("merge_method: linear", "check-finite=true");
    assertThat(checked.exitCode()).isEqualTo(1);
    assertThat(checked.err()).contains("w: float64 inputs have 4 elements that are too large for");
  }

  @Test
  void checkFiniteRefusesBothKinds() throws IOException {
    model("a", 1, 1e5f);
    model("b", 1, 1e5f);
    CommandLineRun run = merge("merge_method: linear\ndtype: float16", "check-finite=true");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .contains(
            "element 1 of w would be stored as infinity: 100000.0 is too large for F16. Merge with"
                + " --dtype bfloat16 or float32, or merge with check-finite=false");
    assertThat(folder.resolve("out")).doesNotExist();

    model("b", 1, NAN);
    run = merge("merge_method: linear", "check-finite=true");
    assertThat(run.err()).contains("b/model.safetensors: element 1 of w is NaN. Repair the model");

    model("a", 1, -3e38f);
    model("b", 1, 3e38f);
    run = merge("merge_method: task_arithmetic\nbase_model: a", "check-finite=true");
    assertThat(run.err()).contains("element 1 of w would be Infinity, though no input is");
    merge("merge_method: linear", "check-finite=true").succeeds();
  }

  @Test
  void aMergeOfNumbersThatBrokeIsKnownAgain() throws IOException {
    model("a", 1e5f);
    model("b", 1e5f);
    merge("merge_method: linear\ndtype: float16").succeeds();
    CommandLineRun again =
        CommandLineRun.of(
                "merge",
                folder.resolve("recipe.yml"),
                folder.resolve("out"),
                "--resume",
                "--set",
                "model-root=" + folder)
            .succeeds();
    assertThat(again.out()).contains("is this merge already: nothing to do");
  }

  @Test
  void onlyAFewNamesAreTold() throws IOException {
    for (String name : new String[] {"a", "b"}) {
      ModelFolder model = ModelFolder.at(folder.resolve(name));
      for (int i = 1; i <= 5; i++) {
        model.floats("w" + i, 1e6f);
      }
      model.write();
    }
    assertThat(merge("merge_method: linear\ndtype: float16").succeeds().err())
        .contains("5 elements are infinite")
        .contains(": w1 (1), w2 (1), w3 (1) and 2 more tensors. Merge");
  }

  @Test
  void whatIsCopiedIsCountedLikeWhatIsMerged() throws IOException {
    model("a", 1, NAN, -INFINITE, 4);
    Path recipe =
        Files.writeString(
            folder.resolve("copy.yml"),
            "merge_method: passthrough\nmodels: [{model: %s}]\n".formatted(folder.resolve("a")));
    CommandLineRun run =
        CommandLineRun.of("merge", recipe, folder.resolve("out"), "--overwrite").succeeds();
    assertThat(run.err())
        .isEqualTo(
            "Note: 2 elements are NaN or infinite, as in an input: w (2). Repair the model, or leave"
                + " it out; --set check-finite=true says which it is\n");
    assertThat(counts("w").toString())
        .isEqualTo("{\"narrowed\":0,\"carried\":2,\"made\":0,\"overflowed\":0}");
    assertThat(counts("ok").isMissingNode()).isTrue();
    assertThat(Files.readAllBytes(folder.resolve("out/model.safetensors"))).endsWith(lastOf("a"));

    CommandLineRun checked =
        CommandLineRun.of(
            "merge", recipe, folder.resolve("out"), "--overwrite", "--set", "check-finite=true");
    assertThat(checked.exitCode()).isEqualTo(1);
    assertThat(checked.err()).contains("element 1 of w is NaN");
  }

  /** The bytes of its last tensor. */
  private byte[] lastOf(String model) throws IOException {
    byte[] all = Files.readAllBytes(folder.resolve(model).resolve("model.safetensors"));
    return Arrays.copyOfRange(all, all.length - 16, all.length);
  }
}
