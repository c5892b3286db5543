package dev.stockpot.merge.gguf;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.RangeReader;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * A GGUF file with its header read: what it says, and where its tensors lie. Dimensions are slowest
 * first, as everywhere here.
 *
 * @param metadata texts, whole numbers ({@code Long}), numbers ({@code Double}) and flags by key;
 *     of lists see {@link #lengths}
 * @param texts lists of texts that are short enough to be kept
 * @param lengths how many values each list has
 * @param tensors by name, in the file's order
 * @see <a href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md">GGUF</a>
 */
public record GgufFile(
    StoredObject file,
    Map<String, Object> metadata,
    Map<String, List<String>> texts,
    Map<String, Integer> lengths,
    Map<String, TensorInfo> tensors) {
  private static final String ENDING = ".gguf";

  public GgufFile {
    requireNonNull(file, "file is null");
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    texts = Map.copyOf(texts);
    lengths = Map.copyOf(lengths);
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }

  /** Whether a file is called so. */
  public static boolean isNamed(String name) {
    return name.toLowerCase(Locale.ROOT).endsWith(ENDING);
  }

  /**
   * Reads the header of a file.
   *
   * @throws dev.stockpot.merge.UserException if it breaks a rule of the format, or holds tensors of
   *     quantised types
   * @throws NoSuchFileException if there is none
   */
  public static GgufFile open(ObjectSource store, Location place) throws IOException {
    StoredObject file =
        store.find(place).orElseThrow(() -> new NoSuchFileException(place.toString()));
    try (RangeReader reader = store.open(file)) {
      return new GgufHeader(file, reader).read();
    }
  }

  /** A text; empty if it says nothing under that key. */
  public String text(String key) {
    return metadata.get(key) instanceof String text ? text : "";
  }

  /** A whole number. */
  public OptionalLong whole(String key) {
    return metadata.get(key) instanceof Long number
        ? OptionalLong.of(number)
        : OptionalLong.empty();
  }

  /** A number. */
  public OptionalDouble number(String key) {
    return metadata.get(key) instanceof Double number
        ? OptionalDouble.of(number)
        : OptionalDouble.empty();
  }

  /** What kind of model it is, as llama.cpp calls them: {@code llama}, {@code qwen2}, … */
  public Optional<String> architecture() {
    return Optional.of(text("general.architecture")).filter(name -> !name.isEmpty());
  }

  /** Whether it is an importance matrix: sums over what a model computed, and no model. */
  public boolean isImatrix() {
    return text("general.type").equals("imatrix");
  }
}
