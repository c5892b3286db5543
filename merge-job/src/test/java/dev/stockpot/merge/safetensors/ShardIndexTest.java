package dev.stockpot.merge.safetensors;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.storage.Location;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardIndexTest {
  private static final Location FILE = new Location("s3://models/a/model.safetensors.index.json");
  private static final String REMEDY = ". Fetch the index again, or ask those who made it";

  /** Parses JSON in which the quotes are single ones. */
  private static Map<String, String> parse(String text) {
    return ShardIndex.parse(FILE, text.replace('\'', '"').getBytes(UTF_8)).weightMap();
  }

  private static void assertCorrupt(String text, String message) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(CorruptShardException.class)
        .hasMessage(FILE + ", " + message + REMEDY);
  }

  @Test
  void writesWhatTheHuggingFaceLibrariesWrite() {
    Map<String, String> weightMap = new LinkedHashMap<>();
    weightMap.put("norm", "model-00002-of-00002.safetensors");
    weightMap.put("a\"b", "model-00001-of-00002.safetensors");

    assertThat(UTF_8.decode(new ShardIndex(weightMap).encode(17)).toString())
        .isEqualTo(
            """
            {
              "metadata": {
                "total_size": 17
              },
              "weight_map": {
                "norm": "model-00002-of-00002.safetensors",
                "a\\"b": "model-00001-of-00002.safetensors"
              }
            }
            """);
  }

  @Test
  void parsingGivesBackWhatWasWrittenInItsOrder() {
    Map<String, String> weightMap = new LinkedHashMap<>();
    for (int i = 20; i > 0; i--) {
      weightMap.put("layers.%s \u00e9".formatted(i), "model-%s.safetensors".formatted(i % 3));
    }

    byte[] text = new ShardIndex(weightMap).encode(0).array();

    assertThat(ShardIndex.parse(FILE, text).weightMap()).containsExactlyEntriesOf(weightMap);
  }

  @Test
  void ignoresWhatItDoesNotKnow() {
    assertThat(
            parse("{'metadata':{'total_size':1.5e10,'by':[{}]},'weight_map':{'a':'m'},'more':[1]}"))
        .isEqualTo(Map.of("a", "m"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../x", "/x", "a/b", "..", "", "a\\\\b", "a\\u0000"})
  void rejectsFilesOutsideOfTheFolder(String name) {
    assertThatThrownBy(() -> parse("{'weight_map':{'a':'" + name + "'}}"))
        .isInstanceOf(CorruptShardException.class)
        .hasMessageContaining(", bytes 19-")
        .hasMessageContaining("the file of tensor 'a' is '")
        .hasMessageContaining("must be the name of a file in the same folder");
  }

  @Test
  void rejectsAWeightMapThatIsNoMapOfNames() {
    assertCorrupt("{'weight_map':[]}", "bytes 14-15: weight_map is not an object");
    assertCorrupt("{'weight_map':{'a':1}}", "bytes 19-20: the file of tensor 'a' is not text");
  }

  @Test
  void rejectsAnIndexWithoutAWeightMap() {
    assertCorrupt("{}", "bytes 0-2: the index has no weight_map, or an empty one");
    assertCorrupt("{'weight_map':{}}", "bytes 0-17: the index has no weight_map, or an empty one");
  }

  @Test
  void rejectsWhatIsThereTwice() {
    assertThatThrownBy(() -> parse("{'weight_map':{'a':'m','a':'n'}}"))
        .hasMessageContaining("weight_map has tensor 'a' twice");
    assertThatThrownBy(() -> parse("{'weight_map':{'a':'m'},'weight_map':{'a':'m'}}"))
        .hasMessageContaining("the index has two weight_maps");
  }

  @Test
  void rejectsWhatIsNotJson() {
    assertThatThrownBy(() -> parse("{'weight_map':{'a':'m'"))
        .isInstanceOf(CorruptShardException.class)
        .hasMessageContaining("the index is not JSON: Unexpected end-of-input");
    assertThatThrownBy(() -> parse(""))
        .isInstanceOf(CorruptShardException.class)
        .hasMessageContaining("bytes 0-0: the index is not a JSON object");
    assertThatThrownBy(() -> parse("{'weight_map':{'a':'m'}} {}"))
        .hasMessageContaining("bytes 25-26: something follows the JSON object of the index");
    assertThatThrownBy(() -> ShardIndex.parse(FILE, "{\"\u00e9\":1}".getBytes(ISO_8859_1)))
        .hasMessageContaining("bytes 2-3: the index is not UTF-8 text");
  }

  @Test
  void deepNestingIsNoDanger() {
    assertThatThrownBy(() -> parse("{'metadata':" + "[".repeat(1_000_000)))
        .isInstanceOf(CorruptShardException.class)
        .hasMessageContaining("the index is not JSON: Document nesting depth (1001) exceeds");
  }
}
