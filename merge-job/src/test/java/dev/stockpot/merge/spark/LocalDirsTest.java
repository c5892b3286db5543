package dev.stockpot.merge.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where Spark keeps its files; a file stands for all that is no folder one can write. */
class LocalDirsTest {
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    file = Files.createFile(folder.resolve("file"));
  }

  private static SparkConf conf(String dirs) {
    return new SparkConf(false).set("spark.local.dir", dirs);
  }

  private static void requires(String variable, SparkConf conf) {
    LocalDirs.requireOne(
        variable.isEmpty() ? Map.of() : Map.of("SPARK_LOCAL_DIRS", variable), conf);
  }

  @Test
  void theVariableIsNamedWithItsRemedy() {
    assertThatThrownBy(() -> requires(file + "/x", conf(folder.toString())))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("in '%s/x' (SPARK_LOCAL_DIRS), which cannot be written", file)
        .hasMessageContaining("set SPARK_LOCAL_DIRS to another");
  }

  @Test
  void soIsTheSetting() {
    assertThatThrownBy(() -> requires("", conf(file + "/x," + file)))
        .hasMessageContaining("'%s/x, %s' (spark.local.dir)", file, file);
  }

  @Test
  void oneOfSeveralIsEnough() {
    assertThatCode(() -> requires(file + "/x, " + folder, conf(file.toString())))
        .doesNotThrowAnyException();
  }

  @Test
  void sparkWritesIntoScratchOfThisProcess() {
    SparkConf conf = conf(folder + "," + file);
    LocalDirs.redirect(Map.of(), conf);

    assertThat(Path.of(conf.get("spark.local.dir"))).isEmptyDirectory().hasParent(folder);
  }

  @Test
  void whatTheVariableNamesStaysAsItIs() {
    SparkConf conf = conf(file.toString());
    LocalDirs.redirect(Map.of("SPARK_LOCAL_DIRS", folder.toString()), conf);

    assertThat(conf.get("spark.local.dir")).isEqualTo(file.toString());
    assertThat(folder).isDirectoryNotContaining("glob:**stockpot-*");
  }

  @Test
  void aFolderThatIsNotThereIsMadeAndLeftEmpty() {
    requires(folder + "/new/er", conf(file.toString()));

    assertThat(folder.resolve("new/er")).isEmptyDirectory();
  }

  @Test
  void noneIsNamedIsNoFolder() {
    assertThatThrownBy(() -> requires(" , ", conf(folder.toString())))
        .isInstanceOf(UserException.class);
  }

  @Test
  void withoutAnyTheTemporaryFolderIsTaken() {
    assertThatCode(() -> requires("", new SparkConf(false))).doesNotThrowAnyException();
  }
}
