package dev.stockpot.merge.commit;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.checkpoint.Checkpoint;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.safetensors.CheckpointReader;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import java.io.IOException;
import java.util.List;

/** The files of tensors that lie beside a manifest. */
final class ManifestedFiles {
  private ManifestedFiles() {}

  /** What a manifest is of; the file of an adapter is no checkpoint by itself. */
  static Checkpoint of(ObjectSource store, Location folder, JsonObject manifest)
      throws IOException {
    List<JsonObject> shards = manifest.objects("shards");
    if (!AdapterModules.areIn(manifest) || shards.size() != 1) {
      return CheckpointReader.open(store, folder);
    }
    try {
      Location file = folder.child(shards.get(0).text("file"));
      Checkpoint alone = CheckpointReader.openTensors(store, file);
      return new Checkpoint(folder, alone.shards(), alone.tensors(), "");
    } catch (IllegalArgumentException e) { // whoever wrote the manifest, it was not us
      throw new UserException("%s names no file of an adapter".formatted(folder), e);
    }
  }
}
