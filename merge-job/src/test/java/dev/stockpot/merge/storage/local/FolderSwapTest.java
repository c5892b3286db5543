package dev.stockpot.merge.storage.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.OutputOccupiedException;
import dev.stockpot.merge.storage.Replaceable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The step that a reader sees, of a folder that was gathered beside its place. */
class FolderSwapTest {
  private static final Replaceable MODEL = Replaceable.of(List.of("model", "config"));

  @TempDir private Path root;
  private Path out;
  private OutputPlace place;

  @BeforeEach
  void gather() throws IOException {
    out = root.resolve("out");
    place = OutputPlace.of(new Location(out.toString()), out);
    write(place.files(), "model", "new");
    write(place.files(), "below/config", "new");
  }

  private static void write(Path folder, String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private List<String> entries(Path folder) throws IOException {
    return List.copyOf(FileTree.entries(folder, Integer.MAX_VALUE));
  }

  @Test
  void aFolderThatIsNotThereAppearsWhole() throws IOException {
    new FolderSwap(place, Replaceable.NOTHING).make();
    assertThat(entries(out)).containsExactly("below/config", "model");
    assertThat(place.files()).doesNotExist();
  }

  @Test
  void anEmptyFolderGivesWay() throws IOException {
    Files.createDirectories(out);
    new FolderSwap(place, Replaceable.NOTHING).make();
    assertThat(entries(out)).containsExactly("below/config", "model");
  }

  @Test
  void oneThatWasFilledMeanwhileStaysAsItIs() throws IOException {
    write(out, "mine", "of somebody");
    FolderSwap swap = new FolderSwap(place, Replaceable.NOTHING);
    assertThatThrownBy(swap::make)
        .isInstanceOf(OutputOccupiedException.class)
        .hasMessageContaining("out is not empty. Name another folder");
    assertThat(entries(out)).containsExactly("mine");
    assertThat(entries(place.files())).containsExactly("below/config", "model");
  }

  @Test
  void whatIsReplacedGoesWhenTheNewOneIsThere() throws IOException {
    write(out, "model", "old");
    write(out, "config", "old");
    FolderSwap swap = new FolderSwap(place, MODEL);
    swap.make();
    assertThat(out.resolve("model")).hasContent("new");
    assertThat(entries(place.old())).containsExactly("config", "model");
    swap.forget();
    assertThat(place.old()).doesNotExist();
    assertThat(entries(out)).containsExactly("below/config", "model");
  }

  @Test
  void whatAppearedMeanwhileIsInTheNewFolder() throws IOException {
    write(out, "model", "old");
    write(out, "notes/mine", "of somebody");
    FolderSwap swap = new FolderSwap(place, MODEL);
    swap.make();
    swap.forget();
    assertThat(entries(out)).containsExactly("below/config", "model", "notes/mine");
    assertThat(out.resolve("notes/mine")).hasContent("of somebody");
    assertThat(place.old()).doesNotExist();
  }

  @Test
  void whatLiesWhereOursWouldLieIsNoReasonToLoseIt() throws IOException {
    write(out, "model", "old");
    write(out, "below/config", "of somebody");
    FolderSwap swap = new FolderSwap(place, MODEL);
    assertThatThrownBy(swap::make)
        .isInstanceOf(OutputOccupiedException.class)
        .hasMessageContaining("below/config, since this merge began");
    assertThat(out.resolve("model")).hasContent("old");
    assertThat(out.resolve("below/config")).hasContent("of somebody");
    assertThat(place.old()).doesNotExist();
  }

  @Test
  void whereTheNewOneIsGoneTheOldOneIsBack() throws IOException {
    write(out, "model", "old");
    FolderSwap swap = new FolderSwap(place, MODEL);
    FileTree.delete(place.files());
    assertThatThrownBy(swap::make).isInstanceOf(NoSuchFileException.class);
    assertThat(out.resolve("model")).hasContent("old");
    assertThat(place.old()).doesNotExist();
  }

  @Test
  void aDeathBetweenTheRenamesIsMended() throws IOException {
    write(out, "model", "old");
    place.writeDoomed(MODEL);
    Files.move(out, place.old());
    place.mendAfterCrash();
    assertThat(out.resolve("model")).hasContent("old");
    assertThat(place.old()).doesNotExist();
    assertThat(place.doomed()).doesNotExist();
  }

  @Test
  void aDeathBehindTheRenamesIsMendedToo() throws IOException {
    write(out, "model", "old");
    write(out, "mine", "of somebody");
    place.writeDoomed(MODEL);
    Files.move(out, place.old());
    Files.move(place.files(), out);
    place.mendAfterCrash();
    assertThat(out.resolve("model")).hasContent("new");
    assertThat(entries(out)).containsExactly("below/config", "mine", "model");
    assertThat(place.old()).doesNotExist();
  }
}
