package dev.stockpot.merge.plan;

/** Models of several stacks, as headers. */
abstract class StackCases {
  static ModelHeaders with(ModelHeaders model, String prefix, int layers) {
    for (int layer = 0; layer < layers; layer++) {
      model.tensor(prefix + layer + ".w", 8, 8);
    }
    return model;
  }

  static ModelHeaders internVl(String name) {
    ModelHeaders model =
        ModelHeaders.named(name)
            .config(
                """
                {"model_type": "internvl_chat", "llm_config": {"num_hidden_layers": 4},
                 "vision_config": {"num_hidden_layers": 6}}\
                """)
            .tensor("mlp1.0.weight", 8)
            .tensor("mlp1.1.weight", 8);
    return with(with(model, "vision_model.encoder.layers.", 6), "language_model.model.layers.", 4);
  }

  static ModelHeaders t5(String name) {
    ModelHeaders model =
        ModelHeaders.named(name)
            .config(
                """
                {"model_type": "t5", "num_layers": 4, "num_decoder_layers": 3,
                 "tie_word_embeddings": false}\
                """)
            .tensor("shared.weight", 32, 8)
            .tensor("encoder.final_layer_norm.weight", 8);
    return with(with(model, "encoder.block.", 4), "decoder.block.", 3);
  }

  static ModelHeaders glm(String name, boolean predicts) {
    ModelHeaders model =
        ModelHeaders.named(name)
            .config(
                """
                {"model_type": "glm4_moe", "num_hidden_layers": 3, "num_nextn_predict_layers": 1,
                 "tie_word_embeddings": false}\
                """)
            .tensor("model.norm.weight", 8);
    return with(model, "model.layers.", predicts ? 4 : 3);
  }

  static final String WRONG_COUNT =
      "config.json gives num_hidden_layers 32, but the tensors model.layers.* have 2";
}
