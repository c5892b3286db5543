package dev.stockpot.merge.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.model.Reduced;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a configuration says is understood as PEFT does, or refused by name. */
class AdapterConfigTest {
  private final List<String> problems = new ArrayList<>();

  private Optional<AdapterConfig> parse(String fields) {
    return AdapterConfig.parse("{\"peft_type\": \"LORA\", %s}".formatted(fields), problems);
  }

  private AdapterConfig good(String fields) {
    Optional<AdapterConfig> config = parse(fields);
    assertThat(problems).isEmpty();
    return config.orElseThrow();
  }

  @Test
  void silenceMeansWhatPeftMakesOfIt() {
    AdapterConfig config = good("\"bias\": \"none\"");
    assertThat(config.scales().rankOf("x")).isEqualTo(8);
    assertThat(config.scales().scaleOf("x", 8)).isEqualTo(1);
    assertThat(config.base()).isEmpty();
    assertThat(config.notices()).isEmpty();
  }

  @Test
  void alphaIsDividedByTheRankOrItsRoot() {
    assertThat(good("\"r\": 16, \"lora_alpha\": 8").scales().scaleOf("x", 16)).isEqualTo(0.5f);
    assertThat(good("\"r\": 16, \"lora_alpha\": 8, \"use_rslora\": true").scales().scaleOf("x", 16))
        .isEqualTo(2);
    assertThat(good("\"r\": 4, \"lora_alpha\": 10.5").scales().scaleOf("x", 4)).isEqualTo(2.625f);
  }

  @Test
  void theFirstPatternThatMatchesAWholeEndOfTheNameCounts() {
    AdapterConfig config =
        good(
            """
            "r": 4, "lora_alpha": 8,
            "rank_pattern": {"layers.0.q_proj": 2, ".*q_proj": 6, "o_proj": 3},
            "alpha_pattern": {"_proj": 100, "(q|k)_proj": 12}""");
    Scales scales = config.scales();
    assertThat(scales.rankOf("model.layers.0.q_proj")).isEqualTo(2);
    assertThat(scales.rankOf("model.layers.1.q_proj")).isEqualTo(6);
    assertThat(scales.rankOf("model.layers.1.o_proj")).isEqualTo(3);
    assertThat(scales.rankOf("model.layers.1.v_proj")).isEqualTo(4);
    assertThat(scales.scaleOf("model.layers.0.q_proj", 2)).isEqualTo(6);
    assertThat(scales.scaleOf("model.layers.1.v_proj", 4)).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({"LOHA", "LOKR", "OFT", "IA3", "VERA", "ADALORA", "PROMPT_TUNING"})
  void otherKindsAreRefusedByName(String type) {
    AdapterConfig.parse("{\"peft_type\": \"%s\"}".formatted(type), problems);
    assertThat(problems)
        .containsExactly(
            ("it is a %s adapter, and only LoRA is baked here; merge it where it was made, with"
                    + " `merge_and_unload()` of the peft library, and name the result")
                .formatted(type));
  }

  @Test
  void aConfigurationWithoutAKindIsRefused() {
    AdapterConfig.parse("{\"r\": 8}", problems);
    assertThat(problems)
        .containsExactly(
            "adapter_config.json has no `peft_type`. Fetch it again, or save the adapter with a"
                + " newer peft");
  }

  @ParameterizedTest
  @CsvSource({
    "use_qalora, true, QA-LoRA",
    "kasa_config, '{\"beta\": 1}', KaSA",
    "use_bdlora, '{\"nblocks\": 2}', BD-LoRA",
    "alora_invocation_tokens, '[1, 2]', activated LoRA",
    "arrow_config, '{\"top_k\": 2}', Arrow",
    "monteclora_config, '{\"n\": 2}', MonteCLoRA",
    "layer_replication, '[[0, 2], [1, 3]]', repeats layers"
  })
  void variantsThatAreOtherFunctionsAreRefusedByName(String key, String value, String word) {
    assertThat(parse("\"%s\": %s".formatted(key, value))).isEmpty();
    assertThat(problems).hasSize(1);
    assertThat(problems.get(0)).startsWith("it has `%s`: it ".formatted(key)).contains(word);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"use_qalora\": false",
        "\"kasa_config\": null",
        "\"loftq_config\": {}",
        "\"layer_replication\": null",
        "\"alora_invocation_tokens\": null",
        "\"velora_config\": {\"rank\": 1}",
        "\"init_lora_weights\": true",
        "\"init_lora_weights\": false",
        "\"init_lora_weights\": \"gaussian\"",
        "\"init_lora_weights\": \"eva\"",
        "\"init_lora_weights\": \"orthogonal\"",
        "\"init_lora_weights\": \"MiCA\""
      })
  void whatChangesNothingOfAMergeIsTaken(String fields) {
    assertThat(good(fields).notices()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"pissa_niter_4", "corda", "loftq", "lora_ga", "something_new"})
  void adaptersOfABaseThatWasChangedAreRefusedByName(String start) {
    assertThat(parse("\"init_lora_weights\": \"%s\"".formatted(start))).isEmpty();
    assertThat(problems).hasSize(1);
    assertThat(problems.get(0))
        .startsWith("`init_lora_weights` is %s: training ".formatted(start))
        .contains("`path_initial_model_for_weight_conversion`");
  }

  @Test
  void keysThatNobodyKnowsAreTold() {
    assertThat(good("\"use_novelty\": true, \"other\": null").notices())
        .containsExactly(
            "adapter_config.json has keys that are not known here and are ignored: use_novelty");
  }

  @ParameterizedTest
  @CsvSource({
    "'\"r\": \"8\"', '`r` must be a number'",
    "'\"r\": 0', '`r` is 0, must be a whole number from 1 to 1048576'",
    "'\"r\": 7.5', '`r` is 7.5, must be a whole number from 1 to 1048576'",
    "'\"r\": 1e30', "
        + "'`r` is 1000000000000000000000000000000, must be a whole number from 1 to 1048576'",
    "'\"use_rslora\": 1', '`use_rslora` must be true or false'",
    "'\"rank_pattern\": [1]', '`rank_pattern` must map names to numbers'",
    "'\"alpha_pattern\": {\"q\": \"x\"}', '`alpha_pattern` must map names to numbers'",
    "'\"modules_to_save\": [1]', '`modules_to_save` must be a list of names'",
    "'\"trainable_token_indices\": [1, 1]', "
        + "'`trainable_token_indices` must list ids of tokens, each once'",
    "'\"trainable_token_indices\": [-1]', "
        + "'`trainable_token_indices` must list ids of tokens, each once'"
  })
  void valuesOfOtherTypesAreProblems(String fields, String problem) {
    assertThat(parse(fields)).isEmpty();
    assertThat(problems).containsExactly("adapter_config.json: " + problem);
  }

  @Test
  void aPatternThatIsNoneIsAProblem() {
    assertThat(parse("\"rank_pattern\": {\"q(\": 1}")).isEmpty();
    assertThat(problems.get(0)).contains("`rank_pattern` has a key that is no regular expression");
  }

  @ParameterizedTest
  @CsvSource({"'[1]', is not a JSON object", "'{', is not JSON", "'', is not JSON"})
  void whatIsNoJsonIsRefused(String text, String what) {
    assertThat(AdapterConfig.parse(text, problems)).isEmpty();
    assertThat(problems.get(0))
        .startsWith("adapter_config.json " + what)
        .endsWith("Fetch it again");
  }

  @Test
  void modulesToSaveAreFoundByTheEndsOfNames() {
    AdapterConfig config = good("\"modules_to_save\": [\"norm\", \"lm_head\"]");
    assertThat(config.copies("lm_head.weight")).isTrue();
    assertThat(config.copies("model.layers.0.input_layernorm.weight")).isTrue();
    assertThat(config.copies("model.embed_tokens.weight")).isFalse();
  }

  @Test
  void parametersBelongToTheModuleThatTheyEndWith() {
    AdapterConfig config =
        good("\"target_parameters\": [\"mlp.experts.down_proj\", \"mlp.experts.gate_up_proj\"]");
    assertThat(config.parametersOf("model.layers.3.mlp.experts"))
        .containsExactly("down_proj", "gate_up_proj");
    assertThat(config.parametersOf("model.layers.3.mlp")).isEmpty();
    assertThat(config.parametersOf("model.layers.3.xmlp.experts")).isEmpty();
  }

  @Test
  void tokensAreThoseOfAModuleOrOfTheEmbedding() {
    assertThat(good("\"trainable_token_indices\": [3, 1]").tokensOf("model.embed_tokens"))
        .hasValue(List.of(3L, 1L));
    AdapterConfig named = good("\"trainable_token_indices\": {\"embed_tokens\": [7]}");
    assertThat(named.tokensOf("model.embed_tokens")).hasValue(List.of(7L));
    assertThat(named.tokensOf("lm_head")).isEmpty();
  }

  @Test
  void ofSeveralModulesWithTokensTheOneThatIsNamedInFullCounts() {
    for (String both :
        List.of(
            "\"embed_tokens\": [1], \"decoder.embed_tokens\": [2]",
            "\"decoder.embed_tokens\": [2], \"embed_tokens\": [1]")) {
      AdapterConfig config = good("\"trainable_token_indices\": {%s}".formatted(both));
      assertThat(config.tokensOf("model.decoder.embed_tokens")).hasValue(List.of(2L));
      assertThat(config.tokensOf("model.encoder.embed_tokens")).hasValue(List.of(1L));
    }
  }

  @Test
  void partsThatWereTakenFromTheBaseAreKnownByTheirNamesInAnyCase() {
    assertThat(good("\"init_lora_weights\": \"PiSSA\"").start()).hasValue(Reduced.Part.PRINCIPAL);
    assertThat(good("\"init_lora_weights\": \"olora\"").start())
        .hasValue(Reduced.Part.FIRST_COLUMNS);
    assertThat(good("\"init_lora_weights\": true").start()).isEmpty();
    assertThat(good("\"r\": 4").start()).isEmpty();
  }

  @Test
  void allThatCannotBeBakedIsToldAtOnce() {
    assertThat(
            parse(
                "\"use_qalora\": true, \"arrow_config\": {\"top_k\": 1},"
                    + " \"init_lora_weights\": \"corda\""))
        .isEmpty();
    assertThat(problems).hasSize(3);
    assertThat(String.join(" ", problems)).contains("QA-LoRA", "Arrow", "hangs on data");
  }
}
