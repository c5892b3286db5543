package dev.stockpot.merge.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.method.TensorRole;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.structure.Structure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What tensors are for is told by their names, as libraries give them. */
class TensorRolesTest {
  private static TensorRole role(String config, String... names) {
    ModelHeaders headers = ModelHeaders.named("m");
    for (String name : names) {
      headers.tensor(name, DType.F32, 2, 2);
    }
    Model model = headers.config(config).open();
    Structure structure = ConfigTree.structure(model);
    return TensorRoles.of(names[0], structure);
  }

  @ParameterizedTest
  @CsvSource({
    "model.embed_tokens.weight,                                            EMBEDDING",
    "transformer.wte.weight,                                               EMBEDDING",
    "transformer.wpe.weight,                                               EMBEDDING",
    "shared.weight,                                                        EMBEDDING",
    "bert.embeddings.token_type_embeddings.weight,                         EMBEDDING",
    "vision_model.embeddings.position_embedding.weight,                    EMBEDDING",
    "encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight, EMBEDDING",
    "gpt_neox.embed_in.weight,                                             EMBEDDING",
    "embed_out.weight,                                                     HEAD",
    "lm_head.weight,                                                       HEAD",
    "output.weight,                                                        HEAD",
    "classifier.weight,                                                    HEAD",
    "classifier.out_proj.weight,                                           HEAD",
    "score.weight,                                                         HEAD",
    "cls.predictions.decoder.weight,                                       HEAD",
    "visual_projection.weight,                                             HEAD",
    "text_projection,                                                      HEAD",
    "head.fc.weight,                                                       HEAD",
    "model.layers.0.self_attn.q_proj.weight,                               INNER",
    "bert.encoder.layer.0.attention.output.dense.weight,                   INNER",
    "bert.pooler.dense.weight,                                             INNER",
    "blocks.0.attn.proj.weight,                                            INNER",
    "model.norm.weight,                                                    INNER",
    "multi_modal_projector.linear_1.weight,                                INNER",
    "model.layers.0.mlp.shared_expert.up_proj.weight,                      INNER",
    "model.layers.0.mlp.experts.3.up_proj.weight,                          INNER",
    "l1.weight,                                                            INNER"
  })
  void namesTell(String name, TensorRole role) {
    assertThat(role("{}", name)).isEqualTo(role);
  }

  @Test
  void whatLooksLikeAHeadWithinABlockIsNone() {
    String config = "{\"model_type\": \"x\", \"num_hidden_layers\": 2}";
    assertThat(role(config, "model.layers.0.head.weight", "model.layers.1.head.weight"))
        .isEqualTo(TensorRole.INNER);
  }
}
