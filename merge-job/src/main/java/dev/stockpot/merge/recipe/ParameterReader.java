package dev.stockpot.merge.recipe;

import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.Parameter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Reads {@code parameters} blocks by what a method says of its parameters. */
final class ParameterReader {
  private final Optional<ParameterNames> names;
  private final StrayWords words;

  /** Reads for a method; without one, nothing can be said of parameters and none are read. */
  ParameterReader(Optional<MergeMethod> method, StrayWords words) {
    this.names = method.map(ParameterNames::new);
    this.words = words;
  }

  ParameterBlock read(Section section, Level level) {
    Optional<MapNode> block = section.map("parameters");
    Map<String, ParameterSetting> settings = new LinkedHashMap<>();
    if (block.isPresent() && names.isPresent()) {
      for (MapNode.Entry entry : block.get().entries()) {
        setting(entry, level).ifPresent(setting -> settings.put(entry.key(), setting));
      }
    }
    return new ParameterBlock(settings);
  }

  private Optional<ParameterSetting> setting(MapNode.Entry entry, Level level) {
    if (!words.isOwn(entry, level)) {
      return Optional.empty();
    }
    Parameter<?> parameter = names.orElseThrow().named(entry.key()).orElseThrow();
    return Optional.of(new SettingReader(words).read(parameter, entry));
  }
}
