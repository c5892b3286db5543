package dev.stockpot.merge.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A model as the hub lists it now. */
final class ListedModel {
  private ListedModel() {}

  /**
   * Asks the hub what is in a model.
   *
   * @param cache from which those of its files are read that are there
   */
  static Snapshot of(HubName name, HubApi api, Optional<HubCache> cache) throws IOException {
    String commit = HubPlace.isCommit(name.revision()) ? name.revision() : api.commit(name);
    HubPlace repository = name.at(commit).repository();
    Map<String, HubFile> files = api.files(repository);
    Map<String, String> there = new HashMap<>();
    if (cache.isPresent() && Files.isDirectory(cache.get().snapshots(repository))) {
      Snapshot cached = cache.get().snapshot(repository);
      there.putAll(cached.cached());
      there.keySet().removeIf(path -> !isSame(files.get(path), cached.files().get(path)));
    }
    return Snapshot.of(repository, files, there);
  }

  private static boolean isSame(HubFile listed, HubFile cached) {
    return listed != null
        && listed.size() == cached.size()
        && (cached.digest().isEmpty() || listed.digest().equals(cached.digest()));
  }
}
