package dev.stockpot.merge.hub;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A hub of models, with the cache that its programs share. A model that is found is pinned to a
 * commit, and the {@link #source} reads it as {@code hf://org/name@commit}: from the cache what is
 * there, all else from the hub by ranges.
 */
public final class Hub {
  /** The scheme of its locations. */
  public static final String SCHEME = HubName.SCHEME;

  private final HubAccess access;
  private final boolean readsCache;
  private final HubCache cache;
  private final HubApi api;
  private final HubSource source;

  private Hub(HubAccess access, boolean readsCache, HubApi api, HubSource source) {
    this.access = requireNonNull(access, "access is null");
    this.readsCache = readsCache || access.closed().isPresent();
    this.cache = new HubCache(access.cache());
    this.api = api;
    this.source = source;
  }

  /**
   * A hub.
   *
   * @param readsCache whether those who read are on this machine, where the cache is; without a
   *     network it is read nevertheless
   */
  public static Hub of(HubAccess access, boolean readsCache) {
    return of(access, readsCache, Wire.PATIENCE, Wire.Pause.REAL);
  }

  /**
   * The same with other habits.
   *
   * @param patience for the next bytes of an answer
   */
  static Hub of(HubAccess access, boolean readsCache, Duration patience, Wire.Pause pause) {
    String name = HubSource.newName();
    Wire wire = new Wire(access.endpoint(), access.token(), new RequestCounts(), patience, pause);
    HubApi api = new HubApi(wire);
    return new Hub(access, readsCache, api, new HubSource(name, api, wire));
  }

  /**
   * A model that was found.
   *
   * @param folder at its commit
   * @param origin where its bytes are read, in words
   * @param files of this machine that are read
   * @param notices what a user should know
   */
  public record Found(Location folder, String origin, List<Location> files, List<String> notices) {
    public Found {
      files = List.copyOf(files);
      notices = List.copyOf(notices);
    }
  }

  /** Whether a text without a scheme can be the name of a model: {@code org/name@revision}. */
  public static boolean canName(String text) {
    return HubName.bare(text).isPresent();
  }

  /** Whether a text names something of a hub and nothing else. */
  public static boolean isUri(String text) {
    return HubName.isUri(text);
  }

  /** Reads what was found. */
  public ObjectSource source() {
    return source;
  }

  /**
   * Finds a model and pins it to a commit: one in the cache to the commit that it has there.
   *
   * @param text {@code org/name}, {@code org/name@revision}, {@code hf://…}
   * @throws UserException if it names no model
   * @throws IOException if it is not to be had; the message says why
   */
  public Found find(String text) throws IOException {
    HubName name = HubName.bare(text).orElseGet(() -> HubName.uri(text));
    Optional<String> commit = readsCache ? cache.commit(name) : Optional.empty();
    if (commit.isPresent()) {
      HubPlace repository = name.at(commit.get()).repository();
      Snapshot snapshot = cache.snapshot(repository);
      MissingFiles missing = MissingFiles.of(snapshot, name.folder(), cache.tree(repository));
      if (missing.isNone() || (access.closed().isPresent() && missing.weights().isEmpty())) {
        return cached(name, snapshot, missing);
      }
      if (access.closed().isPresent()) {
        throw incomplete(name, repository, missing);
      }
    }
    if (access.closed().isPresent()) {
      throw new HubException(
          "%s is not in the cache %s, and %s, so that nobody is asked for it. Download it: hf download %s"
              .formatted(name, access.cache(), access.closed().get(), name.download()));
    }
    return fromHub(name);
  }

  private HubException incomplete(HubName name, HubPlace repository, MissingFiles missing)
      throws IOException {
    return new HubException(
        "%s: files are missing in the cache (%s)%s: %s. %s, so that nobody is asked for it. Download it: hf download %s"
            .formatted(
                name,
                cache.snapshots(repository),
                cache.isInterrupted(repository) ? ", a download did not end" : "",
                missing.described(),
                access.closed().orElse(""),
                name.download()));
  }

  private Found cached(HubName name, Snapshot snapshot, MissingFiles missing) {
    source.add(snapshot);
    List<String> notices = new ArrayList<>();
    if (!missing.isNone()) {
      notices.add(
          "%s: the cache lacks %s, and %s, so that the merge goes without"
              .formatted(name, missing.described(), access.closed().orElse("")));
    }
    return found(name, snapshot, "the cache " + access.cache(), notices);
  }

  private Found found(HubName name, Snapshot snapshot, String origin, List<String> notices) {
    HubPlace repository = snapshot.repository();
    List<Location> files = new ArrayList<>();
    if (!snapshot.cached().isEmpty()) {
      files.add(new Location(cache.snapshots(repository).toString()));
    }
    return new Found(name.at(repository.commit()).location(), origin, files, notices);
  }

  private Found fromHub(HubName name) throws IOException {
    Snapshot snapshot =
        ListedModel.of(name, api, readsCache ? Optional.of(cache) : Optional.empty());
    source.add(snapshot);
    String origin =
        access.endpoint()
            + (snapshot.cached().isEmpty()
                ? ""
                : ", and of its files those that are in the cache from there");
    List<String> warnings =
        api.warnings().stream()
            .map(text -> "%s says: %s".formatted(access.endpoint(), text))
            .toList();
    return found(name, snapshot, origin, warnings);
  }
}
