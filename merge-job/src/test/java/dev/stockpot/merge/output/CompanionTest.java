package dev.stockpot.merge.output;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.MemoryStore;
import dev.stockpot.merge.storage.ObjectChangedException;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class CompanionTest {
  private static final Location TOKENIZER = new Location("memory://a/tokenizer.json");

  private final MemoryStore store = new MemoryStore();

  @Test
  void isCopiedWithTheBytesThatItHasInItsModel() throws IOException {
    store.write(TOKENIZER, "tokens".getBytes(UTF_8));
    StoredObject stored = store.find(TOKENIZER).orElseThrow();
    Companion copied = new Companion.Copied("1_Pooling/tokenizer.json", stored);

    assertThat(copied.name()).isEqualTo("1_Pooling/tokenizer.json");
    assertThat(UTF_8.decode(copied.content(store)).toString()).isEqualTo("tokens");
  }

  @Test
  void isNotCopiedOnceItIsAnother() {
    store.write(TOKENIZER, new byte[] {1});
    Companion copied = new Companion.Copied("a", store.find(TOKENIZER).orElseThrow());
    store.write(TOKENIZER, new byte[] {2});

    assertThatThrownBy(() -> copied.content(store)).isInstanceOf(ObjectChangedException.class);
  }

  @Test
  void isMadeAndCanBeReadMoreThanOnce() throws IOException {
    Companion made = new Companion.Made("README.md", UTF_8.encode("read me"));

    assertThat(UTF_8.decode(made.content(store)).toString()).isEqualTo("read me");
    assertThat(UTF_8.decode(made.content(store)).toString()).isEqualTo("read me");
    assertThat(store.count(MemoryStore.Request.OPEN)).isZero();
  }
}
