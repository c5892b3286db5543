package dev.stockpot.merge.storage.hadoop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a folder held before it is published, as the lock remembers it and as it goes. */
class OldFolderTest {
  @TempDir private Path root;
  private HadoopFolder folder;

  @BeforeEach
  void open() throws IOException {
    folder =
        HadoopFolder.of(
            Connections.of(new Connections.Owner(Map.of(), "old folders")),
            new Location("file:" + root.resolve("out")));
  }

  private StoredObject object(String name, long size, String version) {
    return new StoredObject(folder.location().descendant(name), size, version);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model.safetensors",
        "1_Pooling/config.json",
        "a name with spaces",
        "100 % ü 模型 + & = ?.txt",
        "%20",
        "line\nbreak"
      })
  void everyNameIsRememberedAsItIs(String name) {
    String version = "\"etag\" of 7 %\n";
    OldFolder old = new OldFolder(folder, Map.of(name, object(name, 42, version)));
    OldFolder again = OldFolder.parse(folder, old.text());
    assertThat(again.text()).isEqualTo(old.text());
    assertThat(again.version(name)).hasValue(version);
    assertThat(again.version(name + "x")).isEmpty();
  }

  @Test
  void anEmptyFolderIsRememberedToo() {
    OldFolder old = new OldFolder(folder, Map.of());
    assertThat(old.text()).isNotEmpty();
    assertThat(OldFolder.parse(folder, old.text()).text()).isEqualTo(old.text());
  }

  @Test
  void itsTextHasOneOrderWhateverTheOrderWas() {
    Map<String, StoredObject> one = new TreeMap<>();
    for (String name : List.of("b", "a", "c/d")) {
      one.put(name, object(name, name.length(), "v" + name));
    }
    assertThat(new OldFolder(folder, one).text())
        .isEqualTo("publishing, instead of:\na 1 va\nb 1 vb\nc%2Fd 3 vc%2Fd");
  }

  @Test
  void allButWhatIsReplacedIsDeletedAndNothingElse() throws IOException {
    Path out = Files.createDirectories(root.resolve("out/below"));
    Map<String, StoredObject> objects = new TreeMap<>();
    for (String name : List.of("large", "small", "below/one")) {
      Files.writeString(root.resolve("out").resolve(name), name);
      objects.put(name, object(name, name.length(), "1"));
    }
    Files.writeString(root.resolve("out/foreign"), "of somebody");
    OldFolder old = new OldFolder(folder, objects);
    assertThat(old.isTouched(List.of())).isFalse();
    assertThat(old.keepsNameOf(List.of())).isFalse();

    old.delete(List.of());
    assertThat(old.isTouched(List.of())).isTrue();
    assertThat(root.resolve("out/large")).doesNotExist();
    assertThat(out.resolve("one")).doesNotExist();
    assertThat(root.resolve("out/foreign")).exists();
    assertThat(old.version("large")).isEmpty();
  }
}
