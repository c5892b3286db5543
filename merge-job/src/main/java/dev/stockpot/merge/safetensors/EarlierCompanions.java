package dev.stockpot.merge.safetensors;

import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What merges of version 0.1 carried along, whose manifests do not list it. */
public final class EarlierCompanions {
  private static final Set<String> NAMES =
      Set.of(
          "added_tokens.json",
          "chat_template.jinja",
          "chat_template.json",
          "config_sentence_transformers.json",
          "feature_extractor_config.json",
          "generation_config.json",
          "merges.txt",
          "modules.json",
          "preprocessor_config.json",
          "processor_config.json",
          "sentence_bert_config.json",
          "sentencepiece.bpe.model",
          "special_tokens_map.json",
          "spiece.model",
          "tekken.json",
          "tokenizer.json",
          "tokenizer.model",
          "tokenizer_config.json",
          "video_preprocessor_config.json",
          "vocab.json",
          "vocab.txt");

  private EarlierCompanions() {}

  /** Those in a folder, whether there is a checkpoint in it or not. */
  public static List<StoredObject> in(ObjectSource store, Location folder) throws IOException {
    FolderFiles files = new FolderFiles(store.list(folder));
    List<StoredObject> companions = new ArrayList<>(files.named(NAMES));
    PartFolders.of(store, folder, files).files().values().forEach(companions::addAll);
    return companions;
  }
}
