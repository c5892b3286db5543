package dev.stockpot.merge.structure;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stockpot.merge.structure.CountKey.Form;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which part of a configuration describes which tensors. */
class ConfigPartsTest {
  private static Configuration of(String json) throws JsonProcessingException {
    return new JsonConfiguration(new ObjectMapper().readTree(json));
  }

  private static ConfigParts parts(String json) throws JsonProcessingException {
    return new ConfigParts(of(json));
  }

  private static final String COMPOSITE =
      """
      {"model_type": "x",
       "text_config": {"num_hidden_layers": 4},
       "vision_config": {"depth": 7},
       "thinker_config": {"audio_config": {"encoder_layers": 3}, "text_config": {"n": 1}},
       "rope_scaling": {"factor": 2},
       "draft": {"model_type": "y"}}
      """;

  @Test
  void partsAreObjectsThatSayTheirTypeOrAreCalledSo() throws JsonProcessingException {
    assertThat(of(COMPOSITE).partPaths())
        .containsExactly(
            "text_config",
            "vision_config",
            "thinker_config",
            "thinker_config.audio_config",
            "thinker_config.text_config",
            "draft");
  }

  @Test
  void aPathLeadsToAnObjectOrNowhere() throws JsonProcessingException {
    Configuration root = of(COMPOSITE);
    assertThat(root.at("")).contains(root);
    assertThat(root.at("thinker_config.audio_config").orElseThrow().number("encoder_layers"))
        .hasValue(3);
    assertThat(root.at("text_config.none")).isEmpty();
    assertThat(root.at("model_type")).as("a text").isEmpty();
    assertThat(root.at("none.text_config")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'{\"text_config\": {}, \"llm_config\": {}}', text_config",
    "'{\"llm_config\": {}}', llm_config",
    "'{\"thinker_config\": {\"text_config\": {}}}', thinker_config.text_config",
    "'{\"vision_config\": {}}', ''",
    "'{\"text_config\": \"x\"}', ''",
    "'{}', ''"
  })
  void theLanguageModelIsFoundWhereFamiliesKeepIt(String json, String path)
      throws JsonProcessingException {
    assertThat(parts(json).languageModel()).isEqualTo(path);
  }

  @Test
  void partsAreNamedAsThePrefixesOfTheirTensors() throws JsonProcessingException {
    ConfigParts parts = parts(COMPOSITE);
    assertThat(parts.namedAs("model.visual.blocks.")).containsExactly("vision_config");
    assertThat(parts.namedAs("model.language_model.layers.").get(0))
        .as("the nearer of two")
        .endsWith("text_config");
    assertThat(parts.namedAs("draft.layers.")).containsExactly("draft");
    assertThat(parts.namedAs("model.layers.")).isEmpty();
    assertThat(parts.placesFor("model.layers.")).containsExactly("text_config", "");
  }

  @ParameterizedTest
  @CsvSource({
    "num_hidden_layers, '', num_hidden_layers, NUMBER",
    "text_config.num_layers, text_config, num_layers, NUMBER",
    "a.b.depth, a.b, depth, NUMBER",
    "len(depths), '', depths, LIST",
    "len(a.b.depths), a.b, depths, LIST"
  })
  void aKeyIsReadAsItIsWritten(String written, String part, String key, Form form) {
    CountKey count = CountKey.of(written);
    assertThat(count).isEqualTo(new CountKey(part, key, form));
    assertThat(count.toString()).isEqualTo(written);
  }

  @Test
  void aKeyCountsByItsNumberOrByTheLengthOfItsList() throws JsonProcessingException {
    Configuration root = of("{\"a\": {\"n\": 3, \"l\": [1, 2], \"f\": 2.5, \"t\": \"3\"}}");
    assertThat(CountKey.of("a.n").valueIn(root)).hasValue(3);
    assertThat(CountKey.of("len(a.l)").valueIn(root)).hasValue(2);
    assertThat(CountKey.of("len(a.n)").valueIn(root)).isEmpty();
    assertThat(CountKey.of("a.l").valueIn(root)).isEmpty();
    assertThat(CountKey.of("a.f").valueIn(root)).isEmpty();
    assertThat(CountKey.of("a.t").valueIn(root)).isEmpty();
    assertThat(CountKey.of("b.n").valueIn(root)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "model.visual.blocks., vision",
    "audio_tower.layers., audio",
    "model.language_model.layers., text",
    "mtp.layers., mtp",
    "encoder.conv_layers., conv",
    "speech_encoder.conv., conv",
    "decoder.layers., decoder",
    "encoder.layers., encoder",
    "draft.layers., draft",
    "model.layers., text"
  })
  void stacksAreCalledByWhatTheirTensorsAreCalled(String prefix, String word)
      throws JsonProcessingException {
    assertThat(new StackWords(parts(COMPOSITE)).of(prefix)).isEqualTo(word);
  }

  @ParameterizedTest
  @CsvSource({
    "model.layers., 4, text_config.num_hidden_layers",
    "model.visual.blocks., 7, vision_config.depth",
    "model.layers., 5, ''",
    "thinker.audio_tower.layers., 3, thinker_config.audio_config.encoder_layers"
  })
  void theKeyThatCountsIsFoundByItsNameAndItsValue(String prefix, int blocks, String key)
      throws JsonProcessingException {
    Configuration root = of(COMPOSITE);
    assertThat(
            new CountKeys(root, new ConfigParts(root))
                .counting(prefix, blocks)
                .map(CountKey::path)
                .orElse(""))
        .isEqualTo(key);
  }

  @Test
  void aListThatIsAsLongAsTheStackCountsIt() throws JsonProcessingException {
    Configuration root = of("{\"layers_block_type\": [\"a\", \"b\", \"a\"]}");
    assertThat(new CountKeys(root, new ConfigParts(root)).counting("model.layers.", 3))
        .hasValue(new CountKey("", "layers_block_type", Form.LIST));
  }

  @Test
  void ofKeysThatSoundAlikeTheOneWithTheWordsOfThePrefixCounts() throws JsonProcessingException {
    Configuration root = of("{\"prior_layers\": 4, \"main_layers\": 4, \"fine_depth\": 4}");
    CountKeys keys = new CountKeys(root, new ConfigParts(root));
    assertThat(keys.counting("prior.blocks.", 4).map(CountKey::path)).hasValue("prior_layers");
    assertThat(keys.counting("other.blocks.", 4)).as("three are as good").isEmpty();
    assertThat(keys.stated("other.blocks.", "")).isEmpty();
  }
}
