package dev.stockpot.merge.structure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can be told of a model by its configuration and the names of its tensors. */
class StructureTest {
  /** Names of so many blocks, each with one tensor, and of one tensor outside. */
  private static Names blocks(String prefix, int count, String within) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add(prefix + i + "." + within);
    }
    return new Names(names);
  }

  private record Names(List<String> all) {}

  private static Names names(String... all) {
    return new Names(List.of(all));
  }

  private static Structure structure(String config, Names... names) {
    return Structure.of(
        JsonConfiguration.of(config),
        Arrays.stream(names).flatMap(some -> some.all().stream()).toList());
  }

  private static List<String> described(Structure structure) {
    return structure.stacks().stream()
        .map(
            stack ->
                "%s %s%s+%s %s"
                    .formatted(
                        stack.word(),
                        stack.prefix(),
                        stack.first(),
                        stack.layers(),
                        stack.count().map(CountKey::toString).orElse("-")))
        .toList();
  }

  @ParameterizedTest
  @CsvSource({
    "model.layers.,         num_hidden_layers, text", // Llama
    "encoder.layer.,        num_hidden_layers, encoder", // BERT without its outer module
    "bert.encoder.layer.,   num_hidden_layers, encoder",
    "h.,                    n_layer,           text", // GPT-2
    "transformer.h.,        n_layer,           text",
    "transformer.blocks.,   n_layers,          text", // MPT
    "gpt_neox.layers.,      num_hidden_layers, text",
    "model.decoder.layers., num_hidden_layers, decoder", // OPT
    "vit.encoder.layer.,    num_hidden_layers, vision",
  })
  void findsTheOneStackOfAFamily(String prefix, String key, String word) {
    Structure structure = structure("{\"%s\": 12}".formatted(key), blocks(prefix, 12, "x.weight"));
    assertThat(described(structure)).containsExactly(word + " " + prefix + "0+12 " + key);
    assertThat(structure.place(prefix + "11.x.weight").orElseThrow().depth()).isEqualTo(1);
    assertThat(structure.place("norm.weight")).isEmpty();
  }

  @Test
  void findsTheLanguageModelOfInternVlUnderLlmConfig() {
    Structure structure =
        structure(
            """
            {"model_type": "internvl_chat", "llm_config": {"num_hidden_layers": 4},
             "vision_config": {"num_hidden_layers": 6}}""",
            blocks("vision_model.encoder.layers.", 6, "norm1.weight"),
            blocks("language_model.model.layers.", 4, "attention.wo.weight"),
            names("mlp1.0.weight", "mlp1.1.weight"));
    assertThat(structure.languageModel()).isEqualTo("llm_config");
    assertThat(described(structure))
        .containsExactly(
            "text language_model.model.layers.0+4 llm_config.num_hidden_layers",
            "vision vision_model.encoder.layers.0+6 vision_config.num_hidden_layers");
    assertThat(structure.place("language_model.model.layers.1.attention.wo.weight").orElseThrow())
        .satisfies(place -> assertThat(place.depth()).isCloseTo(1 / 3.0, within(1e-12)));
    assertThat(structure.place("mlp1.1.weight")).isEmpty();
  }

  @Test
  void countsLayersThatTheConfigurationLeavesToItsClass() {
    Structure structure =
        structure(
            """
            {"model_type": "llava", "text_config": {"model_type": "llama"},
             "vision_config": {"model_type": "clip_vision_model", "num_hidden_layers": 6}}""",
            blocks("vision_tower.vision_model.encoder.layers.", 6, "mlp.fc1.weight"),
            blocks("language_model.model.layers.", 8, "mlp.up_proj.weight"));
    assertThat(described(structure))
        .containsExactly(
            "text language_model.model.layers.0+8 text_config.num_hidden_layers",
            "vision vision_tower.vision_model.encoder.layers.0+6 vision_config.num_hidden_layers");
    assertThat(structure.doubts()).isEmpty();
  }

  @Test
  void givesEncoderAndDecoderEachTheirOwnDepth() {
    Structure structure =
        structure(
            "{\"model_type\": \"t5\", \"num_layers\": 4, \"num_decoder_layers\": 3}",
            blocks("encoder.block.", 4, "layer.0.SelfAttention.q.weight"),
            blocks("decoder.block.", 3, "layer.2.layer_norm.weight"));
    assertThat(described(structure))
        .containsExactly(
            "decoder decoder.block.0+3 num_decoder_layers", "encoder encoder.block.0+4 num_layers");
    assertThat(structure.place("decoder.block.1.layer.2.layer_norm.weight").orElseThrow().depth())
        .isEqualTo(0.5);
    assertThat(structure.mainStacks()).hasSize(2);
  }

  private static final String GLM =
      "{\"model_type\": \"glm4_moe\", \"num_hidden_layers\": 3, \"num_nextn_predict_layers\": %s}";

  @Test
  void tellsABlockThatPredictsFurtherTokensFromTheLayersBelow() {
    Structure structure = structure(GLM.formatted(1), blocks("model.layers.", 4, "x.weight"));
    assertThat(described(structure))
        .containsExactly(
            "text model.layers.0+3 num_hidden_layers",
            "mtp model.layers.3+1 num_nextn_predict_layers");
    assertThat(structure.mainStacks()).hasSize(1);
    assertThat(structure.above(structure.stacks().get(0))).contains(structure.stacks().get(1));
    assertThat(structure.place("model.layers.2.x.weight").orElseThrow().depth()).isEqualTo(1);
    Place predictor = structure.place("model.layers.3.x.weight").orElseThrow();
    assertThat(predictor.stack().word()).isEqualTo(Stack.MTP);
    assertThat(predictor.layer()).isZero();
  }

  @Test
  void tellsSuchABlockByItsTensorsWhereTheConfigurationDoesNotPromiseIt() {
    Structure structure =
        structure(
            "{\"num_hidden_layers\": 3}",
            blocks("model.layers.", 4, "x.weight"),
            names("model.layers.3.eh_proj.weight"));
    assertThat(described(structure))
        .containsExactly("text model.layers.0+3 num_hidden_layers", "mtp model.layers.3+1 -");
  }

  @Test
  void knowsBlocksInAModuleOfTheirOwnThatPredictFurtherTokens() {
    Structure structure =
        structure(
            "{\"model_type\": \"qwen3_next\", \"num_hidden_layers\": 4}",
            blocks("model.layers.", 4, "x.weight"),
            blocks("mtp.layers.", 1, "x.weight"));
    assertThat(structure.mainStacks()).extracting(Stack::prefix).containsExactly("model.layers.");
    assertThat(structure.named("mtp")).extracting(Stack::prefix).containsExactly("mtp.layers.");
  }

  @Test
  void leavesExpertsAndPartsOfABlockInTheirBlock() {
    Structure structure =
        structure(
            "{\"num_hidden_layers\": 2, \"num_local_experts\": 2}",
            blocks("model.layers.0.block_sparse_moe.experts.", 2, "w1.weight"),
            blocks("model.layers.1.block_sparse_moe.experts.", 2, "w1.weight"));
    assertThat(described(structure)).containsExactly("text model.layers.0+2 num_hidden_layers");
  }

  @Test
  void tellsTheStacksOfAnOmniModelApart() {
    String config =
        """
        {"model_type": "qwen2_5_omni",
         "talker_config": {"model_type": "qwen2_5_omni_talker", "num_hidden_layers": 2},
         "thinker_config": {"model_type": "qwen2_5_omni_thinker",
           "audio_config": {"model_type": "a", "encoder_layers": 5},
           "text_config": {"model_type": "t", "num_hidden_layers": 4},
           "vision_config": {"model_type": "v", "depth": 3}}}""";
    Structure structure =
        structure(
            config,
            blocks("thinker.model.layers.", 4, "x.weight"),
            blocks("thinker.visual.blocks.", 3, "x.weight"),
            blocks("thinker.audio_tower.layers.", 5, "x.weight"),
            blocks("talker.model.layers.", 2, "x.weight"));
    assertThat(described(structure))
        .containsExactly(
            "talker talker.model.layers.0+2 talker_config.num_hidden_layers",
            "audio thinker.audio_tower.layers.0+5 thinker_config.audio_config.encoder_layers",
            "text thinker.model.layers.0+4 thinker_config.text_config.num_hidden_layers",
            "vision thinker.visual.blocks.0+3 thinker_config.vision_config.depth");
    assertThat(structure.languageModel()).isEqualTo("thinker_config.text_config");
  }

  @Test
  void doesNotTakeTheLanguageModelsCountForATowerOfThatHeight() {
    Structure structure =
        structure(
            "{\"text_config\": {\"num_hidden_layers\": 4}}",
            blocks("language_model.layers.", 4, "x.weight"),
            blocks("vision_tower.layers.", 4, "x.weight"));
    assertThat(described(structure))
        .containsExactly(
            "text language_model.layers.0+4 text_config.num_hidden_layers",
            "vision vision_tower.layers.0+4 -");
  }

  @Test
  void findsStacksByTheirNamesWithoutAConfiguration() {
    Structure structure =
        structure("{}", blocks("model.layers.", 3, "x.weight"), blocks("convs.", 2, "weight"));
    assertThat(described(structure)).containsExactly("text model.layers.0+3 -");
  }

  @Test
  void takesTheOnlyNumberedTensorsForAStackWhereNothingSaysMore() {
    assertThat(described(structure("{}", blocks("", 2, "weight"), names("bias"))))
        .containsExactly("text 0+2 -");
    assertThat(structure("{}", names("weight", "conv1.bias", "a.b2.c", "x.7")).stacks()).isEmpty();
  }

  @Test
  void doubtsBlocksThatTheConfigurationCountsOtherwise() {
    Structure structure =
        structure("{\"num_hidden_layers\": 32}", blocks("model.layers.", 4, "x.weight"));
    assertThat(structure.stacks()).isEmpty();
    assertThat(structure.doubts())
        .containsExactly(
            new Doubt(
                "model.layers.",
                "config.json gives num_hidden_layers 32, but the tensors model.layers.* have 4"));
  }

  @Test
  void doubtsBlocksWithGaps() {
    Names gappy = names("model.layers.0.x.weight", "model.layers.3.x.weight");
    assertThat(structure("{}", gappy).doubts())
        .containsExactly(
            new Doubt(
                "model.layers.", "of the tensors model.layers.* there are 2 blocks, without 1, 2"));
    assertThat(structure("{\"n_layer\": 4}", gappy).doubts())
        .containsExactly(
            new Doubt(
                "model.layers.",
                "config.json gives n_layer 4, but the tensors model.layers.* have 2, without 1, 2"));
  }

  @Test
  void namesAStackByItsPrefixWhereAWordIsNotEnough() {
    Structure structure =
        structure(
            """
            {"vision_config": {"model_type": "v", "num_hidden_layers": 5, "num_global_layers": 2}}""",
            blocks("vision_model.transformer.layers.", 5, "x.weight"),
            blocks("vision_model.global_transformer.layers.", 2, "x.weight"));
    assertThat(structure.named("vision")).hasSize(2);
    assertThat(structure.named("vision_model.global_transformer.layers"))
        .extracting(stack -> stack.count().map(CountKey::path))
        .containsExactly(Optional.of("vision_config.num_global_layers"));
    assertThat(structure.named("audio")).isEmpty();
  }
}
