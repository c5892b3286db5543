package dev.stockpot.merge.adapter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Collections.unmodifiableMap;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.checkpoint.Checkpoint;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.Stored;
import dev.stockpot.merge.safetensors.CheckpointReader;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A LoRA adapter as PEFT writes it: {@code adapter_config.json} and {@code
 * adapter_model.safetensors}, of which the header is read.
 *
 * @param folder where it lies
 * @param file that holds its tensors
 * @param tokenizer files beside it that turn text into numbers and back, by name
 * @param hasTemplate whether a chat template is among them, in whatever file
 */
public record Adapter(
    Location folder,
    AdapterConfig config,
    StoredObject file,
    Map<String, Stored> tensors,
    Map<String, StoredObject> tokenizer,
    boolean hasTemplate) {
  private static final String WEIGHTS = "adapter_model.safetensors";
  private static final String PICKLE = "adapter_model.bin";
  private static final String TOKENIZER_CONFIG = "tokenizer_config.json";
  static final String TEMPLATE = "chat_template";
  private static final int MOST_CONFIG_BYTES = 10 << 20;

  public Adapter {
    tensors = Map.copyOf(tensors);
    tokenizer = unmodifiableMap(new LinkedHashMap<>(tokenizer)); // in the order of the folder
  }

  /**
   * Opens the adapter in a folder.
   *
   * @throws dev.stockpot.merge.UserException if there is none, its files are damaged, or it is of a
   *     form that cannot be baked: all problems together
   */
  public static Adapter open(ObjectSource store, Location folder) throws IOException {
    Map<String, StoredObject> files = new LinkedHashMap<>();
    for (StoredObject file : list(store, folder)) {
      files.put(file.location().name(), file);
    }
    List<String> problems = new ArrayList<>();
    Optional<AdapterConfig> config = Optional.empty();
    if (files.containsKey(AdapterConfig.FILE_NAME)) {
      config = config(store, files.get(AdapterConfig.FILE_NAME), problems);
    } else {
      problems.add(whyNone(store, folder, files));
    }
    StoredObject weights = files.get(WEIGHTS);
    if (weights == null && files.containsKey(AdapterConfig.FILE_NAME)) {
      problems.add(whyNoWeights(files));
    }
    if (config.isEmpty() || weights == null) {
      throw new AdapterException(folder, problems);
    }
    Checkpoint checkpoint = CheckpointReader.openTensors(store, weights.location());
    Map<String, Stored> tensors = new LinkedHashMap<>();
    for (TensorInfo tensor : checkpoint.tensors().values()) {
      tensors.put(tensor.name(), new Stored(tensor));
    }
    Map<String, StoredObject> tokenizer = Model.tokenizer(files);
    return new Adapter(
        folder, config.get(), weights, tensors, tokenizer, hasTemplate(store, tokenizer));
  }

  /** Whether a folder holds an adapter. */
  public static boolean isAt(ObjectSource store, Location folder) {
    try {
      return store.find(folder.child(AdapterConfig.FILE_NAME)).isPresent();
    } catch (IOException e) {
      return false;
    }
  }

  /** What the adapter calls the model that it was trained on; may be empty. */
  public String baseName() {
    return config.base();
  }

  /** What to say to somebody who names an adapter as a model. */
  public static UserException alone(ObjectSource store, Location folder) throws IOException {
    String base = open(store, folder).config().base();
    return new AdapterException(
        folder,
        List.of(
            "it is no model, but changes one%s; write that before it, joined by a plus: %s+%s"
                .formatted(
                    base.isEmpty() ? "" : ", " + base, base.isEmpty() ? "BASE" : base, folder)));
  }

  private static List<StoredObject> list(ObjectSource store, Location folder) throws IOException {
    try {
      return store.list(folder);
    } catch (NoSuchFileException e) {
      throw new AdapterException(
          folder, List.of("there is no such folder. Check the name after the `+`"));
    }
  }

  private static boolean hasTemplate(ObjectSource store, Map<String, StoredObject> files)
      throws IOException {
    StoredObject config = files.get(TOKENIZER_CONFIG);
    return files.keySet().stream().anyMatch(name -> name.startsWith(TEMPLATE))
        || (config != null
            && config.size() <= MOST_CONFIG_BYTES
            && new String(config.read(store), UTF_8).contains("\"" + TEMPLATE + "\""));
  }

  private static Optional<AdapterConfig> config(
      ObjectSource store, StoredObject file, List<String> problems) throws IOException {
    if (file.size() > MOST_CONFIG_BYTES) {
      problems.add(
          "%s has %s bytes, must have at most %s. Look whether it is another file by mistake"
              .formatted(AdapterConfig.FILE_NAME, file.size(), MOST_CONFIG_BYTES));
      return Optional.empty();
    }
    return AdapterConfig.parse(new String(file.read(store), UTF_8), problems);
  }

  /** An adapter that is not called default lies in a folder of its name. */
  private static String whyNone(
      ObjectSource store, Location folder, Map<String, StoredObject> files) throws IOException {
    for (Location below : store.folders(folder)) {
      if (store.find(below.child(AdapterConfig.FILE_NAME)).isPresent()) {
        return "it has no %s, but its folder %s has; name that one"
            .formatted(AdapterConfig.FILE_NAME, below.name());
      }
    }
    return files.containsKey("config.json")
        ? "it is a model, not an adapter; what follows a `+` must hold %s"
            .formatted(AdapterConfig.FILE_NAME)
        : "it has no %s; name the folder that `save_pretrained` of the peft library wrote"
            .formatted(AdapterConfig.FILE_NAME);
  }

  private static String whyNoWeights(Map<String, StoredObject> files) {
    return files.containsKey(PICKLE)
        ? "its weights are a pickle, %s. Pickles are never opened here, because opening one runs the code in it. Load the adapter with the peft library where you trust it, and save it again with `save_pretrained`"
            .formatted(PICKLE)
        : "it has no %s. Fetch it".formatted(WEIGHTS);
  }
}
