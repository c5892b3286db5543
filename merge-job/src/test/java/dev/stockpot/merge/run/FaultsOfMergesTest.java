package dev.stockpot.merge.run;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.local.LocalStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Faults of several merges are told together; and texts that people write are read, or refused. */
class FaultsOfMergesTest {
  private static final int MOST = 10 << 20;

  @TempDir private Path folder;

  @Test
  void givesWhatCameOfEach() throws IOException {
    assertThat(FaultsOfMerges.orElse(3, merge -> "m" + merge)).containsExactly("m0", "m1", "m2");
    assertThat(FaultsOfMerges.orElse(0, merge -> merge)).isEmpty();
  }

  @Test
  void oneFaultIsThatOne() {
    UserException fault = new UserException("of the second");
    assertThatThrownBy(
            () ->
                FaultsOfMerges.orElse(
                    3,
                    merge -> {
                      if (merge == 1) {
                        throw fault;
                      }
                      return merge;
                    }))
        .isSameAs(fault);
  }

  @Test
  void allAreTriedAndTheSameFaultIsToldOnce() {
    List<Integer> tried = new ArrayList<>();
    assertThatThrownBy(
            () ->
                FaultsOfMerges.orElse(
                    4,
                    merge -> {
                      tried.add(merge);
                      throw new UserException(merge % 2 == 0 ? "even" : "odd");
                    }))
        .isInstanceOf(UserException.class)
        .hasMessage("even\nodd");
    assertThat(tried).containsExactly(0, 1, 2, 3);
  }

  @Test
  void aFailureOfTheStoreEndsItAtOnce() {
    List<Integer> tried = new ArrayList<>();
    assertThatThrownBy(
            () ->
                FaultsOfMerges.orElse(
                    3,
                    merge -> {
                      tried.add(merge);
                      throw new IOException("gone");
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage("gone");
    assertThat(tried).containsExactly(0);
  }

  private Path write(String name, byte... bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private static String read(Path file) throws IOException {
    String ofThisMachine = SmallText.read(file, "a recipe");
    Location location = new Location(file.toString());
    assertThat(SmallText.read(new LocalStore(), location, "a recipe")).isEqualTo(ofThisMachine);
    return ofThisMachine;
  }

  @Test
  void textsAreReadAsTheyAre() throws IOException {
    assertThat(read(write("a", "\u00e9\n".getBytes(UTF_8)))).isEqualTo("\u00e9\n");
    assertThat(read(write("empty"))).isEmpty();
  }

  @Test
  void whatIsNoTextIsAskedFor() throws IOException {
    Path file = write("weights", "\u00e9\n".getBytes(ISO_8859_1));
    String message = "%s is not UTF-8 text. Is it a recipe?".formatted(file);
    assertThatThrownBy(() -> SmallText.read(file, "a recipe"))
        .isInstanceOf(UserException.class)
        .hasMessage(message);
    Location location = new Location(file.toString());
    assertThatThrownBy(() -> SmallText.read(new LocalStore(), location, "a recipe"))
        .hasMessage(message);
  }

  @Test
  void whatNobodyWritesByHandIsNotRead() throws IOException {
    Path file = write("large", new byte[MOST + 1]);
    assertThatThrownBy(() -> SmallText.read(file, "a recipe"))
        .isInstanceOf(UserException.class)
        .hasMessage("%s has more than %s bytes. Is it a recipe?".formatted(file, MOST));
    Location location = new Location(file.toString());
    assertThatThrownBy(() -> SmallText.read(new LocalStore(), location, "a recipe"))
        .hasMessage("%s has %s bytes. Is it a recipe?".formatted(file, MOST + 1));
    assertThat(read(write("full", new byte[MOST]))).hasSize(MOST);
  }

  @Test
  void whatIsNotThereIsNamed() {
    Path absent = folder.resolve("absent");
    assertThatThrownBy(() -> SmallText.read(absent, "a recipe"))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage(absent.toString());
    assertThatThrownBy(
            () -> SmallText.read(new LocalStore(), new Location(absent.toString()), "a recipe"))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage(absent.toString());
  }
}
