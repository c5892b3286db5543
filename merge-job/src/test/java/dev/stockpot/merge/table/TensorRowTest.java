package dev.stockpot.merge.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.StoredObject;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TensorRowTest {
  @ParameterizedTest
  @CsvSource({
    "model.layers.3.mlp.up_proj.weight, model.layers, 3, mlp.up_proj",
    "model.layers.3.mlp.experts.17.w1.weight, model.layers, 3, mlp.experts.*.w1",
    "model.layers.3.self_attn.q_proj.bias, model.layers, 3, self_attn.q_proj.bias",
    "h.11.attn.c_attn.weight, h, 11, attn.c_attn",
    "0.linear1.weight, '', 0, linear1",
    "model.norm.weight, '', -1, norm",
    "lm_head.weight, '', -1, lm_head"
  })
  void aBlockHasTheSameNameInEachLayer(String name, String stack, int layer, String block) {
    TensorInfo tensor =
        new TensorInfo(
            name,
            DType.F32,
            Shape.of(1),
            new StoredObject(Location.typed("/models/a/model.safetensors"), 100, "v"),
            new ByteRange(10, 14));

    assertThat(new TensorRow("a", tensor, stack, layer).block()).isEqualTo(block);
  }
}
