package dev.stockpot.merge.storage;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.UserException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Stream;

/**
 * Where a location really is, so that two spellings of one folder are one place: links are
 * followed, {@code ..} leads where the system leads it, {@code s3://} is {@code s3a://}.
 */
public final class Place {
  /** Schemes that are spellings of one: the same object answers to both. */
  private static final Map<String, String> SAME_SCHEME =
      Map.of("s3", "s3a", "s3n", "s3a", "abfss", "abfs", "wasbs", "wasb");

  /** A model's folder, and the folders of its modules. */
  private static final int LINK_DEPTH = 2;

  private final String scheme;
  private final String authority;
  private final Path real;
  private final Set<Path> spellings;
  private final BiPredicate<Path, Path> same;

  private Place(
      String scheme,
      String authority,
      Path real,
      Set<Path> spellings,
      BiPredicate<Path, Path> same) {
    this.scheme = scheme;
    this.authority = authority;
    this.real = requireNonNull(real, "real is null");
    this.spellings = spellings;
    this.same = same;
  }

  /** The place of a location, whether something is there or not. Asks no remote store. */
  public static Place of(Location location) {
    return location.scheme().equals(Location.FILE)
        ? local(location.localPath(), Place::isSameFile)
        : remote(location);
  }

  private static Place remote(Location location) {
    String scheme = location.scheme();
    String rest = location.path().substring(location.path().indexOf(':') + 1);
    String authority = "";
    if (rest.startsWith("//")) {
      int end = rest.indexOf('/', 2);
      authority = end < 0 ? rest.substring(2) : rest.substring(2, end);
      rest = end < 0 ? "/" : rest.substring(end);
    }
    Path path = Path.of("/" + rest).normalize(); // also of doubled slashes, as Hadoop does it
    return new Place(
        SAME_SCHEME.getOrDefault(scheme, scheme),
        authority.toLowerCase(Locale.ROOT),
        path,
        Set.of(path),
        Path::equals);
  }

  /**
   * A place on this machine.
   *
   * @param same whether two paths that are there are one file: on some systems {@code A} is {@code
   *     a}
   */
  static Place local(Path path, BiPredicate<Path, Path> same) {
    Path real = real(path);
    Path absolute = path.toAbsolutePath();
    Set<Path> spellings = new LinkedHashSet<>();
    spellings.add(real);
    if (absolute.getParent() != null && !absolute.endsWith("..")) {
      spellings.add(real(absolute.getParent()).resolve(absolute.getFileName())); // a link itself
    }
    if (absolute.equals(absolute.normalize())) {
      spellings.add(absolute); // links on the way
    }
    return new Place(Location.FILE, "", real, spellings, same);
  }

  private static boolean isSameFile(Path a, Path b) {
    try {
      return a.equals(b) || (Files.exists(a) && Files.exists(b) && Files.isSameFile(a, b));
    } catch (IOException e) { // one of them is gone, or not for us to see
      return false;
    }
  }

  /**
   * A path without links and dots, as far as it exists; the rest is taken as it stands. A link that
   * leads nowhere is the rest.
   */
  public static Path real(Path path) {
    Path absolute = path.toAbsolutePath();
    Path real = absolute.getRoot();
    for (Path step : absolute) {
      String name = step.toString();
      if (name.equals("..")) {
        real = Optional.ofNullable(real.getParent()).orElse(real);
      } else if (!name.isEmpty() && !name.equals(".")) {
        real = followed(real.resolve(step));
      }
    }
    return real;
  }

  private static Path followed(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) { // not there, or not for us to see
      return path;
    }
  }

  /** Whether both are one place. */
  public boolean is(Place other) {
    return isOfOneSystem(other) && same.test(real, other.real);
  }

  /** Whether the location names the place itself, and not a link to it. */
  public boolean isNamedBy(Location location) {
    Path name = Path.of(location.name());
    return name.equals(real.getFileName());
  }

  private boolean isOfOneSystem(Place other) {
    return scheme.equals(other.scheme)
        && (authority.equals(other.authority)
            || authority.isEmpty() // the default one, which may be the other's
            || other.authority.isEmpty());
  }

  /** Whether the other place is this one, or lies in it. */
  public boolean holds(Place other) {
    return other.spellings.stream().anyMatch(spelling -> step(other, spelling).isPresent());
  }

  /** Whether the other place, all links followed, is this one or lies in it. */
  public boolean reallyHolds(Place other) {
    return step(other, other.real).isPresent();
  }

  /** Whether this lies in a snapshot of a download cache, and the other place is a blob of it. */
  public boolean isSnapshotOf(Place blob) {
    for (Path above = real; above.getParent() != null; above = above.getParent()) {
      if (above.endsWith("snapshots")) {
        return isOfOneSystem(blob) && blob.real.startsWith(above.resolveSibling("blobs"));
      }
    }
    return false;
  }

  /** The name of the entry of this folder that is the other place or leads to it. */
  public Optional<String> towards(Place other) {
    return step(other, other.real)
        .map(step -> step.getName(0).toString())
        .filter(name -> !name.isEmpty());
  }

  /** The way from here to a spelling of the other place; empty text if it is this one. */
  private Optional<Path> step(Place other, Path spelling) {
    if (!isOfOneSystem(other)) {
      return Optional.empty();
    }
    for (Path above = spelling; above != null; above = above.getParent()) {
      if (same.test(above, real)) {
        return Optional.of(above.relativize(spelling));
      }
    }
    return Optional.empty();
  }

  /**
   * Where the links in this folder lead: a snapshot of a download cache lies in one place, its
   * bytes in another.
   */
  public List<Location> linked() {
    List<Location> targets = new ArrayList<>();
    if (!scheme.equals(Location.FILE) || !Files.isDirectory(real)) {
      return targets;
    }
    try (Stream<Path> entries = Files.walk(real, LINK_DEPTH, new FileVisitOption[0])) {
      for (Path entry : (Iterable<Path>) entries::iterator) {
        if (Files.isSymbolicLink(entry)) {
          targets.add(new Location(real(entry).toString()));
        }
      }
    } catch (IOException | java.io.UncheckedIOException e) {
      throw new UserException("%s cannot be listed: %s".formatted(real, e.getMessage()), e);
    }
    return targets;
  }

  /** The whole of it, for messages. */
  @Override
  public String toString() {
    return scheme.equals(Location.FILE)
        ? real.toString()
        : URI.create(scheme + "://" + authority) + real.toString();
  }
}
