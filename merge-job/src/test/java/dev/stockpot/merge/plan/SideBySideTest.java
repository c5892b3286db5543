package dev.stockpot.merge.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.UserException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * One model under two sets of names, with the user asking to copy what is missing: either the names
 * are seen through, or the merge is refused. Nothing of it is ever there twice.
 */
class SideBySideTest {
  private static final int PAIRS = 300;
  private static final String CONFIG = "{\"num_hidden_layers\": 3, \"tie_word_embeddings\": false}";

  /** Words of names as families have them, and what others write in their place. */
  private static final Map<String, List<String>> WORDS =
      Map.of(
          "model", List.of("", "module.model", "transformer", "language_model.model", "backbone"),
          "layers", List.of("h", "blocks", "encoder.layer", "layer", "x.layers"),
          "self_attn", List.of("attn", "attention", "attention.self", "self_attention"),
          "q_proj", List.of("query", "q", "wq", "to_q"),
          "o_proj", List.of("out_proj", "dense", "wo", "output.dense"),
          "mlp", List.of("ffn", "feed_forward", "block_sparse_moe"),
          "up_proj", List.of("w3", "fc1", "linear_1", "dense_h_to_4h"),
          "input_layernorm", List.of("ln_1", "norm1", "attention_norm"),
          "embed_tokens", List.of("wte", "word_embeddings", "embed_in", "tok_embeddings"));

  private static Map<String, long[]> tensors() {
    Map<String, long[]> tensors = new LinkedHashMap<>();
    tensors.put("model.embed_tokens.weight", new long[] {32, 8});
    for (int layer = 0; layer < 3; layer++) {
      String block = "model.layers.%s.".formatted(layer);
      tensors.put(block + "self_attn.q_proj.weight", new long[] {8, 8});
      tensors.put(block + "self_attn.o_proj.weight", new long[] {8, 8});
      tensors.put(block + "mlp.up_proj.weight", new long[] {16, 8});
      tensors.put(block + "input_layernorm.weight", new long[] {8});
    }
    tensors.put("model.norm.weight", new long[] {8});
    tensors.put("lm_head.weight", new long[] {32, 8});
    return tensors;
  }

  private static ModelHeaders model(String name, UnaryOperator<String> names) {
    ModelHeaders model = ModelHeaders.named(name).config(CONFIG);
    tensors().forEach((tensor, shape) -> model.tensor(names.apply(tensor), shape));
    return model;
  }

  /** Which words are others, and by what. */
  private static Map<String, String> spelling(Random random) {
    List<String> words = new ArrayList<>(new TreeSet<>(WORDS.keySet()));
    Collections.shuffle(words, random);
    Map<String, String> spelling = new LinkedHashMap<>();
    for (String word : words.subList(0, 1 + random.nextInt(4))) {
      List<String> others = WORDS.get(word);
      spelling.put(word, others.get(random.nextInt(others.size())));
    }
    return spelling;
  }

  private static String spelled(String name, Map<String, String> spelling) {
    StringBuilder other = new StringBuilder();
    for (String word : name.split("\\.", -1)) {
      String now = spelling.getOrDefault(word, word);
      other.append(other.isEmpty() || now.isEmpty() ? "" : ".").append(now);
    }
    return other.toString();
  }

  @Test
  void neverHoldsAModelTwice() {
    Random random = new Random(18);
    int merged = 0;
    for (int pair = 0; pair < PAIRS; pair++) {
      Map<String, String> spelling = spelling(random);
      UnaryOperator<String> theirs = name -> spelled(name, spelling);
      UnaryOperator<String> ours = name -> name;
      boolean isOtherFirst = random.nextBoolean();
      merged += mergesOrIsRefused(isOtherFirst ? theirs : ours, isOtherFirst ? ours : theirs);
    }
    assertThat(merged).isBetween(1, PAIRS - 1); // both ends are met
  }

  /** Whether a merge of the two could be planned: then every tensor is made of both. */
  private static int mergesOrIsRefused(UnaryOperator<String> first, UnaryOperator<String> second) {
    Set<String> donors = new TreeSet<>();
    tensors().keySet().forEach(name -> donors.add(first.apply(name)));
    try {
      MergePlan plan =
          Planning.of(Planning.linear("a", "b"), model("a", first), model("b", second))
              .copyingMissing()
              .plan();
      assertThat(Planning.names(plan)).containsExactlyInAnyOrderElementsOf(donors);
      for (String name : donors) {
        assertThat(Planning.inputs(plan, name)).as(name).hasSize(2);
      }
      return 1;
    } catch (UserException refusal) {
      assertThat(refusal)
          .hasMessageMatching("(?s).*(under two names|in one tensor|hardly a tensor).*");
      return 0;
    }
  }

  @Test
  void seesThroughWrappers() {
    List<String> wrappers =
        List.of("", "module.", "_orig_mod.", "model.", "module.model.", "_fsdp_wrapped_module.");
    for (String before : wrappers) {
      for (String after : wrappers) {
        assertThat(mergesOrIsRefused(name -> after + name, name -> before + name))
            .as("%s and %s", after, before)
            .isEqualTo(1);
      }
    }
  }
}
