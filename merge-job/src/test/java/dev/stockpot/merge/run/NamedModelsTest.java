package dev.stockpot.merge.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.storage.MemoryStore;
import dev.stockpot.merge.storage.MemoryStore.Request;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Adapters that are named alone are put on their base. */
class NamedModelsTest {
  private final MemoryStore store = new MemoryStore();

  private void adapter(String name, String base) {
    MemoryModel.in(store, "s3://b/" + name)
        .file(
            "adapter_config.json",
            """
            {"peft_type": "LORA", "r": 1, "lora_alpha": 1, "target_modules": ["q"],
             "base_model_name_or_path": "%s"}
            """
                .formatted(base))
        .tensor("base_model.model.q.lora_A.weight", DType.F32, Shape.of(1, 2), 1, 2)
        .tensor("base_model.model.q.lora_B.weight", DType.F32, Shape.of(2, 1), 1, 2)
        .write("adapter_model.safetensors");
  }

  private NamedModels of(Optional<String> base, String... names) throws IOException {
    return NamedModels.of(List.of(names), base, PlacesOfTests.in(store));
  }

  @Test
  void modelsKeepTheirNames() throws IOException {
    NamedModels named = of(Optional.of("base"), "s3://b/a", "s3://b/run-*", "s3://b/c/");
    assertThat(named.models()).containsExactly("s3://b/a", "s3://b/run-*", "s3://b/c");
    assertThat(named.base()).hasValue("base");
    assertThat(named.areAdapters()).isFalse();
    assertThat(named.remarks()).isEmpty();
    assertThat(store.count(Request.FIND)).as("a pattern is no place").isEqualTo(2);
  }

  @Test
  void adaptersAreOnTheBaseThatTheFirstNames() throws IOException {
    adapter("x", "org/base");
    adapter("y", "/somebody/elses/disk");
    NamedModels named = of(Optional.empty(), "s3://b/x", "s3://b/y");
    assertThat(named.models()).containsExactly("org/base+s3://b/x", "org/base+s3://b/y");
    assertThat(named.base()).hasValue("org/base");
    assertThat(named.areAdapters()).isTrue();
    assertThat(named.remarks()).containsExactly("The adapters say that their base is org/base.");
  }

  @Test
  void aBaseThatIsKnownCountsMore() throws IOException {
    adapter("x", "org/base");
    NamedModels given = of(Optional.of("s3://b/base"), "s3://b/x");
    assertThat(given.models()).containsExactly("s3://b/base+s3://b/x");
    assertThat(given.remarks()).isEmpty();

    NamedModels beside = of(Optional.empty(), "s3://b/mine+s3://b/z", "s3://b/x");
    assertThat(beside.models()).containsExactly("s3://b/mine+s3://b/z", "s3://b/mine+s3://b/x");
    assertThat(beside.base()).hasValue("s3://b/mine");
    assertThat(beside.areAdapters()).isTrue();
  }

  @Test
  void oneModelAmongThemMakesThemNoAdapters() throws IOException {
    adapter("x", "org/base");
    NamedModels named = of(Optional.empty(), "s3://b/x", "s3://b/a");
    assertThat(named.models()).containsExactly("org/base+s3://b/x", "s3://b/a");
    assertThat(named.areAdapters()).isFalse();
  }

  @Test
  void anAdapterOfNothingAsksForItsBase() {
    adapter("x", "");
    assertThatThrownBy(() -> of(Optional.empty(), "s3://b/x"))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "s3://b/x is an adapter, and does not say of which model. Name that with --base");
  }
}
