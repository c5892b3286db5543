package dev.stockpot.merge.run;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.recipe.DTypeWord;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How to merge, beside what the recipe says. {@link #DEFAULT} and the methods that change one thing
 * of it make all others.
 *
 * @param overwrite what may be replaced of what the output folder holds
 * @param resume whether to go on where an earlier merge into the folder stopped, and to keep what
 *     is finished if this one fails
 * @param dtype of the merged floating-point tensors: {@code bfloat16}, {@code float16}, {@code
 *     float32} or {@code float64}; empty where the recipe decides
 * @param settings of the job by key, as {@code reference.conf} lists them: {@code shard-size},
 *     {@code seed}, …
 * @param settingsFile more settings in HOCON, which those before take precedence of
 * @param keepsStages whether stages of the recipe are written as models, too, beside the output
 */
public record MergeOptions(
    Overwrite overwrite,
    boolean resume,
    Optional<String> dtype,
    Map<String, String> settings,
    Optional<String> settingsFile,
    boolean keepsStages) {
  /** A new folder, merged from its beginning, with the settings that everybody has. */
  public static final MergeOptions DEFAULT =
      new MergeOptions(
          Overwrite.NOTHING, false, Optional.empty(), Map.of(), Optional.empty(), false);

  public MergeOptions {
    requireNonNull(overwrite, "overwrite is null");
    requireNonNull(dtype, "dtype is null");
    requireNonNull(settingsFile, "settingsFile is null");
    settings = Map.copyOf(settings);
  }

  /** These, for a caller that has no constants: {@link #DEFAULT}. */
  public static MergeOptions defaults() {
    return DEFAULT;
  }

  /** These, and an earlier output in the folder may be replaced. */
  public MergeOptions overwriting() {
    return replacing(Overwrite.OURS);
  }

  /** These, with what may be replaced in the output folder. */
  public MergeOptions replacing(Overwrite replaced) {
    return new MergeOptions(replaced, resume, dtype, settings, settingsFile, keepsStages);
  }

  /** These, and the merge goes on where an earlier one stopped. */
  public MergeOptions resuming() {
    return new MergeOptions(overwrite, true, dtype, settings, settingsFile, keepsStages);
  }

  /** These, and each stage of the recipe is written as a model of its own, beside the output. */
  public MergeOptions keepingStages() {
    return keepingStages(true);
  }

  MergeOptions keepingStages(boolean areKept) {
    return new MergeOptions(overwrite, resume, dtype, settings, settingsFile, areKept);
  }

  /** These, with a type of the output. */
  public MergeOptions withDtype(String word) {
    return new MergeOptions(
        overwrite, resume, Optional.of(word), settings, settingsFile, keepsStages);
  }

  /**
   * What {@link #dtype} says.
   *
   * @throws UserException if it says none
   */
  Optional<DType> parsedDtype() {
    Optional<DType> parsed = dtype.flatMap(DTypeWord::parse);
    if (parsed.isEmpty() && dtype.isPresent()) {
      throw new UserException(
          "dtype is %s, %s".formatted(dtype.get(), DTypeWord.remedy(dtype.get())));
    }
    return parsed;
  }

  /** These, with one setting more. */
  public MergeOptions withSetting(String key, Object value) {
    Map<String, String> more = new LinkedHashMap<>(settings);
    more.put(key, String.valueOf(value));
    return new MergeOptions(overwrite, resume, dtype, more, settingsFile, keepsStages);
  }

  /** These, with more settings. */
  public MergeOptions withSettings(Map<String, ?> values) {
    MergeOptions more = this;
    for (Map.Entry<String, ?> value : values.entrySet()) {
      more = more.withSetting(value.getKey(), value.getValue());
    }
    return more;
  }

  /** These, with the settings of a file of this machine or of a store. */
  public MergeOptions withSettingsFile(String location) {
    return new MergeOptions(overwrite, resume, dtype, settings, Optional.of(location), keepsStages);
  }
}
