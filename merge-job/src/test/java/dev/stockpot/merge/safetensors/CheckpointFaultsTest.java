package dev.stockpot.merge.safetensors;

import static dev.stockpot.merge.safetensors.ShardBytes.shardOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is wrong with a folder, all of it at once and in words. */
class CheckpointFaultsTest extends CheckpointCases {
  private void assertProblems(String... problems) {
    assertThatThrownBy(this::open)
        .isInstanceOf(CheckpointException.class)
        .hasMessage("Checkpoint s3://models/a cannot be used:\n- " + String.join("\n- ", problems));
  }

  @Test
  void reportsAMissingFolder() {
    assertProblems("there is no such folder. Look for a typing error, or fetch the model first");
  }

  @Test
  void reportsAFolderWithoutFiles() {
    store.write(FOLDER.child("below").child("model.safetensors"), shardOf("a"));

    assertProblems(
        "it holds no weights itself, but folders in it do: 'below'."
            + " Name one of them: s3://models/a/below");
  }

  @Test
  void reportsShardsThatTheIndexNamesInVain() {
    write(FIRST, shardOf("a"));
    writeIndex(Map.of("a", FIRST, "b", SECOND));

    assertProblems(
        "model.safetensors.index.json names 1 of 2 shards that are not there:"
            + " 'model-00002-of-00002.safetensors'. Fetch them");
  }

  @Test
  void reportsTensorsThatShardsLack() {
    write(FIRST, shardOf("a", "b"));
    write(SECOND, shardOf("c"));
    writeIndex(Map.of("a", FIRST, "c", SECOND, "d", SECOND));

    assertProblems(
        "'model-00002-of-00002.safetensors' lacks, but the index lists, 'd'."
            + " Fetch the shard and the index again, from the same place");
  }

  @Test
  void reportsATensorInAnotherShardThanTheIndexSays() {
    write(FIRST, shardOf("a", "b"));
    write(SECOND, shardOf("c"));
    writeIndex(Map.of("a", FIRST, "b", SECOND, "c", SECOND));

    assertProblems(
        "'model-00002-of-00002.safetensors' lacks, but the index lists, 'b'."
            + " Fetch the shard and the index again, from the same place");
  }

  @Test
  void reportsTensorsInTwoShards() {
    write(FIRST, shardOf("a", "b"));
    write(SECOND, shardOf("b", "c"));

    assertProblems(
        "model-00001-of-00002.safetensors and model-00002-of-00002.safetensors both hold 'b'."
            + " Remove the one that is of another checkpoint");
  }

  @Test
  void reportsAnIndexBesideASingleShardThatItDoesNotName() {
    write("model.safetensors", shardOf("a"));
    write(FIRST, shardOf("a"));
    writeIndex(Map.of("a", FIRST));

    assertProblems(
        "model.safetensors and the shards of model.safetensors.index.json are both there, and"
            + " programs differ in which they read: transformers reads model.safetensors. Remove"
            + " model.safetensors.index.json if it is what you want, else model.safetensors");
  }

  @Test
  void reportsHolesInASetWithoutAnIndex() {
    write("model-00002-of-00012.safetensors", shardOf("a"));

    assertProblems(
        "11 of 12 shards are not there: 'model-00001-of-00012.safetensors',"
            + " 'model-00003-of-00012.safetensors', 'model-00004-of-00012.safetensors',"
            + " 'model-00005-of-00012.safetensors', 'model-00006-of-00012.safetensors'"
            + " and 6 more. Fetch them");
  }

  @Test
  void reportsSafetensorsFilesThatAreNoOneSet() {
    write("a.safetensors", shardOf("a"));
    write("b.safetensors", shardOf("b"));

    assertProblems(
        "it has no model.safetensors.index.json, and 2 safetensors files that are no one set:"
            + " 'a.safetensors', 'b.safetensors'. Fetch the index, remove what is of another"
            + " checkpoint, or name one file as the model");
  }

  @Test
  void reportsSetsOfTwoLengths() {
    write(FIRST, shardOf("a"));
    write(SECOND, shardOf("b"));
    write("model-00003-of-00003.safetensors", shardOf("c"));

    assertThatThrownBy(this::open).hasMessageContaining("3 safetensors files that are no one set");
  }

  @Test
  void reportsAllProblemsTogether() {
    write(FIRST, "version https://git-lfs.github.com/spec/v1\noid sha256:0\n");
    write(SECOND, new byte[0]);
    write("config.json", "{");
    writeIndex(Map.of("a", FIRST, "b", SECOND, "c", "model-00003-of-00003.safetensors"));

    assertThatThrownBy(this::open)
        .isInstanceOf(CheckpointException.class)
        .satisfies(
            e ->
                assertThat(e.getMessage().lines())
                    .satisfiesExactly(
                        line -> assertThat(line).endsWith("cannot be used:"),
                        line -> assertThat(line).startsWith("- config.json is not JSON: line 1, "),
                        line -> assertThat(line).contains("names 1 of 3 shards that are not there"),
                        line -> assertThat(line).contains(FIRST).contains("git lfs pull"),
                        line -> assertThat(line).contains(SECOND).contains("the file is empty")));
  }

  @Test
  void reportsACorruptIndex() {
    write(FIRST, shardOf("a"));
    write(INDEX, "{\"weight_map\":{\"a\":\"../x\"}}");

    assertProblems(
        "s3://models/a/model.safetensors.index.json, bytes 19-25: the file of tensor 'a' is"
            + " '../x', must be the name of a file in the same folder."
            + " Fetch the index again, or ask those who made it");
  }

  @Test
  void reportsAConfigThatIsNoObject() {
    write("model.safetensors", shardOf("a"));

    write("config.json", "[]");
    assertProblems("config.json is not a JSON object. Fetch it again");
    write("config.json", "");
    assertProblems("config.json is not a JSON object. Fetch it again");
    write("config.json", "{} x");
    assertThatThrownBy(this::open).hasMessageContaining("config.json is not JSON: line 1, ");
    write("config.json", "{} 1");
    assertProblems("config.json goes on after its JSON object. Fetch it again");
    write("config.json", new byte[] {'{', '"', (byte) 0xe9, '"'});
    assertProblems("config.json, byte 2: is not UTF-8 text. Fetch it again");
  }

  @Test
  void reportsAConfigThatIsDeeperOrHasLongerNumbersThanAnyModelNeeds() {
    write("model.safetensors", shardOf("a"));

    write("config.json", "{\"a\":" + "[".repeat(1_500) + "]".repeat(1_500) + "}");
    assertThatThrownBy(this::open)
        .hasMessageContaining("config.json is not JSON: line 1, Document nesting depth (1001)");
    write("config.json", "{\"a\":" + "1".repeat(1_200) + "}");
    assertThatThrownBy(this::open)
        .hasMessageContaining("config.json is not JSON: line 1, Number value length (1200)");
  }

  @Test
  void reportsAConfigThatIsTooLargeWithoutReadingIt() {
    write("model.safetensors", shardOf("a"));
    write("config.json", new byte[(10 << 20) + 1]);

    assertProblems(
        "config.json has 10485761 bytes, must be at most 10485760."
            + " Look whether it is another file by mistake");
    assertThat(store.bytesRead()).isLessThan(1_000);
  }
}
