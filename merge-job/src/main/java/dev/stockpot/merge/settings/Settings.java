package dev.stockpot.merge.settings;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.merge.recipe.LostKeys;
import dev.stockpot.merge.recipe.MissingTensors;
import dev.stockpot.merge.recipe.UnknownKeys;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Settings of the job, read once. {@code reference.conf} says what each means and has the defaults.
 */
public record Settings(
    long shardSize,
    long partSize,
    long taskMemory,
    int chunkElements,
    int tasks,
    Provider provider,
    Gpu gpu,
    long seed,
    Rounding.Mode rounding,
    MissingTensors missingTensors,
    LostKeys lostKeys,
    UnknownKeys unknownKeys,
    OtherLeftovers otherLeftovers,
    boolean checkFinite,
    boolean report,
    boolean sha256,
    Trials trials,
    String modelRoot,
    Hub hub) {

  /**
   * How the GPU of an executor is used.
   *
   * @param tasks at once
   * @param pinnedMemory bytes
   * @param isRequested whether Spark is asked for executors that have one
   */
  public record Gpu(int tasks, long pinnedMemory, boolean isRequested) {}

  /**
   * How soups and searches are tried.
   *
   * @param candidates that may lie beside the output at once
   * @param scoreCache folder of scores that later trials know, too; empty for none
   */
  public record Trials(int candidates, String scoreCache) {}

  /**
   * Where models are that are no folders.
   *
   * @param endpoint address of the hub; empty for {@code HF_ENDPOINT} or the public one
   * @param cache folder of its cache; empty for that of the hub's own programs
   */
  public record Hub(HubUse use, String endpoint, String cache) {}

  public Settings {
    requireNonNull(provider, "provider is null");
    requireNonNull(gpu, "gpu is null");
    requireNonNull(rounding, "rounding is null");
    requireNonNull(missingTensors, "missingTensors is null");
    requireNonNull(lostKeys, "lostKeys is null");
    requireNonNull(unknownKeys, "unknownKeys is null");
    requireNonNull(otherLeftovers, "otherLeftovers is null");
    requireNonNull(trials, "trials is null");
    requireNonNull(modelRoot, "modelRoot is null");
    requireNonNull(hub, "hub is null");
  }

  /**
   * Settings from, in order of precedence: the given overrides, system properties, Spark's
   * configuration, a file, the defaults.
   *
   * @param overrides values by key, without {@code stockpot.} in front
   * @throws dev.stockpot.merge.UserException if a key or a value makes no sense
   */
  public static Settings load(Map<String, String> overrides, Optional<Path> file) {
    return SettingsReader.read(overrides, file);
  }

  /**
   * The same with the text of a file that is not of this machine, and so includes nothing.
   *
   * @param source where the text is from
   */
  public static Settings load(Map<String, String> overrides, String source, String text) {
    return SettingsReader.read(overrides, source, text);
  }

  /** Who is to compute, as settings and logs write it. */
  public String kernels() {
    return provider.word();
  }

  /** These, for merges that nobody looks at. */
  public Settings withoutReport() {
    return new Settings(
        shardSize,
        partSize,
        taskMemory,
        chunkElements,
        tasks,
        provider,
        gpu,
        seed,
        rounding,
        missingTensors,
        lostKeys,
        unknownKeys,
        otherLeftovers,
        checkFinite,
        /* report= */ false,
        /* sha256= */ false,
        trials,
        modelRoot,
        hub);
  }

  /** The settings that change the output's bytes, as text by key. */
  public Map<String, String> bytesHangOn() {
    return Setting.bytesHangOn(this);
  }
}
