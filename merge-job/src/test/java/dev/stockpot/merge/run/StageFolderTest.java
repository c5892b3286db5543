package dev.stockpot.merge.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.Stage;
import dev.stockpot.merge.recipe.UnknownKeys;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.MemoryStore;
import java.io.IOException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotBlank;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Stages have folders of their own beside the output, whatever they are called. */
class StageFolderTest {
  private static final Location OUTPUT = new Location("s3://b/out");
  private static final StageFolder FOLDER = StageFolder.beside(OUTPUT, /* keepsAll= */ true);

  private static Stage stage(String name) throws IOException {
    Recipe soup =
        MergeRecipe.by("uniform_soup")
            .model("a")
            .build()
            .read(new MemoryStore(), UnknownKeys.ERROR)
            .ofOneMerge();
    return new Stage(name, soup);
  }

  private static Location of(String name) throws IOException {
    return FOLDER.of(stage(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "first.merge-2_b", "0", "A..b", "x."})
  void aPlainNameIsTheFolders(String name) throws IOException {
    assertThat(of(name)).isEqualTo(new Location("s3://b/out-stages/" + name));
  }

  @ParameterizedTest
  @CsvSource({
    "a b, a_b-",
    "a/b, a_b-",
    "a:b, a_b-",
    "/abs/é, _abs__-",
    ".., __-",
    ".hidden, _hidden-",
    ".v1.2, _v1_2-",
  })
  void othersAreSpelledSoThatTheyAreOneFolder(String name, String begin) throws IOException {
    String folder = of(name).name();
    assertThat(folder).startsWith(begin).hasSize(begin.length() + 8);
    assertThat(of(name)).isEqualTo(StageFolder.kept(OUTPUT).child(folder));
  }

  @Test
  void namesThatDifferInWhatNoFolderIsCalledHaveTwoFolders() throws IOException {
    assertThat(of("a b")).isNotEqualTo(of("a:b")).isNotEqualTo(of("a_b"));
    String long60 = "x".repeat(60);
    assertThat(of(long60).name()).isEqualTo(long60);
    assertThat(of(long60 + "y").name()).startsWith(long60 + "-").hasSize(69);
    assertThat(of(long60 + "y")).isNotEqualTo(of(long60 + "z"));
  }

  @Property(tries = 200)
  void anyNameIsOnePlainFolderThatFileSystemsTake(@ForAll @NotBlank String name)
      throws IOException {
    Location folder = of(name);
    assertThat(folder.path()).startsWith("s3://b/out-stages/");
    assertThat(folder.name()).matches("[A-Za-z0-9_-][A-Za-z0-9._-]{0,68}");
    assertThat(folder).isEqualTo(of(name));
  }

  @Test
  void stagesThatGoLieApartFromThoseThatStay() throws IOException {
    assertThat(StageFolder.beside(OUTPUT, false).of(stage("a")))
        .isEqualTo(new Location("s3://b/out-scratch/a"));
  }
}
