package dev.stockpot.merge.quantised;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.model.Packing;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.model.Unpacked;
import dev.stockpot.merge.plan.ModelHeaders;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A model with one module of codes, as it lies and as its configuration tells of it. */
abstract class CodedCase {
  static final String GROUPS = "quantization_config.config_groups.group_0.";

  final ModelHeaders headers = ModelHeaders.named("m");
  final Map<String, String> config = new HashMap<>();

  final CodedCase tensor(String name, DType dtype, long... shape) {
    headers.tensor("x." + name, dtype, shape);
    return this;
  }

  final CodedCase said(String key, Object value) {
    config.put(key, value.toString());
    return this;
  }

  /** What compressed-tensors says in its configuration. */
  final CodedCase compressed(String format, Object bits, Object group) {
    return said("quantization_config.quant_method", "compressed-tensors")
        .said("quantization_config.format", format)
        .said(GROUPS + "weights.num_bits", bits)
        .said(GROUPS + "weights.group_size", group);
  }

  final TensorSource part(String name) {
    return headers.open().tensors().get("x." + name);
  }

  final Optional<Map<String, TensorSource>> numbers() {
    Map<String, TensorSource> tensors = headers.open().tensors();
    CodedModule module = CodedModules.of(config, tensors).all().iterator().next();
    assertThat(module.isReadable()).isTrue();
    return module.numbers(tensors, config);
  }

  final void assertRead(String name, TensorSource expected) {
    assertThat(numbers().orElseThrow()).containsExactly(Map.entry("x." + name, expected));
  }

  final Unpacked unpacked(String name, Packing packing, long... shape) {
    return new Unpacked(part(name), packing, Shape.of(shape));
  }
}
