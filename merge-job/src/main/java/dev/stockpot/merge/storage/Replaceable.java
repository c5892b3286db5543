package dev.stockpot.merge.storage;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What of an output folder may go when a new one takes its place. Whatever else lies there is
 * foreign: it keeps a merge from beginning, and what appears while one runs is left alone.
 *
 * @param use what is wanted of the folder
 * @param entries as {@link ObjectStore#tree} names them
 */
public record Replaceable(Use use, Set<String> entries) {

  /** What a folder is claimed for. */
  public enum Use {
    /** To make it, where there is none. */
    MAKE,
    /** To replace an earlier one. */
    REPLACE,
    /** To give up what lies beside it: it will not be published. */
    GIVE_UP
  }

  /** The folder must be empty. */
  public static final Replaceable NOTHING = new Replaceable(Use.MAKE, Set.of());

  /** The folder is not touched, whatever is in it. */
  public static final Replaceable UNTOUCHED = new Replaceable(Use.GIVE_UP, Set.of());

  private static final int NAMED = 5;
  private static final int MOST_FOREIGN = 1000;

  public Replaceable {
    requireNonNull(use, "use is null");
    entries = Set.copyOf(entries);
  }

  /** These entries, and no others, may go. */
  public static Replaceable of(Collection<String> entries) {
    return new Replaceable(Use.REPLACE, Set.copyOf(entries));
  }

  /** Whether an earlier folder is to be replaced. */
  public boolean isAsked() {
    return use == Use.REPLACE;
  }

  /** Whether the entry may go. An empty folder may where a file in it might have. */
  public boolean covers(String entry) {
    return entries.contains(entry)
        || (entry.endsWith("/") && entries.stream().anyMatch(any -> any.startsWith(entry)));
  }

  /** How many entries of a folder tell all that a refusal says. */
  public int enough() {
    return entries.size() + MOST_FOREIGN;
  }

  /** Those entries that may not go. */
  public List<String> foreign(Collection<String> there) {
    return new TreeSet<>(there).stream().filter(entry -> !covers(entry)).toList();
  }

  /**
   * Checks that nothing in the folder stands in the way.
   *
   * @throws OutputOccupiedException if something does
   */
  public void requireNothingElse(Location folder, Collection<String> there)
      throws OutputOccupiedException {
    List<String> foreign = foreign(there);
    if (use == Use.GIVE_UP || foreign.isEmpty()) {
      return;
    }
    throw new OutputOccupiedException(
        use == Use.MAKE
            ? "%s is not empty. Name another folder, or pass --overwrite to replace what it holds"
                .formatted(folder)
            : "%s holds %s. Move what you need elsewhere, or name another folder; --overwrite-foreign deletes it"
                .formatted(folder, described(foreign)));
  }

  /** Foreign entries in words: how many, and the first of them. */
  public static String described(List<String> foreign) {
    String count = foreign.size() >= MOST_FOREIGN ? "1,000 files or more" : files(foreign.size());
    String names = String.join(", ", foreign.subList(0, Math.min(NAMED, foreign.size())));
    return "%s that Stockpot did not write, or not as now: %s%s"
        .formatted(count, names, foreign.size() > NAMED ? ", …" : "");
  }

  private static String files(int count) {
    return count == 1 ? "1 file" : count + " files";
  }
}
