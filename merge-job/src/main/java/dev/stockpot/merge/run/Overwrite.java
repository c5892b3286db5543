package dev.stockpot.merge.run;

import dev.stockpot.merge.commit.EarlierOutput;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.Replaceable;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** What may be replaced of what an output folder holds, once the new one is whole. */
public enum Overwrite {
  /** Nothing: the folder has to be new or empty. */
  NOTHING {
    @Override
    Replaceable in(ObjectStore store, Location folder, Consumer<String> notices) {
      return Replaceable.NOTHING;
    }
  },

  /** What an earlier Stockpot wrote there. */
  OURS {
    @Override
    Replaceable in(ObjectStore store, Location folder, Consumer<String> notices)
        throws IOException {
      return EarlierOutput.in(store, folder);
    }
  },

  /** Whatever is there; a notice says what goes beside what is ours. */
  ANYTHING {
    @Override
    Replaceable in(ObjectStore store, Location folder, Consumer<String> notices)
        throws IOException {
      Set<String> all = store.tree(folder, Integer.MAX_VALUE);
      List<String> others = EarlierOutput.in(store, folder).foreign(all);
      if (!others.isEmpty()) {
        notices.accept(
            "%s, once the new one is whole, loses %s"
                .formatted(folder, Replaceable.described(others)));
      }
      return Replaceable.of(all);
    }
  };

  /** What of a folder may go. */
  abstract Replaceable in(ObjectStore store, Location folder, Consumer<String> notices)
      throws IOException;
}
