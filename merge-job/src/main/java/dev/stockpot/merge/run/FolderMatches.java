package dev.stockpot.merge.run;

import dev.stockpot.merge.FirstFew;
import dev.stockpot.merge.checkpoint.NaturalOrder;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.Place;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Folders that match patterns. Each folder is listed once. A folder that a star stands for, and
 * that cannot be read or has not what the pattern goes on with, is passed over, and told.
 */
final class FolderMatches {
  private final ObjectSource store;
  private final Map<String, List<String>> listed = new HashMap<>();
  private final Set<String> absent = new TreeSet<>();
  private final Set<String> unreadable = new TreeSet<>();

  FolderMatches(ObjectSource store) {
    this.store = store;
  }

  /**
   * What a pattern matches, in natural order, spelled as it is.
   *
   * @param prefix of the pattern's place, without what is not to be in its matches
   * @param there what is taken to be there as well
   */
  List<String> of(String prefix, String pattern, Optional<Place> there) throws IOException {
    List<String> found = List.of("");
    boolean isOpen = false;
    for (String segment : pattern.split("(?<=/)", -1)) {
      String name = segment.endsWith("/") ? segment.substring(0, segment.length() - 1) : segment;
      Glob glob = new Glob(name);
      if (isOpen || glob.isPattern()) {
        found = step(prefix, found, glob, segment.substring(name.length()), isOpen, there);
      } else {
        found = found.stream().map(path -> path + segment).toList();
      }
      isOpen |= glob.isPattern();
    }
    return NaturalOrder.sort(found, path -> path);
  }

  /** Each path followed by all folders in it that match. */
  private List<String> step(
      String prefix,
      List<String> paths,
      Glob glob,
      String slash,
      boolean isOpen,
      Optional<Place> there)
      throws IOException {
    List<String> next = new ArrayList<>();
    for (String path : paths) {
      Set<String> children = children(prefix + path, isOpen, there);
      if (children.contains(glob.pattern())) { // what is called so is meant, star or not
        next.add(path + glob.pattern() + slash);
      } else if (glob.isPattern()) {
        children.stream().filter(glob::matches).forEach(child -> next.add(path + child + slash));
      } else {
        absent.add(path + glob.pattern());
      }
    }
    return next;
  }

  private Set<String> children(String folder, boolean isOpen, Optional<Place> there)
      throws IOException {
    Location location = new Location(folder.isEmpty() ? "." : folder);
    if (!listed.containsKey(location.path())) {
      listed.put(location.path(), folders(location, isOpen));
    }
    Set<String> names = new LinkedHashSet<>(listed.get(location.path()));
    there.flatMap(place -> Place.of(location).towards(place)).ifPresent(names::add);
    return names;
  }

  private List<String> folders(Location folder, boolean isOpen) throws IOException {
    try {
      return store.folders(folder).stream().map(Location::name).toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (FileSystemException e) {
      if (!isOpen) {
        throw e;
      }
      unreadable.add(folder.path());
      return List.of();
    }
  }

  /** What was passed over. */
  List<String> notices() {
    List<String> notices = new ArrayList<>();
    if (!unreadable.isEmpty()) {
      notices.add(
          "passed over, as it cannot be read by this user: %s".formatted(FirstFew.of(unreadable)));
    }
    if (!absent.isEmpty()) {
      notices.add("passed over, as no such folder is there: %s".formatted(FirstFew.of(absent)));
    }
    return notices;
  }
}
