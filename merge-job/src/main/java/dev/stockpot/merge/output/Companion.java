package dev.stockpot.merge.output;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.WrittenJson;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.NoSuchElementException;
import java.util.Optional;

/** A small file of an output beside its tensors and its configuration: a tokenizer, for one. */
public sealed interface Companion {
  /** Plain, or with the names of folders in front: {@code 1_Pooling/config.json}. */
  String name();

  /** Its bytes, a few megabytes at most. */
  ByteBuffer content(ObjectSource source) throws IOException;

  /** The object that it is a copy of; nothing if a merge makes it. */
  default Optional<StoredObject> stored() {
    return Optional.empty();
  }

  /** A file of a model, as it is. */
  record Copied(String name, StoredObject object) implements Companion {
    public Copied {
      requireNonNull(name, "name is null");
      requireNonNull(object, "object is null");
    }

    @Override
    public Optional<StoredObject> stored() {
      return Optional.of(object);
    }

    @Override
    public ByteBuffer content(ObjectSource source) throws IOException {
      return ByteBuffer.wrap(object.read(source));
    }
  }

  /**
   * The configuration of a part of a model, which names the type of its weights, or does not.
   *
   * @param dtype that all weights get
   */
  record Retyped(String name, StoredObject object, DType dtype) implements Companion {
    public Retyped {
      requireNonNull(name, "name is null");
      requireNonNull(object, "object is null");
      requireNonNull(dtype, "dtype is null");
    }

    @Override
    public ByteBuffer content(ObjectSource source) throws IOException {
      byte[] bytes = object.read(source);
      try {
        JsonObject config = Json.parsePythons(new String(bytes, UTF_8)).object().orElseThrow();
        return TypeWords.isNamed(config)
            ? UTF_8.encode(
                WrittenJson.of(new String(bytes, UTF_8)).with(ConfigEdit.type(dtype).apply(config)))
            : ByteBuffer.wrap(bytes);
      } catch (JsonException | NoSuchElementException e) { // carried as it is: not for us to mend
        return ByteBuffer.wrap(bytes);
      }
    }
  }

  /**
   * A file that the merge makes.
   *
   * @param bytes which nobody changes
   */
  record Made(String name, ByteBuffer bytes) implements Companion {
    public Made {
      requireNonNull(name, "name is null");
      requireNonNull(bytes, "bytes are null");
    }

    @Override
    public ByteBuffer content(ObjectSource source) {
      return bytes.duplicate();
    }
  }
}
