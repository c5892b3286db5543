package dev.stockpot.merge.commit;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.Place;
import java.util.ArrayList;
import java.util.List;

/**
 * Refuses an output folder that is, holds or lies in what a command reads, or that the user stands
 * or lives in, before anything is read: what is made there would take the place of what it is made
 * of. Whatever writes a folder asks it first.
 */
public final class OutputGuard {
  private static final String REMEDY = "Name another folder for the output";

  private final Location output;
  private final Place place;
  private final List<String> problems = new ArrayList<>();

  /** The guard of a folder that is to be written. Nobody's working or home folder may be in it. */
  public OutputGuard(Location output) {
    this.output = requireNonNull(output, "output is null");
    this.place = Place.of(output);
    file("the working folder", new Location(System.getProperty("user.dir")));
    file("your home folder", new Location(System.getProperty("user.home")));
  }

  /**
   * Adds a folder that is read.
   *
   * @param what it is, in words: {@code the model a (recipe.yml, line 3)}
   */
  public OutputGuard folder(String what, Location folder) {
    Place read = Place.of(folder);
    if (read.holds(place) && !place.holds(read)) {
      add("lies in", what, read);
    }
    file(what, folder);
    for (Location target : read.linked()) {
      if (place.holds(Place.of(target))) {
        problems.add(
            "%s holds %s, where a link in %s leads. %s".formatted(output, target, what, REMEDY));
      }
    }
    return this;
  }

  /** Adds a file that is read, or a folder of which only the place counts. */
  public OutputGuard file(String what, Location file) {
    Place read = Place.of(file);
    if (place.holds(read)) {
      add(read.holds(place) ? "is" : "holds", what, read);
    }
    return this;
  }

  private void add(String how, String what, Place read) {
    problems.add("%s %s %s, whose place is %s. %s".formatted(output, how, what, read, REMEDY));
  }

  /**
   * Ends the questions.
   *
   * @throws UserException if something that was added would be lost
   */
  public void check() {
    if (!problems.isEmpty()) {
      throw new UserException(String.join("\n", problems));
    }
  }
}
