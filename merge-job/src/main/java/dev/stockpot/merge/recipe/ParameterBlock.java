package dev.stockpot.merge.recipe;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A {@code parameters} block: of the recipe, of a slice or of a model in it. */
record ParameterBlock(Map<String, ParameterSetting> settings) {
  public static final ParameterBlock NONE = new ParameterBlock(Map.of());

  public ParameterBlock {
    // not Map.copyOf: the order of the recipe is kept
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
  }

  public Optional<ParameterSetting> setting(String parameter) {
    return Optional.ofNullable(settings.get(parameter));
  }

  public boolean sets(String parameter) {
    return settings.containsKey(parameter);
  }
}
