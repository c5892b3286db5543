package dev.stockpot.merge.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stockpot.merge.json.JsonStyle;
import dev.stockpot.merge.json.JsonWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Recipes of the second golden set give the tensors and configurations of their oracles. */
class Golden2Test {
  @TempDir private Path folder;

  @BeforeAll
  static void sayIfThereIsNothingToCompareWith() {
    if (!Golden2Case.isHere()) {
      System.err.println("SKIPPED: Golden2Test, because " + Golden2Case.ROOT + " is not here");
    }
    assumeTrue(Golden2Case.isHere(), "no golden merges here");
  }

  // adapters baked into a base

  static List<Golden2Case> lora() {
    return Golden2Case.all(
        "lora_bf16",
        "lora_bias",
        "lora_bias_only",
        "lora_conv1d_gpt2",
        "lora_conv2d",
        "lora_dora",
        "lora_dora_after_plain",
        "lora_embeddings",
        "lora_fused_experts",
        "lora_fused_experts_onto_split_files",
        "lora_linear_on_top",
        "lora_modules_to_save",
        "lora_olora",
        "lora_patterns",
        "lora_pissa",
        "lora_plain",
        "lora_resized_vocabulary",
        "lora_rslora",
        "lora_ties_on_top",
        "lora_trainable_tokens",
        "lora_two_in_a_row");
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("lora")
  void bakesAdaptersAsPeftDoes(Golden2Case golden) throws IOException {
    golden.holds(folder);
  }

  // vocabularies and chat templates

  static List<Golden2Case> tokenizer() {
    return Golden2Case.all(
        "tok_base",
        "tok_bert_head_bias",
        "tok_model_path",
        "tok_pad_16",
        "tok_strip_pieces",
        "tok_tied_padded",
        "tok_tokens",
        "tok_unigram",
        "tok_union",
        "tok_union_base_model",
        "tok_union_ordinary",
        "tok_unused_beyond_size",
        "tok_wordpiece",
        "tok_zero");
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("tokenizer")
  void movesRowsWithTheirTokens(Golden2Case golden) throws IOException {
    Path output = golden.holds(folder);
    new Golden2Tokenizer(golden, output).holds();
  }

  // several documents

  static List<Golden2Case> stages() {
    return Golden2Case.all(
        "st_bf16_in_the_middle",
        "st_linear_of_linear",
        "st_merge_then_stack",
        "st_stack_then_linear",
        "st_ties_slerp");
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("stages")
  void mergesStagesAsIfEachWereWritten(Golden2Case golden) throws IOException {
    golden.holds(folder);
  }

  // mixtures of experts

  static List<Golden2Case> moe() {
    return Golden2Case.all(
            "moe_gate_file",
            "moe_gate_hidden",
            "moe_mixtral_llama",
            "moe_mixtral_mistral_bf16",
            "moe_qwen2_from_llama",
            "moe_qwen2_shared",
            "moe_qwen3")
        .stream()
        .map(Golden2Test::withTokens)
        .toList();
  }

  /** With the tokens of its prompts, where embeddings are read. */
  private static Golden2Case withTokens(Golden2Case golden) {
    boolean readsEmbeddings = !golden.name().startsWith("moe_gate_");
    return readsEmbeddings && Golden2Case.isHere()
        ? golden.saying(
            "prompt_ids: %s\ngate_mode: cheap_embed"
                .formatted(
                    JsonWriter.text(
                        JsonStyle.COMPACT, golden.expected().object("prompt_ids").orElseThrow())),
            "gate_mode: cheap_embed")
        : golden;
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("moe")
  void makesMixturesOfExperts(Golden2Case golden) throws IOException {
    golden.holds(folder);
  }

  // Fisher

  static List<Golden2Case> fisher() {
    return List.of(
            "fisher_exp_avg_sq",
            "fisher_fusionbench",
            "fisher_original",
            "fisher_plain",
            "fisher_tensor_norm")
        .stream()
        .map(name -> Golden2Case.of(name).saying("normalize:", "normalise:"))
        .map(
            golden ->
                golden.name().equals("fisher_fusionbench")
                    ? golden.saying("normalize_epsilon:", "normalise_epsilon:")
                    : golden)
        .toList();
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("fisher")
  void weighsElementsByFisherInformation(Golden2Case golden) throws IOException {
    golden.holds(folder);
  }

  // RegMean

  static List<Golden2Case> regmean() {
    return Golden2Case.all(
        "regmean_05_sums_equal", "regmean_05_tokens", "regmean_09", "regmean_1", "regmean_diag");
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("regmean")
  void solvesForWeightsByGramMatrices(Golden2Case golden) throws IOException {
    golden.holds(folder);
  }

  // adapters out of adapters

  static List<Golden2Case> adapter() {
    return Golden2Case.all("ad_cat", "ad_magnitude_prune_svd", "ad_svd", "ad_ties_svd");
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("adapter")
  void mergesAdaptersIntoOne(Golden2Case golden) throws IOException {
    new Golden2Adapter(golden, golden.merge(folder)).holds(folder);
  }

  // adapters cut out of fine-tunes

  static List<Golden2Case> extract() {
    // of a single model, whose weight the proposal leaves out
    return Golden2Case.all("ex_rank4", "ex_energy").stream()
        .map(golden -> golden.saying("merge_method: passthrough", "merge_method: linear"))
        .toList();
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("extract")
  void extractsAdapters(Golden2Case golden) throws IOException {
    Golden2Adapter adapter = new Golden2Adapter(golden, golden.merge(folder));
    adapter.holds(folder);
    adapter.hasRanks();
  }

  // rounds with state

  static List<Golden2Case> federated() {
    return Golden2Case.all(
        "fed_adagrad",
        "fed_adam",
        "fed_avgm",
        "fed_median",
        "fed_multikrum",
        "fed_q",
        "fed_trimmed",
        "fed_yogi");
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("federated")
  void makesRoundsOfFederatedLearning(Golden2Case golden) throws IOException {
    Golden2Rounds rounds = Golden2Rounds.of(golden, folder);
    rounds.hold("", folder);
    if (golden.name().equals("fed_multikrum")) {
      rounds.choseAsExpected("selected");
    }
  }

  @Test
  void bulyanChoosesAsItsPaperAndAsFlower() throws IOException {
    Golden2Case paper = Golden2Case.of("fed_bulyan");
    Golden2Rounds iterated = Golden2Rounds.of(paper, folder.resolve("paper"));
    iterated.hold("iterated-", folder.resolve("paper"));
    iterated.choseAsExpected("selected_by_iterated_krum");

    Golden2Case flower = paper.saying("f: 1\n  selection: multi_krum", "f: 1");
    Golden2Rounds once = Golden2Rounds.of(flower, folder.resolve("flower"));
    once.hold("", folder.resolve("flower"));
    once.choseAsExpected("selected");
  }

  // spectral and pruning methods

  static List<Golden2Case> spectral() {
    return Golden2Case.all(
        "sp_boosting", "sp_cabs", "sp_iso_c", "sp_resmerge", "sp_svc", "sp_tsv_m", "sp_wudi");
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("spectral")
  void mergesWholeMatrices(Golden2Case golden) throws IOException {
    golden.holds(folder);
  }

  // quantised inputs

  static List<Golden2Case> quantised() {
    return Golden2Case.all(
        "q_fp8_block",
        "q_fp8_block_merge",
        "q_fp8_tensor",
        "q_ct_fp8_channel",
        "q_int4_pack",
        "q_mxfp4");
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("quantised")
  void readsCodesWithTheirScales(Golden2Case golden) throws IOException {
    golden.holds(folder);
  }
}
