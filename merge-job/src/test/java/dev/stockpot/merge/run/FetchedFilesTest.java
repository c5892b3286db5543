package dev.stockpot.merge.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.storage.ForwardingStore;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.MemoryStore;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which files of a model are copied, and by whom. */
class FetchedFilesTest {
  private static final Location FOLDER = new Location("/models/a");
  private static final int MIB = 1 << 20;

  private final MemoryStore store = new MemoryStore();

  private void write(String path, int bytes) {
    store.write(new Location(FOLDER.path() + "/" + path), new byte[bytes]);
  }

  private FetchedFiles files() throws IOException {
    return FetchedFiles.of(store, FOLDER);
  }

  @Test
  void weightsTextsAndTokenizersGoAndPicklesAndCodeStay() throws IOException {
    for (String name :
        List.of(
            "model.safetensors",
            "config.json",
            "tokenizer.model",
            "chat_template.jinja",
            "vocab.TXT",
            "README.md",
            "LICENSE",
            "LICENCE.txt",
            "NOTICE",
            "qwen.tiktoken",
            "USE_POLICY.md",
            "pytorch_model.bin",
            "model.gguf",
            "modeling_x.py",
            "consolidated.00.pth",
            "LICENSES_OF_DATA",
            ".gitattributes")) {
      write(name, 10);
    }
    FetchedFiles files = files();
    assertThat(files.left())
        .containsExactlyInAnyOrder(
            "pytorch_model.bin",
            "model.gguf",
            "modeling_x.py",
            "consolidated.00.pth",
            ".gitattributes");
    assertThat(files.count()).isEqualTo(12);
    assertThat(files.bytes()).isEqualTo(120);
  }

  @Test
  void whatIsLargeIsCopiedByTasks() throws IOException {
    write("model.safetensors", MIB + 1);
    write("tokenizer.json", MIB);
    write("vocab.json", MIB + 7);
    FetchedFiles files = files();
    assertThat(files.large()).containsOnlyKeys("model.safetensors", "vocab.json");
    assertThat(files.small()).containsOnlyKeys("tokenizer.json");
    assertThat(files.sizes())
        .containsEntry("model.safetensors", MIB + 1L)
        .containsEntry("vocab.json", MIB + 7L);
  }

  @Test
  void foldersBelowGoAlongUnlessTheyAreHiddenOrTooDeep() throws IOException {
    write("unet/model.safetensors", 10);
    write("unet/a/config.json", 10);
    write(".cache/huggingface/x.json", 10);
    write("1/2/3/4/5/6/7/8/deep.json", 10);
    write("1/2/3/4/5/6/7/8/9/deeper.json", 10);
    assertThat(files().small())
        .containsOnlyKeys(
            "unet/model.safetensors", "unet/a/config.json", "1/2/3/4/5/6/7/8/deep.json");
  }

  @Test
  void aFolderWithoutWeightsIsRefusedWithWhatItHasInstead() {
    write("config.json", 10);
    write("pytorch_model.bin", 10);
    assertThatThrownBy(this::files)
        .isInstanceOf(UserException.class)
        .hasMessage(
            "/models/a holds no safetensors file, but pytorch_model.bin. Give the folder of a model");
  }

  /** A store that says of a file what its bytes are, as a hub does. */
  private final class WithDigest implements ForwardingStore {
    private final String version;

    WithDigest(String version) {
      this.version = version;
    }

    @Override
    public ObjectStore store() {
      return store;
    }

    @Override
    public List<StoredObject> list(Location folder) throws IOException {
      return store.list(folder).stream()
          .map(file -> new StoredObject(file.location(), file.size(), version))
          .toList();
    }
  }

  @Test
  void theSmallOnesAreReadAndCompared() throws IOException {
    store.write(FOLDER.child("model.safetensors"), "hello\n".getBytes(UTF_8));
    FetchedFiles plain = files();
    assertThat(plain.checked()).isZero();
    assertThat(plain.read(store)).containsOnlyKeys("model.safetensors");

    ObjectStore knowing = new WithDigest("git:ce013625030ba8dba906f756967f9e9ca394464a");
    assertThat(FetchedFiles.of(knowing, FOLDER).checked()).isEqualTo(1);
  }

  @Test
  void whatIsCopiedIsAnotherThingOnceAFileChanges() throws IOException {
    write("model.safetensors", 10);
    FetchedFiles before = files();
    assertThat(before.identity(FOLDER)).isEqualTo(files().identity(FOLDER));
    write("model.safetensors", 10);
    assertThat(files().identity(FOLDER)).isNotEqualTo(before.identity(FOLDER));
    assertThat(before.identity(FOLDER)).isNotEqualTo(before.identity(new Location("/models/b")));
  }
}
