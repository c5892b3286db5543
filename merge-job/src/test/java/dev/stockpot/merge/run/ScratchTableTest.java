package dev.stockpot.merge.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.MemoryStore;
import dev.stockpot.merge.storage.StoredObject;
import dev.stockpot.merge.storage.local.LocalStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table that Spark writes beside an output: what is copied of it, and what goes. */
class ScratchTableTest {
  private static final Location OUTPUT = new Location("s3a://b/out");
  private final MemoryStore store = new MemoryStore();
  private final ScratchTable table = new ScratchTable(store, OUTPUT);

  private void write(String... names) {
    for (String name : names) {
      store.write(new Location("s3a://b/out-unfinished/" + name), new byte[name.length()]);
    }
  }

  @Test
  void partsAreNumberedInTheOrderOfSparksNames() throws IOException {
    write("_SUCCESS", ".part-00003-a.snappy.parquet.crc", "my-part-1");
    for (int part = 30; part > 0; part -= 2) {
      write("part-%05d-a.snappy.parquet".formatted(part));
    }
    List<String> names = new ArrayList<>();
    List<String> made = new ArrayList<>();
    for (int i = 0; i < 15; i++) {
      names.add("predictions/part-%05d.parquet".formatted(i));
      made.add("part-%05d-a.snappy.parquet".formatted(2 * i + 2));
    }
    Map<String, StoredObject> files = table.files("predictions");

    assertThat(files.keySet()).containsExactlyElementsOf(names);
    assertThat(files.values())
        .extracting(file -> file.location().name())
        .containsExactlyElementsOf(made);
  }

  @Test
  void whatSparkLeftGoesAndNothingElse() throws IOException {
    write(
        "part-00000-a.snappy.parquet",
        ".part-00000-a.snappy.parquet.crc",
        "_SUCCESS",
        "._SUCCESS.crc",
        "_temporary/0/_temporary/attempt_1/part-00000.parquet",
        "part-0.csv",
        "notes.txt",
        "mine/part-00000.parquet",
        "_SUCCESSES");

    assertThat(table.remove()).isTrue();
    assertThat(store.tree(table.folder(), 100))
        .containsExactlyInAnyOrder(
            "part-0.csv", "notes.txt", "mine/part-00000.parquet", "_SUCCESSES");
    assertThat(table.remove()).as("once").isFalse();
  }

  @Test
  void nothingThereIsNothingRemoved() throws IOException {
    assertThat(table.remove()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "s3a://b/out, s3a://b/out-unfinished",
    "hdfs://n:1/out/, hdfs://n:1/out-unfinished",
    "/data/out, file:/data/out-unfinished",
    "file:/data/out, file:/data/out-unfinished",
    "file:///data/out, file:/data/out-unfinished",
  })
  void sparkIsToldWhichFileSystemItIs(String output, String path) {
    assertThat(new ScratchTable(store, new Location(output)).path()).isEqualTo(path);
  }

  @Test
  void aRelativeFolderIsWhereThisProcessIs() {
    String here = Path.of("").toAbsolutePath().toString();
    assertThat(new ScratchTable(new LocalStore(), new Location("out")).path())
        .isEqualTo("file:%s/out-unfinished".formatted(here));
  }
}
