package dev.stockpot.merge.settings;

import static java.util.Objects.requireNonNull;

import com.typesafe.config.ConfigResolver;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import dev.stockpot.merge.UserException;
import java.util.Map;

/**
 * Variables of the environment that a recipe may ask for. A recipe comes from anywhere, and what it
 * takes stands in manifests and cards: so it gets those that were set for it, and no keys.
 *
 * @param source in messages
 */
record RecipeVariables(String source, Map<String, String> environment) implements ConfigResolver {
  static final String PREFIX = "STOCKPOT_";

  RecipeVariables {
    requireNonNull(source, "source is null");
    environment = Map.copyOf(environment);
  }

  /**
   * Of this process.
   *
   * @param source in messages
   */
  static RecipeVariables here(String source) {
    return new RecipeVariables(source, System.getenv());
  }

  /**
   * The value; nothing where there is no such variable.
   *
   * @throws UserException if there is one that was not set for recipes
   */
  @Override
  public ConfigValue lookup(String name) {
    if (!environment.containsKey(name)) {
      return null;
    }
    if (!name.startsWith(PREFIX)) {
      throw new UserException(
          "%s: ${%s} is a variable of the environment that was not set for recipes, which see those alone whose names begin with %s. Set %s%s and write that, or write the value"
              .formatted(source, name, PREFIX, PREFIX, name));
    }
    return ConfigValueFactory.fromAnyRef(environment.get(name), "variable " + name);
  }

  @Override
  public ConfigResolver withFallback(ConfigResolver other) {
    return this;
  }
}
