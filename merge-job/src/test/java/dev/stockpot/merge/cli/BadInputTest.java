package dev.stockpot.merge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.safetensors.ShardBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models and folders that cannot be merged cost one clear message and leave nothing. */
class BadInputTest {
  private static final String AGAIN = ". Fetch the shard again, or ask those who made it";
  private static final String CONVERT =
      "Convert it where you trust it: from safetensors.torch import save_file;"
          + " save_file(torch.load('pytorch_model.bin', weights_only=True), 'model.safetensors')";

  @TempDir private Path folder;
  private Path model;
  private Path shard;
  private Path recipe;
  private Path out;

  @BeforeEach
  void writeAModel() throws IOException {
    model = folder.resolve("model");
    shard = model.resolve("model.safetensors");
    recipe = folder.resolve("recipe.yml");
    out = folder.resolve("out");
    ModelFolder.at(model).floats("x", 1, 2, 3).floats("y", 4, 5).write();
    write(
        "merge_method: linear\nmodels: [{model: %s, parameters: {weight: 1}}]\n".formatted(model));
  }

  private void write(String text) throws IOException {
    Files.writeString(recipe, text);
  }

  /** A merge ends with that message, whole, and leaves nothing. */
  private void assertRefused(int exitCode, String message, Object... options) throws IOException {
    Object[] arguments =
        Stream.concat(Stream.of("merge", recipe, out), Stream.of(options)).toArray();
    CommandLineRun run = CommandLineRun.of(arguments);
    assertThat(run.err())
        .isEqualTo(
            message.replace("SHARD", shard.toString()).replace("MODEL", model.toString()) + "\n");
    assertThat(run.out()).isEmpty();
    assertThat(run.exitCode()).isEqualTo(exitCode);
    assertThat(Files.exists(out)).isFalse();
    assertThat(folder.resolve(".out.stockpot")).doesNotExist();
  }

  private void assertModelRefused(String... problems) throws IOException {
    assertRefused(
        1,
        "%s:2: Checkpoint MODEL cannot be used:\n- %s"
            .formatted(recipe, String.join("\n- ", problems)));
  }

  private void header(String json, int dataBytes) throws IOException {
    Files.write(shard, ShardBytes.shard(json.replace('\'', '"'), dataBytes));
  }

  @Test
  void anEmptyShard() throws IOException {
    Files.write(shard, new byte[0]);
    assertModelRefused("SHARD, bytes 0-0: the file is empty" + AGAIN);
  }

  @Test
  void aTruncatedShard() throws IOException {
    byte[] bytes = Files.readAllBytes(shard);
    Files.write(shard, Arrays.copyOf(bytes, bytes.length - 3));
    assertModelRefused(
        "SHARD, bytes 152-169: the file is cut off: its tensors take 3 bytes more" + AGAIN);
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 1L << 40, 1})
  void aHeaderThatLiesAboutItsLength(long length) throws IOException {
    byte[] bytes = Files.readAllBytes(shard);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
    Files.write(shard, bytes);
    assertModelRefused(
        "SHARD, bytes 0-8: header length is %s, must be 2 to 164. Fetch the shard again; if it is a PyTorch .bin file, convert it to safetensors first"
            .formatted(Long.toUnsignedString(length)));
  }

  @Test
  void overlappingTensors() throws IOException {
    header(
        "{'x':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'y':{'dtype':'F32','shape':[2],'data_offsets':[4,12]}}",
        12);
    assertModelRefused(
        "SHARD, bytes 62-115: tensors 'x' and 'y' overlap: data_offsets 0-8 and 4-12" + AGAIN);
  }

  @Test
  void aTensorBeyondTheEndOfItsFile() throws IOException {
    header("{'x':{'dtype':'F32','shape':[2],'data_offsets':[8,16]}}", 8);
    assertModelRefused(
        "SHARD, bytes 9-62: data_offsets 0-8, before tensor 'x', belong to no tensor" + AGAIN);
  }

  @Test
  void aShapeWhoseProductOverflows() throws IOException {
    header("{'x':{'dtype':'F32','shape':[4294967296,4294967296],'data_offsets':[0,8]}}", 8);
    assertModelRefused(
        "SHARD, bytes 58-59: tensor 'x': shape [4294967296, 4294967296] is larger than any file"
            + AGAIN);
  }

  @Test
  void twoTensorsOfOneName() throws IOException {
    String tensor = "'x':{'dtype':'F32','shape':[1],'data_offsets':[%s,%s]}";
    header("{" + tensor.formatted(0, 4) + "," + tensor.formatted(4, 8) + "}", 8);
    assertModelRefused("SHARD, bytes 62-67: tensor 'x' is there twice" + AGAIN);
  }

  @Test
  void aTypeNobodyKnows() throws IOException {
    header("{'x':{'dtype':'F31','shape':[2],'data_offsets':[0,8]}}", 8);
    assertModelRefused(
        "SHARD, bytes 22-27: tensor 'x': dtype is 'F31', must be one of BOOL, F4, F6_E2M3, F6_E3M2,"
            + " U8, I8, F8_E5M2, F8_E4M3, F8_E8M0, F8_E5M2FNUZ, F8_E4M3FNUZ, I16, U16, F16, BF16,"
            + " I32, U32, F32, C64, F64, I64, U64"
            + AGAIN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../secret.safetensors", "/etc/passwd", "..", "a\\\\b.safetensors"})
  void anIndexThatLeadsOutOfItsFolder(String file) throws IOException {
    Files.writeString(
        model.resolve("model.safetensors.index.json"),
        "{\"weight_map\": {\"x\": \"%s\"}}".formatted(file));
    Files.delete(shard);
    assertModelRefused(
        "MODEL/model.safetensors.index.json, bytes 21-%s: the file of tensor 'x' is '%s', must be the name of a file in the same folder. Fetch the index again, or ask those who made it"
            .formatted(23 + file.length(), file.replace("\\\\", "\\")));
  }

  @Test
  void anIndexThatNamesAMissingFile() throws IOException {
    Files.writeString(
        model.resolve("model.safetensors.index.json"),
        "{\"weight_map\": {\"x\": \"model-00001-of-00002.safetensors\"}}");
    Files.delete(shard);
    assertModelRefused(
        "model.safetensors.index.json names 1 of 1 shards that are not there:"
            + " 'model-00001-of-00002.safetensors'. Fetch them");
  }

  @Test
  void aPickle() throws IOException {
    Files.move(shard, model.resolve("pytorch_model.bin"));
    assertModelRefused(
        "its weights are pickles: 'pytorch_model.bin'. Pickles are never opened here, because"
            + " opening one runs the code in it. "
            + CONVERT
            + ", or for a transformers model: AutoModelForCausalLM.from_pretrained('IN',"
            + " torch_dtype='auto').save_pretrained('OUT', safe_serialization=True)");
  }

  @Test
  void aPickleThatIsNamedAsAShard() throws IOException {
    Files.write(shard, "PK\3\4 and so on, for more than a few bytes".getBytes(UTF_8));
    assertModelRefused(
        "SHARD, bytes 0-8: header length is 7236828441365138256, must be 2 to 33; it is a PyTorch"
            + " checkpoint or another zip archive. Pickles are never opened here, because opening"
            + " one runs the code in it. "
            + CONVERT);
  }

  @Test
  void aConfigurationThatIsNotJson() throws IOException {
    Files.writeString(model.resolve("config.json"), "{\"a\": ");
    assertModelRefused(
        "config.json is not JSON: line 1, Unexpected end-of-input within/between Object entries."
            + " Fetch it again");
  }

  @Test
  void modelsThatAreNotThereAllTogether() throws IOException {
    write(
        "merge_method: linear\nparameters: {weight: 1}\nmodels: [{model: %1$s/x/a}, {model: %1$s/b}]\n"
            .formatted(folder));
    assertRefused(
        1,
        "%1$s:3: Checkpoint %2$s/x/a cannot be used:\n- there is no such folder. %2$s has the folders 'model'. Look for a typing error, or fetch the model first\n%1$s:3: Checkpoint %2$s/b cannot be used:\n- there is no such folder. %2$s has the folders 'model'. Look for a typing error, or fetch the model first"
            .formatted(recipe, folder));
  }

  @ParameterizedTest
  @ValueSource(strings = {"NaN", "Infinity", "-Infinity"})
  void aValueThatIsNotFiniteIfAskedToCheck(float value) throws IOException {
    ModelFolder.at(model).floats("x", 1, 2, 3).floats("y", 4, value).write();
    assertRefused(
        1,
        "MODEL/model.safetensors: element 1 of y is %s. Repair the model, or merge with check-finite=false"
            .formatted(value),
        "--set",
        "check-finite=true");
  }

  @Test
  void aValueThatIsNotFiniteInATensorThatIsOnlyCopied() throws IOException {
    ModelFolder.at(model).tensor("x", DType.BF16, new byte[] {0, 0, (byte) 0x80, 0x7F}, 2).write();
    write("merge_method: passthrough\nmodels: [{model: %s}]\n".formatted(model));
    assertRefused(
        1,
        "MODEL/model.safetensors: element 1 of x is Infinity. Repair the model, or merge with"
            + " check-finite=false",
        "--set",
        "check-finite=true");
  }

  @Test
  void aRecipeThatIsNotThere() throws IOException {
    Files.delete(recipe);
    assertRefused(1, "%s does not exist. Check the path".formatted(recipe));
  }

  @Test
  void aRecipeThatIsAFolder() throws IOException {
    Files.delete(recipe);
    Files.createDirectory(recipe);
    assertRefused(1, "%s is a folder. Name the recipe in it".formatted(recipe));
  }

  @Test
  void aRecipeThatIsNotText() throws IOException {
    Files.write(recipe, new byte[] {(byte) 0xFF, (byte) 0xFE, 0, 1});
    assertRefused(1, "%s is not UTF-8 text. Is it a recipe?".formatted(recipe));
    Files.write(recipe, new byte[] {'a', 0, 1});
    assertRefused(
        2, "%s:1: not YAML: character U+0000 is not allowed; remove it".formatted(recipe));
  }

  @Test
  void aRecipeWithProblems() throws IOException {
    write("merge_method: linnear\nmodels: [{model: a, wieght: 1}]\n");
    assertRefused(
        2,
        "%1$s:1: `linnear` is not a merge method; did you mean `linear`?\n%1$s:2: `wieght` is not a key of an entry of `models`; did you mean the parameter `weight`? It goes under `parameters`"
            .formatted(recipe));
  }

  @Test
  void aBrokenRecipeInHocon() throws IOException {
    recipe =
        Files.writeString(folder.resolve("recipe.conf"), "merge_method = linear\nmodels = [\n");
    assertRefused(
        2,
        "%s:3: List should have ] or a first element after the open [, instead had token: end of file (if you want end of file to be part of a string value, then double-quote it)"
            .formatted(recipe));
  }

  @Test
  void anOutputBelowAFile() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    out = file.resolve("out");
    assertRefused(
        1, "%s is a file, where a folder is to be made. Name another folder".formatted(file));
    assertThat(file).isRegularFile();
  }

  @Test
  void anOutputThatIsAFile() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    CommandLineRun run = CommandLineRun.of("merge", recipe, file);
    assertThat(run.err())
        .isEqualTo("%s is a file. Name another folder, or remove the file\n".formatted(file));
    assertThat(run.exitCode()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "part-size=5 parsecs | --set: Invalid value at 'part-size': Could not parse size-in-bytes"
            + " unit 'parsecs' (try k, K, kB, KiB, kilobytes, kibibytes)",
        "provider=cuda        | provider is cuda, must be one of auto, rapids, vector, scalar",
        "tasks=-1            | tasks is -1, must be a whole number from 0 to 4096",
      })
  void aSettingThatMakesNoSense(String setting, String problem) throws IOException {
    assertRefused(1, "Settings: " + problem, "--set", setting);
  }
}
