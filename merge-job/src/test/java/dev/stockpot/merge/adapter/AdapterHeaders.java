package dev.stockpot.merge.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.adapter.AdapterModule.Pair;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.Stored;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.plan.ModelHeaders;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.StoredObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Adapters for tests of what is made of their names and shapes: headers without bytes. */
final class AdapterHeaders {
  private final ModelHeaders tensors = ModelHeaders.named("/adapters/lora");
  private final Map<String, StoredObject> tokenizer = new LinkedHashMap<>();
  private String fields = "\"r\": 4, \"lora_alpha\": 8";
  private boolean hasTemplate;

  /** Fields of the configuration, without the braces. */
  AdapterHeaders config(String text) {
    fields = text;
    return this;
  }

  AdapterHeaders tensor(String name, long... shape) {
    tensors.tensor("base_model.model." + name, shape);
    return this;
  }

  /** A LoRA of a module. */
  AdapterHeaders pair(String module, long rank, long out, long in) {
    return tensor(module + ".lora_A.weight", rank, in).tensor(module + ".lora_B.weight", out, rank);
  }

  AdapterHeaders tokenizer(String... files) {
    for (String file : files) {
      tokenizer.put(file, file(file));
      hasTemplate |= file.startsWith(Adapter.TEMPLATE);
    }
    return this;
  }

  /** Says that a chat template is within one of its files. */
  AdapterHeaders withTemplate() {
    hasTemplate = true;
    return this;
  }

  static StoredObject file(String name) {
    return new StoredObject(new Location("/adapters/lora/" + name), 8, "v1");
  }

  static AdapterConfig parsed(String fields) {
    List<String> problems = new ArrayList<>();
    String text = "{\"peft_type\": \"LORA\", %s}".formatted(fields);
    AdapterConfig config = AdapterConfig.parse(text, problems).orElseThrow();
    assertThat(problems).isEmpty();
    return config;
  }

  /** Two thin matrices. */
  static Pair pair(long rank, long out, long in) {
    Map<String, TensorSource> both =
        ModelHeaders.named("lora").tensor("a", rank, in).tensor("b", out, rank).open().tensors();
    return new Pair((Stored) both.get("a"), (Stored) both.get("b"));
  }

  Adapter open() {
    Model model = tensors.open();
    Map<String, Stored> stored = new LinkedHashMap<>();
    model.tensors().forEach((name, source) -> stored.put(name, (Stored) source));
    return new Adapter(
        model.folder(), parsed(fields), model.shards().get(0), stored, tokenizer, hasTemplate);
  }
}
