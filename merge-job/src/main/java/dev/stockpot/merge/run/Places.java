package dev.stockpot.merge.run;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.checkpoint.Checkpoint;
import dev.stockpot.merge.hub.Hub;
import dev.stockpot.merge.hub.HubAccess;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.safetensors.CheckpointReader;
import dev.stockpot.merge.settings.HubUse;
import dev.stockpot.merge.settings.Settings;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.RoutingStore;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where that lies which recipes and commands name: a folder that is there comes first, then a model
 * of the hub. Each name is looked up once, so that all see one commit.
 */
final class Places {
  private final ObjectStore folders;
  private final String modelRoot;
  private final HubUse use;
  private final Hub hub;
  private final StageFiles stageFiles = new StageFiles();
  private final Map<String, Answer> answers = new LinkedHashMap<>();

  /** What a name was found to be. */
  private record Answer(
      Location location,
      Optional<Hub.Found> model,
      Optional<IOException> failure,
      List<String> notices) {
    static Answer folder(Location location, String... notices) {
      return new Answer(location, Optional.empty(), Optional.empty(), List.of(notices));
    }
  }

  private Places(ObjectStore folders, String modelRoot, HubUse use, Hub hub) {
    this.folders = folders;
    this.modelRoot = modelRoot;
    this.use = use;
    this.hub = hub;
  }

  /**
   * Places as settings and this process's variables have them.
   *
   * @param isHere whether those who read are on this machine
   */
  static Places of(ObjectStore folders, Settings settings, boolean isHere) {
    return of(folders, settings, isHere, System.getenv());
  }

  /** The same with other variables. */
  static Places of(
      ObjectStore folders, Settings settings, boolean isHere, Map<String, String> environment) {
    Settings.Hub hub = settings.hub();
    HubAccess access =
        HubAccess.of(
            environment, Path.of(System.getProperty("user.home")), hub.endpoint(), hub.cache());
    HubAccess allowed =
        hub.use() == HubUse.NETWORK
            ? access
            : access.closedBecause("the setting hub is " + hub.use().word());
    return new Places(folders, settings.modelRoot(), hub.use(), Hub.of(allowed, isHere));
  }

  /** Reads and writes all of them. */
  ObjectStore store() {
    return RoutingStore.to(folders)
        .withSource(Hub.SCHEME, hub.source())
        .withSource(StageFiles.SCHEME, stageFiles);
  }

  /** Files that stages make, which {@link #store} reads. */
  StageFiles stageFiles() {
    return stageFiles;
  }

  /** Whether it is read from a hub by ranges, so that nobody else finds it but by its name. */
  boolean isStreamed(String named) throws IOException {
    return required(named).path().startsWith(Hub.SCHEME + ":");
  }

  /** Where something lies; of what is not to be had, where it would. */
  Location of(ModelReference named) {
    return answer(named.path()).location();
  }

  /**
   * Where something lies.
   *
   * @throws IOException if it is a hub's, and not to be had
   */
  Location required(String named) throws IOException {
    Answer answer = answer(named);
    if (answer.failure().isPresent()) {
      throw answer.failure().get();
    }
    return answer.location();
  }

  /** The same of a part of a recipe. */
  Location required(ModelReference named) throws IOException {
    return required(named.path());
  }

  /**
   * Opens a checkpoint by its name.
   *
   * @throws IOException if it is a hub's, and not to be had
   */
  Checkpoint checkpoint(String named) throws IOException {
    return CheckpointReader.open(store(), required(named));
  }

  /** Files of this machine that are read, beside its folder, for a model. */
  List<Location> files(ModelReference named) {
    return answer(named.path()).model().map(Hub.Found::files).orElse(List.of());
  }

  /** Where the bytes of a folder come from, if it is a hub's. */
  synchronized Optional<String> origin(Location folder) {
    return answers.values().stream()
        .flatMap(answer -> answer.model().stream())
        .filter(model -> model.folder().equals(folder))
        .map(Hub.Found::origin)
        .findFirst();
  }

  /** What a user should know of all that was looked up. */
  synchronized List<String> notices() {
    return answers.values().stream()
        .flatMap(answer -> answer.notices().stream())
        .distinct()
        .toList();
  }

  private synchronized Answer answer(String named) {
    Answer known = answers.get(named);
    if (known == null) {
      known = look(named);
      answers.put(named, known);
    }
    return known;
  }

  private Answer look(String named) {
    if (named.indexOf('+') > 0) { // adapters on a model: each part is looked up by itself
      return Answer.folder(folder(named));
    }
    if (Hub.isUri(named)) {
      return use == HubUse.OFF ? refused(named) : found(named, new Location(named), "");
    }
    Location folder = folder(named);
    Optional<Answer> unversioned = withoutRevision(named, folder);
    if (unversioned.isPresent()) {
      return unversioned.get();
    }
    boolean canBeOfHub = use != HubUse.OFF && Hub.canName(named) && folder.isPlainPath();
    return canBeOfHub && !isThere(folder)
        ? found(named, folder, "there is no folder %s. ".formatted(folder))
        : Answer.folder(folder);
  }

  /** A folder that is there comes first, also where a revision is named that nobody knows of it. */
  private Optional<Answer> withoutRevision(String named, Location folder) {
    int at = named.lastIndexOf('@');
    if (at <= 0 || !Hub.canName(named) || !folder.isPlainPath() || isThere(folder)) {
      return Optional.empty();
    }
    Location plain = folder(named.substring(0, at));
    return isThere(plain)
        ? Optional.of(
            Answer.folder(
                plain,
                "%s: the folder %s is taken as it is, whichever revision that may be; the hub's is hf://%s"
                    .formatted(named, plain, named)))
        : Optional.empty();
  }

  private static Answer refused(String named) {
    return failed(
        new Location(named),
        new IOException(
            "%s is a model of a hub, and the setting hub is off. Set it to network or cache, or name a folder"
                .formatted(named)));
  }

  private static Answer failed(Location location, IOException failure) {
    return new Answer(location, Optional.empty(), Optional.of(failure), List.of());
  }

  /**
   * Asks the hub.
   *
   * @param otherwise the place of what it does not have
   * @param before what was looked at in vain, for messages
   */
  private Answer found(String named, Location otherwise, String before) {
    try {
      Hub.Found model = hub.find(named);
      return new Answer(model.folder(), Optional.of(model), Optional.empty(), model.notices());
    } catch (UserException e) {
      return failed(otherwise, new IOException(e.getMessage(), e));
    } catch (IOException e) {
      return failed(
          otherwise,
          before.isEmpty()
              ? e
              : new IOException(
                  "%s: %sAs a name of the hub, %s".formatted(named, before, e.getMessage()), e));
    }
  }

  /** The folder that a name would be, if it is one: no hub is asked. */
  Location folder(String named) {
    Location location = new Location(named);
    return location.isRelative() && !modelRoot.isEmpty()
        ? new Location(modelRoot + "/" + named)
        : location;
  }

  private boolean isThere(Location folder) {
    try {
      folders.list(folder);
      return true;
    } catch (NoSuchFileException e) {
      try {
        return folders.find(folder).isPresent();
      } catch (IOException again) {
        return true;
      }
    } catch (IOException e) { // something is, and whoever opens it says what is wrong
      return true;
    }
  }
}
